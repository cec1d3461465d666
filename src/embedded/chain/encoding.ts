import { hash } from 'node:crypto'
import { bech32 } from '@scure/base'

/** SHA-256 as upper-case hex, the way CometBFT writes hashes. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex').toUpperCase()
}

/** SHA-256 of nothing: what headers hold where there is nothing to hash. */
export const emptyHash: string = sha256Hex('')

export function hexToBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64')
}

/** Times before the first block. */
export const epochTime = '1970-01-01T00:00:00Z'

/**
 * RFC 3339 with up to nine fractional digits and no trailing zeros, as Go prints it. Wall clocks here have
 * milliseconds; `salt` fills the six digits below so that times look and parse like a node's.
 */
export function rfc3339Nano(ms: number, salt: number): string {
  const below = String(100_000 + ((Math.imul(salt + 1, 2_654_435_761) >>> 0) % 900_000))
  return `${new Date(ms).toISOString().slice(0, -1)}${below}Z`.replace(/0+Z$/, 'Z')
}

/** 40 lower-case hex digits of a `sei1…` (or other prefix) address; `undefined` when it does not decode. */
export function accountHex(address: string): string | undefined {
  const decoded = bech32.decodeUnsafe(address as `${string}1${string}`)
  if (decoded === undefined) return undefined
  const bytes = bech32.fromWordsUnsafe(decoded.words)
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('hex')
}

export function bech32Address(prefix: string, hex: string): string {
  return bech32.encode(prefix, bech32.toWords(Buffer.from(hex, 'hex')))
}
