import { inject } from 'vitest'
import { createClient, type KubeSeiClient } from '../../src/client/client.ts'
import type { ClientNetwork } from '../../src/client/network.ts'
import type { ClientNode } from '../../src/client/node.ts'
import type { Cluster } from '../../src/clusters/cluster.ts'
import { openCluster } from '../../src/clusters/open.ts'
import type { NetworkSpec } from '../../src/contract/spec.ts'

/** A network of three validators that keep an index of transactions, and two followers, all past their gates. */
export interface LiveNetwork {
  readonly cluster: Cluster
  readonly client: KubeSeiClient
  readonly network: ClientNetwork
  readonly followers: readonly ClientNode[]
  close(): Promise<void>
}

/** On a cluster of its own, of the kind that this run of the tests has. */
export async function startLiveNetwork(
  name: string,
  genesis: NetworkSpec['genesis'] = {},
): Promise<LiveNetwork> {
  const cluster = await openCluster({ mode: inject('home').mode, source: 'option' })
  const client = createClient(cluster)
  const close = async (): Promise<void> => {
    client.close()
    await cluster.close()
  }
  try {
    const config = { 'tx_index.indexer': 'kv', 'api.rest.enable': 'true' }
    const network = await client.createNetwork({ name, validators: 3, config, genesis })
    await Promise.all([network.waitReady(), network.waitPhaseReady()])
    const followers = await Promise.all(
      [0, 1].map((ordinal) => client.createNode({ name: `${name}-rpc-${ordinal}`, network: name })),
    )
    await Promise.all(followers.map((node) => node.waitReady()))
    return { cluster, client, network, followers, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The item at `index`; throws where there is none. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new Error(`no item ${index}`)
  return item
}
