import type { SeiNode } from '../contract/crds/head/seinode.ts'
import { servedListeners, type NodeEndpoints } from '../contract/endpoints.ts'
import { serviceUrl } from '../contract/names.ts'
import { ports } from '../contract/ports.ts'
import type { ReachableCluster } from './context.ts'

/**
 * URLs of a node that answer here. `.status.endpoint` is absent on validators, so they are made from the node's
 * headless Service and the listeners its configuration opens. Waits until each can be reached.
 */
export async function reachEndpoints(
  cluster: ReachableCluster,
  node: SeiNode,
  signal: AbortSignal | undefined,
): Promise<NodeEndpoints> {
  const { name, namespace = cluster.namespace } = node.metadata
  const served = servedListeners(modeOf(node), node.spec.overrides)
  const reach = (open: boolean, port: number, scheme: 'http' | 'ws' = 'http'): Promise<string> | undefined =>
    open ? cluster.reach(serviceUrl(name, namespace, port, scheme), signal) : undefined
  const [tendermintRpc, evmJsonRpc, evmWs, tendermintRest] = await Promise.all([
    cluster.reach(serviceUrl(name, namespace, ports.rpc), signal),
    reach(served.evm, ports.evmRpc),
    reach(served.evmWs, ports.evmWs, 'ws'),
    reach(served.rest, ports.rest),
  ])
  const published = node.status?.endpoint
  return {
    tendermintRpc,
    ...(evmJsonRpc === undefined ? {} : { evmJsonRpc }),
    ...(evmWs === undefined ? {} : { evmWs }),
    ...(tendermintRest === undefined ? {} : { tendermintRest }),
    ...(published === undefined ? {} : { published }),
  }
}

/** sei-config's mode of a node: a replayer runs as a full node. */
export function modeOf({ spec }: SeiNode): 'validator' | 'full' | 'archive' | 'seed' {
  if (spec.validator !== undefined) return 'validator'
  if (spec.archive !== undefined) return 'archive'
  return spec.seed === undefined ? 'full' : 'seed'
}
