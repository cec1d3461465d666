import { createECDH, createHash, randomBytes } from 'node:crypto'
import { ripemd160 } from '@noble/hashes/legacy.js'
import { bech32Address } from '../../chain/encoding.ts'
import type { NodeHome } from '../../chain/types.ts'

/**
 * The keys that `seid init` makes: a node id and a consensus key. Nothing is ever signed with them, so random bytes stand
 * for the public keys; addresses are derived from them as CometBFT does.
 */
export function newHome(moniker: string): NodeHome {
  const pubKey = randomBytes(32)
  return {
    nodeId: addressOf(randomBytes(32)).toString('hex'),
    validator: {
      moniker,
      address: addressOf(pubKey).toString('hex').toUpperCase(),
      pubKey: pubKey.toString('base64'),
      power: 0,
    },
    height: 0,
  }
}

/** The account that stakes for a validator: its secp256k1 key, 64 hex digits, and its address. */
export function newOperator(): { key: string; address: string } {
  const ecdh = createECDH('secp256k1')
  ecdh.generateKeys()
  const publicKey = Buffer.from(ecdh.getPublicKey('hex', 'compressed'), 'hex')
  const account = ripemd160(createHash('sha256').update(publicKey).digest())
  return {
    key: ecdh.getPrivateKey('hex').padStart(64, '0'),
    address: bech32Address('sei', Buffer.from(account).toString('hex')),
  }
}

function addressOf(publicKey: Buffer): Buffer {
  return createHash('sha256').update(publicKey).digest().subarray(0, 20)
}
