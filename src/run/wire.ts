import { wireNetwork, wireNode } from '../client/wire.ts'
import type { WireLease } from '../contract/lease.ts'
import type { NetworkEntry } from './network-pool.ts'
import type { RunCluster } from './run-cluster.ts'
import type { Provisioned } from './provision.ts'

/** What a worker is told of its lease. */
export function wireLease(
  run: Pick<RunCluster, 'id' | 'mode' | 'simulated' | 'waitMs' | 'clockUrl' | 'folder'>,
  entry: NetworkEntry,
  { network, followers, admin, traces }: Provisioned,
): WireLease {
  return {
    run: run.id,
    mode: run.mode,
    simulated: run.simulated,
    waitMs: run.waitMs,
    clockUrl: run.clockUrl,
    exclusive: entry.exclusive,
    namespace: network.namespace,
    network: wireNetwork(network, traces),
    followers: followers.map((node) =>
      wireNode(
        node,
        traces.find((trace) => trace.node === node.name),
      ),
    ),
    admin,
    evidenceFolder: run.folder,
  }
}
