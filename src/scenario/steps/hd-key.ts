import { ripemd160 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bech32 } from '@scure/base'
import { HDKey } from '@scure/bip32'
import { generateMnemonic, mnemonicToSeed } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'

/** Where `seid keys add` derives a key from a mnemonic: BIP-44, coin type 118. */
const path = "m/44'/118'/0'/0/0"

export interface Account {
  /** bech32 with the prefix `sei`. */
  readonly address: string
  /** The 20 bytes behind it: ripemd160(sha256(compressed public key)). */
  readonly bytes: Uint8Array
}

/** 24 words, of 256 random bits. */
export function newMnemonic(): string {
  return generateMnemonic(wordlist, 256)
}

/** The account that seid derives from a mnemonic without a passphrase. */
export async function accountOf(mnemonic: string): Promise<Account> {
  const { publicKey } = HDKey.fromMasterSeed(await mnemonicToSeed(mnemonic)).derive(path)
  if (publicKey === null) throw new Error('a derived key has a public key')
  const bytes = ripemd160(sha256(publicKey))
  return { bytes, address: bech32.encode('sei', bech32.toWords(bytes)) }
}
