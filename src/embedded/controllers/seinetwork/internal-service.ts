import type { SeiNetwork } from '../../../contract/crds/head/seinetwork.ts'
import { seiNetworks } from '../../../contract/kinds.ts'
import { annotations, labels } from '../../../contract/labels.ts'
import { aggregateServiceName } from '../../../contract/names.ts'
import type { Service } from '../../../contract/objects.ts'
import { ports } from '../../../contract/ports.ts'
import { controllerReference } from '../runtime/owners.ts'

/**
 * The Service that balances over a network's ready validators. It selects by the frozen legacy label, and offers only what
 * survives balancing: no WebSocket, no gRPC.
 */
export function internalService(network: SeiNetwork): Service {
  const { name, namespace } = network.metadata
  const port = (
    name: string,
    number: number,
  ): { name: string; port: number; protocol: string; targetPort: number } => ({
    name,
    port: number,
    protocol: 'TCP',
    targetPort: number,
  })
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: aggregateServiceName(name),
      ...(namespace === undefined ? {} : { namespace }),
      annotations: { [annotations.managedBy]: 'seinetwork' },
      labels: { [labels.nodeDeployment]: name },
      ownerReferences: [controllerReference(seiNetworks, network)],
    },
    spec: {
      type: 'ClusterIP',
      ports: [port('rpc', ports.rpc), port('evm-http', ports.evmRpc), port('rest', ports.rest)],
      selector: { [labels.nodeDeployment]: name },
    },
  }
}
