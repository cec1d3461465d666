import type { SeiNode } from '../contract/crds/head/seinode.ts'
import type { NodeEndpoints } from '../contract/endpoints.ts'
import type { GateTrace } from '../contract/gates.ts'
import type { NodeHandle } from '../contract/handles.ts'
import { seiNodes } from '../contract/kinds.ts'
import type { Role } from '../contract/labels.ts'
import { endpointsUnknown } from '../probe/endpoints-unknown.ts'
import { createNodeProbe } from '../probe/node-probe.ts'
import type { GateTarget } from '../probe/gate-types.ts'
import type { ClientContext } from './context.ts'
import { deleteAndWait } from './delete.ts'
import { reachEndpoints } from './node-endpoints.ts'
import { createPhaseWatch } from './phase-watch.ts'
import { waitNodes } from './wait-ready.ts'

export interface NodeIdentity {
  readonly name: string
  readonly namespace: string
  readonly role: Role
  readonly chainId: string
  /** Network in whose name progress is reported. */
  readonly network: string
  /** True for a genesis validator: its network's ceremony is part of its own start. */
  readonly founded: boolean
}

/** A node handle of the main process, with what network handles need of their validators. */
export interface ClientNode extends NodeHandle {
  readonly gateTarget: GateTarget
  /** Network in whose name progress is reported. */
  readonly network: string
  /** True for a genesis validator: its network decides over its image. */
  readonly founded: boolean
  /** Learns where the listeners answer; the handle's `endpoints` can be read from then on. */
  resolveEndpoints(signal?: AbortSignal): Promise<NodeEndpoints>
}

export function createNodeHandle(
  context: ClientContext,
  identity: NodeIdentity,
  known: SeiNode | undefined,
): ClientNode {
  const { name, namespace } = identity
  const ref = { name, namespace }
  const watches = context.watches.of(namespace)
  let last = known
  let endpoints: NodeEndpoints | undefined
  const object = (): SeiNode | undefined => watches.nodes.get(ref) ?? last
  const resolveEndpoints = async (signal?: AbortSignal): Promise<NodeEndpoints> => {
    if (endpoints !== undefined) return endpoints
    const node = await watches.nodes.waitFor(() => watches.nodes.get(ref), {
      description: `SeiNode ${name} to exist`,
      timeoutMs: context.budget.phaseMs,
      time: context.time,
      ...(signal === undefined ? {} : { signal }),
    })
    endpoints = await reachEndpoints(context.cluster, node, signal)
    return endpoints
  }
  const probe = createNodeProbe({
    name,
    endpoints: resolveEndpoints,
    waitMs: context.budget.gateMs,
    time: context.time,
  })
  const gateTarget = createGateTarget(context, identity, resolveEndpoints)
  return {
    ...probe,
    name,
    namespace,
    role: identity.role,
    chainId: identity.chainId,
    network: identity.network,
    founded: identity.founded,
    gateTarget,
    resolveEndpoints,
    get endpoints() {
      if (endpoints === undefined) return endpointsUnknown(name)
      // A follower publishes its URLs only once it runs; the cache has them by then.
      const published = object()?.status?.endpoint
      return published === undefined ? endpoints : { ...endpoints, published }
    },
    get object() {
      return object()
    },
    refresh: async () => {
      last = await context.kube.get<SeiNode>(seiNodes, ref)
      return last
    },
    waitReady: async (options) => {
      const [trace] = await waitNodes(context, identity.network, [gateTarget], options)
      return trace as GateTrace
    },
    delete: (permit) =>
      deleteAndWait(context.kube, context.closure(namespace), {
        type: seiNodes,
        ref,
        uid: object()?.metadata.uid,
        permit,
        scope: { nodes: [ref] },
        time: context.time,
      }),
  }
}

function createGateTarget(
  context: ClientContext,
  { name, namespace, role, network, founded }: NodeIdentity,
  endpoints: GateTarget['endpoints'],
): GateTarget {
  const phase = createPhaseWatch(context, { name, namespace, ...(founded ? { network } : {}) })
  return { node: name, role, endpoints, phase, time: context.time }
}
