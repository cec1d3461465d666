import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bech32 } from '@scure/base'
import type { GenesisAccount } from '../contract/crds/head/seinetwork.ts'
import type { WireAdmin } from '../contract/lease.ts'

/** What the admin account holds at genesis: a thousand SEI is spent by no test, and the bank has more. */
const adminBalance = '1000000000000usei'

/** A fresh funded signer for one network. The key exists in memory and in the worker that leases it, nowhere else. */
export function newAdmin(): WireAdmin {
  const secret = secp256k1.utils.randomSecretKey()
  const compressed = secp256k1.getPublicKey(secret, true)
  const uncompressed = secp256k1.getPublicKey(secret, false)
  return {
    address: seiAddress(ripemd160(sha256(compressed))),
    evmAddress: `0x${hex(evmBytes(uncompressed))}`,
    privateKey: `0x${hex(secret)}`,
  }
}

/**
 * Genesis accounts that fund an admin on both sides: under its Sei address, and under the address made of its EVM
 * address's bytes, where Sei keeps the balance of an EVM account until it is associated.
 */
export function adminAccounts(admin: WireAdmin): GenesisAccount[] {
  const cast = seiAddress(Uint8Array.from(Buffer.from(admin.evmAddress.slice(2), 'hex')))
  return [
    { address: admin.address, balance: adminBalance },
    { address: cast, balance: adminBalance },
  ]
}

function evmBytes(uncompressed: Uint8Array): Uint8Array {
  return keccak_256(uncompressed.slice(1)).slice(-20)
}

function seiAddress(bytes: Uint8Array): string {
  return bech32.encode('sei', bech32.toWords(bytes))
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
