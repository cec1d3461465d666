import type { NetworkHandle } from '../../contract/handles.ts'
import type { NetworkEndpoints } from '../../contract/endpoints.ts'
import type { WireNetwork } from '../../contract/lease.ts'
import { endpointsUnknown } from '../../probe/endpoints-unknown.ts'
import { timeOf } from '../../probe/cluster-time.ts'
import { createNetworkProbe } from '../../probe/network-probe.ts'
import { reasonOf, remoteNode, type LeaseWaits } from './node.ts'
import type { LeaseTransport } from './transport.ts'

/** A network as the lease described it: probed directly, everything else asked of the supervisor. */
export function remoteNetwork(
  wire: WireNetwork,
  transport: LeaseTransport,
  lease: LeaseWaits,
): NetworkHandle {
  const { name, namespace, chainId } = wire
  const ref = { name, namespace }
  const validators = wire.validators.map((node) => remoteNode(node, transport, lease))
  let { object, endpoints } = wire
  return {
    ...createNetworkProbe(name, validators, lease.waitMs, timeOf(lease.clockUrl)),
    ...ref,
    chainId,
    validators,
    get endpoints(): NetworkEndpoints {
      return endpoints ?? endpointsUnknown(name)
    },
    get object() {
      return object
    },
    refresh: async () => {
      object = await transport.call('refreshNetwork', ref)
      return object
    },
    waitReady: async ({ timeoutMs, signal } = {}) => {
      const traces = await transport.call('waitNetworkReady', { ...ref, timeoutMs }, signal)
      endpoints ??= (await transport.call('getNetwork', ref, signal)).endpoints
      return traces
    },
    delete: async (permit) => {
      await transport.call('deleteNetwork', { ...ref, reason: reasonOf(permit, `SeiNetwork ${name}`) })
    },
  }
}
