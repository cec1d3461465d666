import { expect, test } from 'vitest'
import { decodeRawTransaction } from './raw-transaction.ts'
import { decodeRlp, encodeRlp, fromBigInt } from './rlp.ts'

/** The example of EIP-155. */
const eip155 =
  'f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83'

test('default: the example of EIP-155 is decoded and its sender recovered', () => {
  expect(decodeRawTransaction(Buffer.from(eip155, 'hex'))).toMatchObject({
    type: 0,
    hash: '0x33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788',
    from: '9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f',
    to: '3535353535353535353535353535353535353535',
    chainId: 1n,
    nonce: 9,
    feeCap: 20_000_000_000n,
    gas: 21_000n,
    value: 1_000_000_000_000_000_000n,
    data: '0x',
  })
})

test('error: bytes that are no transaction', () => {
  const decode = (hex: string): unknown => decodeRawTransaction(Buffer.from(hex, 'hex'))
  expect(() => decode('')).toThrow('empty typed transaction bytes')
  expect(() => decode('03c0')).toThrow('transaction type not supported')
  expect(() => decode('c0')).toThrow('rlp')
  expect(() => decode(eip155.slice(0, -2))).toThrow('rlp')
})

test('error: a contract creation is refused, as nothing here runs code', () => {
  const fields = decodeRlp(Buffer.from(eip155, 'hex'))
  if (fields instanceof Uint8Array) throw new Error('not a list')
  const creation = encodeRlp(fields.map((field, i) => (i === 3 ? new Uint8Array() : field)))
  expect(() => decodeRawTransaction(creation)).toThrow('plain transfers only')
})

test('default: rlp of long strings and lists reads back', () => {
  const items = [
    new Uint8Array(),
    fromBigInt(127n),
    fromBigInt(128n),
    new Uint8Array(300).fill(7),
    [fromBigInt(1n)],
  ]
  expect(JSON.stringify(decodeRlp(encodeRlp(items)))).toBe(
    JSON.stringify(
      items.map((item) => (item instanceof Uint8Array ? Buffer.from(item) : [Buffer.from([1])])),
    ),
  )
})
