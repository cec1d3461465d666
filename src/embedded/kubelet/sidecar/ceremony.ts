import { createHash } from 'node:crypto'
import { p2pAddress } from '../../../contract/names.ts'
import type { ChainGenesis } from '../../chain/types.ts'
import type { ChainArtifacts } from './bucket.ts'
import { isObject, objectList, text, type Params } from './params.ts'

/** Genesis and peer list from every validator's gentx; throws while one has not been uploaded. */
export function assembleGenesis(
  params: Params,
  artifacts: ChainArtifacts,
  chainId: string,
  now: Date,
): { document: ChainGenesis; peers: string[] } {
  const namespace = text(params, 'namespace')
  const names = objectList(params, 'nodes').map((node) => text(node, 'name'))
  if (names.length === 0) throw new Error('missing required parameter nodes')
  const entries = names.map((name) => {
    const entry = artifacts.gentxs.get(name)
    if (entry === undefined) throw new Error(`gentx of ${name} is not in the bucket yet`)
    return { name, ...entry }
  })
  const funded = objectList(params, 'accounts').map((account) => ({
    address: text(account, 'address'),
    balance: text(account, 'balance'),
  }))
  return {
    document: {
      chainId,
      genesisTime: now.toISOString(),
      validators: entries.map((entry) => entry.gentx.validator).filter((validator) => validator.power > 0),
      accounts: [...entries.map((entry) => entry.gentx.account), ...funded],
      overrides: isObject(params.overrides) ? params.overrides : {},
    },
    peers: entries.map((entry) => `${entry.nodeId}@${p2pAddress(entry.name, namespace)}`),
  }
}

export function hashOf(document: ChainGenesis): string {
  return createHash('sha256').update(JSON.stringify(document)).digest('hex')
}
