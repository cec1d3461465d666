import type { SeiNode, SeiNodeStatus } from '../../../contract/crds/head/seinode.ts'
import { serviceUrl } from '../../../contract/names.ts'
import { ports } from '../../../contract/ports.ts'
import { roleOf } from './mode.ts'

/** URLs that a full or archive node publishes once it runs; `undefined` for every other kind. */
export function endpointOf(node: SeiNode): SeiNodeStatus['endpoint'] {
  const role = roleOf(node)
  if (role !== 'node' && role !== 'archive') return undefined
  const { name, namespace = '' } = node.metadata
  return {
    evmJsonRpc: serviceUrl(name, namespace, ports.evmRpc),
    evmWs: serviceUrl(name, namespace, ports.evmWs, 'ws'),
    tendermintRest: serviceUrl(name, namespace, ports.rest),
    tendermintRpc: serviceUrl(name, namespace, ports.rpc),
  }
}
