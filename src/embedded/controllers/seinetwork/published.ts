import type { SeiNetwork, SeiNetworkStatus } from '../../../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import { aggregateServiceName, serviceUrl } from '../../../contract/names.ts'
import { ports } from '../../../contract/ports.ts'

export type PublishedFields = Required<Pick<SeiNetworkStatus, 'internalService' | 'endpoints'>> &
  Pick<SeiNetworkStatus, 'perPodServices'>

/**
 * Where a network is found. URLs are made of names alone and are published long before anything listens; children come
 * in the order of their ordinals.
 */
export function publishedFields(network: SeiNetwork, children: readonly SeiNode[]): PublishedFields {
  const { name: networkName, namespace = '' } = network.metadata
  const service = aggregateServiceName(networkName)
  const names = children.map((child) => child.metadata.name)
  const nodes = names.map((name) => ({
    evmJsonRpc: serviceUrl(name, namespace, ports.evmRpc),
    evmWs: serviceUrl(name, namespace, ports.evmWs, 'ws'),
    name,
  }))
  const perPodServices = names.map((name) => ({
    name,
    namespace,
    ports: { evmHttp: ports.evmRpc, evmWs: ports.evmWs },
  }))
  return {
    internalService: {
      name: service,
      namespace,
      ports: { evmHttp: ports.evmRpc, rest: ports.rest, rpc: ports.rpc },
    },
    endpoints: {
      ...(nodes.length === 0 ? {} : { nodes }),
      tendermintRest: serviceUrl(service, namespace, ports.rest),
      tendermintRpc: serviceUrl(service, namespace, ports.rpc),
    },
    ...(perPodServices.length === 0 ? {} : { perPodServices }),
  }
}
