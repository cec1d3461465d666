import { createHash, randomBytes } from 'node:crypto'
import type { NodeHome } from '../../chain/types.ts'

/**
 * The keys that `seid init` makes: a node id and a consensus key. Nothing is ever signed here, so random bytes stand
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

function addressOf(publicKey: Buffer): Buffer {
  return createHash('sha256').update(publicKey).digest().subarray(0, 20)
}
