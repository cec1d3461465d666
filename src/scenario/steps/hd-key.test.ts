import { HDKey } from '@scure/bip32'
import { mnemonicToSeedSync, validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { expect, test } from 'vitest'
import { isBech32 } from '../../contract/bech32.ts'
import { accountOf, newMnemonic } from './hd-key.ts'

const hex = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('hex')

test('default: 24 words with a right checksum, other ones each time', () => {
  const mnemonic = newMnemonic()
  expect(mnemonic.split(' ')).toHaveLength(24)
  expect(validateMnemonic(mnemonic, wordlist)).toBe(true)
  expect(newMnemonic()).not.toBe(mnemonic)
})

test('behavior: the master key is that of BIP-32 vector 1', () => {
  const master = HDKey.fromMasterSeed(Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'))
  expect(hex(master.privateKey)).toBe('e8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35')
  expect(hex(master.chainCode)).toBe('873dff81c02f525623fd1fe5167eac3a55a049de3d314bb42ee227ffed37d508')
})

test('behavior: the account of the cosmos fundraiser’s first mnemonic', async () => {
  const mnemonic = 'measure slogan connect luggage stereo federal stuff stomach stumble security end differ'
  expect(hex(mnemonicToSeedSync(mnemonic))).toMatch(/^c237f7aa198c5bd560ac8daf5b8421d0/)
  const { address, bytes } = await accountOf(mnemonic)
  expect(hex(bytes)).toBe('72e7d6e9cfa899043a0783752a4876423f8effb8')
  expect(isBech32(address, 'sei')).toBe(true)
})
