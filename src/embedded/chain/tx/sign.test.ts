import { secp256k1 } from '@noble/curves/secp256k1.js'
import { describe, expect, test } from 'vitest'
import { addressesOf } from './addresses.ts'
import { TxError } from './errors.ts'
import { readTx, type ReadOptions } from './read.ts'
import { accountOfKey, proposalIdOf, signTx, txHash, type TxToSign } from './sign.ts'
import { decode, encode } from './wire.ts'

const key = new Uint8Array(32)
key[31] = 1
const voter = accountOfKey(key)
const tx: TxToSign = {
  key,
  chainId: 'net-1',
  accountNumber: 3,
  sequence: 7,
  messages: [{ '@type': '/cosmos.gov.v1beta1.MsgVote', proposalId: 300, voter, option: 1 }],
  fee: { amount: [{ denom: 'usei', amount: '10000' }], gas: 200_000 },
  memo: 'by hand',
}
const options: ReadOptions = {
  chainId: 'net-1',
  minGasPrices: '0.01usei',
  signer: () => Promise.resolve({ number: 3, pubKey: undefined }),
}

test('default: both addresses of a key, by the well-known ones of the key 1', () => {
  expect(addressesOf(secp256k1.getPublicKey(key, true))).toEqual({
    account: '751e76e8199196d454941c45d1b3a323f1433bd6',
    evm: '7e5f4552091a69125d5dfcb7b8c2659029395bdf',
  })
})

describe('bytes', () => {
  test('default: fields by number and length, zeros left out, as protobuf has them', () => {
    const bytes = encode('MsgVote', { proposalId: 300, voter: 'sei1', option: 1 })
    expect(Buffer.from(bytes).toString('hex')).toBe('08ac021204736569311801')
    expect(encode('Coin', { denom: '', amount: '' })).toHaveLength(0)
  })

  test('behavior: unknown fields are skipped, absent ones zero', () => {
    const more = Buffer.concat([
      encode('Coin', { denom: 'usei', amount: '' }),
      Buffer.from('9a0603616263', 'hex'),
    ])
    expect(decode('Coin', more)).toEqual({ denom: 'usei', amount: '' })
  })

  test('error: a field of another kind', () => {
    expect(() => decode('MsgVote', Buffer.from('0a0161', 'hex'))).toThrow(
      /wrong wireType = 2 for field proposalId/,
    )
  })

  test('default: the id of a proposal is in its result', () => {
    const answer = {
      msgType: '/cosmos.gov.v1beta1.MsgSubmitProposal',
      data: encode('MsgSubmitProposalResponse', { proposalId: 12 }),
    }
    expect(proposalIdOf(Buffer.from(encode('TxMsgData', { data: [answer] })).toString('base64'))).toBe(12)
    expect(proposalIdOf('')).toBeUndefined()
  })
})

describe('a signed transaction', () => {
  test('default: it reads as it was signed, and the same input gives the same bytes', async () => {
    const bytes = signTx(tx)
    expect(txHash(signTx(tx))).toBe(txHash(bytes))
    expect(await readTx(bytes, options)).toMatchObject({
      account: '751e76e8199196d454941c45d1b3a323f1433bd6',
      isSigned: true,
      sequence: 7,
      gas: 200_000,
      fee: [{ denom: 'usei', amount: '10000' }],
      memo: 'by hand',
      messages: tx.messages,
    })
  })

  test.for([
    ['chain id', { chainId: 'net-2' }],
    ['account number', { accountNumber: 4 }],
  ] as const)('error: a signature for another %s', async ([, change]) => {
    expect(await readTx(signTx({ ...tx, ...change }), options)).toMatchObject({ isSigned: false })
  })

  test('error: a changed body, a type nobody knows, no messages', async () => {
    const raw = decode('TxRaw', signTx(tx))
    const body = decode('TxBody', raw.bodyBytes)
    const withBody = (change: Partial<typeof body>): Uint8Array =>
      encode('TxRaw', { ...raw, bodyBytes: encode('TxBody', { ...body, ...change }) })
    expect(await readTx(withBody({ memo: 'other' }), options)).toMatchObject({ isSigned: false })
    const unknown = { typeUrl: '/cosmos.staking.v1beta1.MsgDelegate', value: new Uint8Array() }
    await expect(readTx(withBody({ messages: [unknown] }), options)).rejects.toMatchObject({
      code: 2,
      message: 'unable to resolve type URL /cosmos.staking.v1beta1.MsgDelegate: tx parse error',
    })
    await expect(readTx(withBody({ messages: [] }), options)).rejects.toBeInstanceOf(TxError)
  })
})
