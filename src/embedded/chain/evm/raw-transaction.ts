import { createHash } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { EvmTx } from '../messages.ts'
import { decodeRlp, encodeRlp, fromBigInt, toBigInt, type RlpItem } from './rlp.ts'

interface Unsigned {
  readonly type: EvmTx['type']
  readonly chainId: bigint | undefined
  readonly nonce: bigint
  readonly tipCap: bigint
  readonly feeCap: bigint
  readonly gas: bigint
  readonly to: Uint8Array
  readonly value: bigint
  readonly data: Uint8Array
  /** What was signed. */
  readonly payload: Uint8Array
  readonly yParity: number
  readonly v: bigint
  readonly r: bigint
  readonly s: bigint
}

/**
 * Decodes a signed transfer of type 0, 1 or 2 and recovers its sender. Throws with go-ethereum's words where it has
 * some; contract creation and other types are refused, as nothing here runs code.
 */
export function decodeRawTransaction(raw: Uint8Array): EvmTx {
  const tx = parse(raw)
  if (tx.to.length !== 20)
    throw new Error('contract creation is not available on a simulated chain: it runs plain transfers only')
  if (tx.nonce > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('nonce has max value')
  const key = recover(tx)
  return {
    type: tx.type,
    hash: `0x${hex(keccak_256(raw))}`,
    from: hex(keccak_256(key.uncompressed.subarray(1)).subarray(12)),
    fromAccount: hex(ripemd160(createHash('sha256').update(key.compressed).digest())),
    to: hex(tx.to),
    value: tx.value,
    nonce: Number(tx.nonce),
    gas: tx.gas,
    feeCap: tx.feeCap,
    tipCap: tx.tipCap,
    chainId: tx.chainId,
    data: `0x${hex(tx.data)}`,
    v: tx.v,
    r: tx.r,
    s: tx.s,
    yParity: tx.yParity,
  }
}

function parse(raw: Uint8Array): Unsigned {
  const [first] = raw
  if (first === undefined) throw new Error('empty typed transaction bytes')
  if (first >= 0xc0) return parseLegacy(fieldsOf(raw, 9))
  if (first === 1) return parseTyped(1, fieldsOf(raw.subarray(1), 11))
  if (first === 2) return parseTyped(2, fieldsOf(raw.subarray(1), 12))
  throw new Error('transaction type not supported')
}

function fieldsOf(bytes: Uint8Array, count: number): readonly RlpItem[] {
  const item = decodeRlp(bytes)
  if (item instanceof Uint8Array || item.length !== count)
    throw new Error('rlp: expected input list for types.TxData')
  return item
}

function parseLegacy(fields: readonly RlpItem[]): Unsigned {
  const number = reader(fields)
  const v = number(6)
  const chainId = v >= 35n ? (v - 35n) / 2n : undefined
  const replay = chainId === undefined ? [] : [fromBigInt(chainId), new Uint8Array(), new Uint8Array()]
  return {
    type: 0,
    chainId,
    nonce: number(0),
    tipCap: number(1),
    feeCap: number(1),
    gas: number(2),
    to: bytesAt(fields, 3),
    value: number(4),
    data: bytesAt(fields, 5),
    payload: encodeRlp([...fields.slice(0, 6), ...replay]),
    yParity: Number(chainId === undefined ? v - 27n : (v - 35n) % 2n),
    v,
    r: number(7),
    s: number(8),
  }
}

/** Types 1 and 2 differ in one field: a price, or a tip and a cap. */
function parseTyped(type: 1 | 2, fields: readonly RlpItem[]): Unsigned {
  const number = reader(fields)
  const at = type === 2 ? 1 : 0
  return {
    type,
    chainId: number(0),
    nonce: number(1),
    tipCap: number(2),
    feeCap: number(2 + at),
    gas: number(3 + at),
    to: bytesAt(fields, 4 + at),
    value: number(5 + at),
    data: bytesAt(fields, 6 + at),
    payload: Buffer.concat([Uint8Array.of(type), encodeRlp(fields.slice(0, 8 + at))]),
    yParity: Number(number(8 + at)),
    v: number(8 + at),
    r: number(9 + at),
    s: number(10 + at),
  }
}

function reader(fields: readonly RlpItem[]): (index: number) => bigint {
  return (index) => toBigInt(bytesAt(fields, index))
}

function bytesAt(fields: readonly RlpItem[], index: number): Uint8Array {
  const item = fields[index]
  if (!(item instanceof Uint8Array)) throw new Error('rlp: expected input string or byte')
  return item
}

function recover({ payload, yParity, r, s }: Unsigned): { compressed: Uint8Array; uncompressed: Uint8Array } {
  try {
    const point = new secp256k1.Signature(r, s).addRecoveryBit(yParity).recoverPublicKey(keccak_256(payload))
    return { compressed: point.toBytes(true), uncompressed: point.toBytes(false) }
  } catch (error) {
    throw new Error('invalid transaction v, r, s values', { cause: error })
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
