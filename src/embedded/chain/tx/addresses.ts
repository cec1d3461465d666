import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'

/** Both addresses of one public key, 40 lower-case hex digits each. */
export interface KeyAddresses {
  readonly account: string
  readonly evm: string
}

/** @param publicKey compressed or not; throws when it is no point of the curve */
export function addressesOf(publicKey: Uint8Array): KeyAddresses {
  const point = secp256k1.Point.fromBytes(publicKey)
  return {
    account: hex(ripemd160(sha256(point.toBytes(true)))),
    evm: hex(keccak_256(point.toBytes(false).subarray(1)).subarray(12)),
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
