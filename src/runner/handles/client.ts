import type { SeiClient } from '../../contract/handles.ts'
import type { WireLease } from '../../contract/lease.ts'
import { remoteNetwork } from './network.ts'
import { remoteNode } from './node.ts'
import { remoteTasks } from './tasks.ts'
import type { LeaseTransport } from './transport.ts'

/** The `sei` fixture: the run's client, asked over the lease API. What it creates belongs to the run. */
export function remoteClient(lease: WireLease, transport: LeaseTransport): SeiClient {
  const { mode, simulated, waitMs, namespace: home } = lease
  return {
    mode,
    simulated,
    namespace: home,
    tasks: remoteTasks(transport),
    createNetwork: async (spec) =>
      remoteNetwork(await transport.call('createNetwork', { spec }), transport, waitMs),
    createNode: async (spec) => remoteNode(await transport.call('createNode', { spec }), transport, waitMs),
    getNetwork: async (name, namespace = home) =>
      remoteNetwork(await transport.call('getNetwork', { name, namespace }), transport, waitMs),
    getNode: async (name, namespace = home) =>
      remoteNode(await transport.call('getNode', { name, namespace }), transport, waitMs),
  }
}
