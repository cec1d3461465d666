import type { SeiClient } from '../../contract/handles.ts'
import type { WireLease } from '../../contract/lease.ts'
import { advance } from '../../probe/advance.ts'
import { remoteNetwork } from './network.ts'
import { remoteNode } from './node.ts'
import { remoteTasks } from './tasks.ts'
import type { LeaseTransport } from './transport.ts'

/** The `sei` fixture: the run's client, asked over the lease API. What it creates belongs to the run. */
export function remoteClient(lease: WireLease, transport: LeaseTransport): SeiClient {
  const { mode, simulated, clockUrl, namespace: home } = lease
  return {
    mode,
    simulated,
    namespace: home,
    advance: (ms, signal) => advance(clockUrl, ms, signal),
    tasks: remoteTasks(transport),
    createNetwork: async (spec) =>
      remoteNetwork(await transport.call('createNetwork', { spec }), transport, lease),
    createNode: async (spec) => remoteNode(await transport.call('createNode', { spec }), transport, lease),
    getNetwork: async (name, namespace = home) =>
      remoteNetwork(await transport.call('getNetwork', { name, namespace }), transport, lease),
    getNode: async (name, namespace = home) =>
      remoteNode(await transport.call('getNode', { name, namespace }), transport, lease),
  }
}
