import { permitProblem } from '../../contract/check-permit.ts'
import type { NodeHandle } from '../../contract/handles.ts'
import type { WireLease, WireNode } from '../../contract/lease.ts'
import type { NodeEndpoints } from '../../contract/endpoints.ts'
import type { DeletePermit } from '../../contract/seal.ts'
import { usageError } from '../../errors/sei-error.ts'
import { endpointsUnknown } from '../../probe/endpoints-unknown.ts'
import { timeOf } from '../../probe/cluster-time.ts'
import { createNodeProbe } from '../../probe/node-probe.ts'
import type { LeaseTransport } from './transport.ts'

/** How a lease says waits are measured. */
export type LeaseWaits = Pick<WireLease, 'waitMs' | 'clockUrl'>

/**
 * A node as the lease described it: probed directly, everything else asked of the supervisor. Height waits last `waitMs`
 * by default.
 */
export function remoteNode(
  wire: WireNode,
  transport: LeaseTransport,
  { waitMs, clockUrl }: LeaseWaits,
): NodeHandle {
  const { name, namespace, role, chainId } = wire
  const ref = { name, namespace }
  let { object, endpoints } = wire
  const learn = async (signal?: AbortSignal): Promise<NodeEndpoints> => {
    if (endpoints !== undefined) return endpoints
    const fresh = await transport.call('getNode', ref, signal)
    endpoints = fresh.endpoints
    object = fresh.object ?? object
    return endpoints ?? endpointsUnknown(name)
  }
  return {
    ...createNodeProbe({ name, endpoints: learn, waitMs, time: timeOf(clockUrl) }),
    ...ref,
    role,
    chainId,
    get endpoints() {
      return endpoints ?? endpointsUnknown(name)
    },
    get object() {
      return object
    },
    refresh: async () => {
      object = await transport.call('refreshNode', ref)
      return object
    },
    waitReady: async ({ timeoutMs, signal } = {}) => {
      const trace = await transport.call('waitNodeReady', { ...ref, timeoutMs }, signal)
      await learn(signal)
      return trace
    },
    delete: async (permit) => {
      await transport.call('deleteNode', { ...ref, reason: reasonOf(permit, `SeiNode ${name}`) })
    },
  }
}

/**
 * The supervisor records why; a seal stays in its run folder, so that its name is enough. Throws BAD_INPUT where nothing
 * permits the deletion.
 */
export function reasonOf(permit: DeletePermit, what: string): string {
  const problem = permitProblem(permit, what)
  if (problem !== undefined) throw usageError([problem])
  return permit.kind === 'waiver' ? permit.reason : `sealed in ${permit.folder}`
}
