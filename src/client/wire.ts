import type { GateTrace } from '../contract/gates.ts'
import type { NetworkHandle, NodeHandle } from '../contract/handles.ts'
import type { WireNetwork, WireNode } from '../contract/lease.ts'
import { isUsage } from '../errors/guards.ts'

/** A node as the lease API carries it; its endpoints are left out until they are known. */
export function wireNode(node: NodeHandle, trace?: GateTrace): WireNode {
  const { name, namespace, chainId, role, object } = node
  return { name, namespace, chainId, role, endpoints: ifKnown(() => node.endpoints), object, trace }
}

/** A network as the lease API carries it, with the traces of its nodes where they are there. */
export function wireNetwork(network: NetworkHandle, traces: readonly GateTrace[] = []): WireNetwork {
  const { name, namespace, chainId, object, validators } = network
  return {
    name,
    namespace,
    chainId,
    object,
    endpoints: ifKnown(() => network.endpoints),
    validators: validators.map((node) =>
      wireNode(
        node,
        traces.find((trace) => trace.node === node.name),
      ),
    ),
    traces,
  }
}

/** `endpoints` says so by a usage error when they are not known yet. */
function ifKnown<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isUsage(error)) return undefined
    throw error
  }
}
