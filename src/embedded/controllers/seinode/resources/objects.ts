import { apiVersionOf, seiNodes, statefulSets } from '../../../../contract/kinds.ts'
import type { SeiNode } from '../../../../contract/crds/head/seinode.ts'
import { annotations } from '../../../../contract/labels.ts'
import { proxyConfigName } from '../../../../contract/names.ts'
import type { ConfigMap, KubeObject, ObjectMeta, Service, StatefulSet } from '../../../../contract/objects.ts'
import { ports } from '../../../../contract/ports.ts'
import type { Platform } from '../../platform.ts'
import { controllerReference } from '../../runtime/owners.ts'
import { dataClaimOf } from '../mode.ts'
import { nodeLabels, selectorLabels } from './labels.ts'
import { nodePodSpec } from './pod-spec.ts'
import { seidPorts } from './seid.ts'

export interface Claim extends KubeObject {
  spec: {
    accessModes: string[]
    resources: { requests: { storage: string } }
    storageClassName?: string
    volumeName?: string
  }
  status?: { phase?: string; capacity?: { storage?: string } }
}

/** Metadata of an object that a node owns. */
function ownedMeta(node: SeiNode, name: string): ObjectMeta {
  const meta: ObjectMeta = {
    name,
    labels: nodeLabels(node),
    ownerReferences: [controllerReference(seiNodes, node)],
  }
  const { namespace } = node.metadata
  return namespace === undefined ? meta : { ...meta, namespace }
}

/** One replica, none while the node is paused. Pods are replaced by the node's own plans only (OnDelete). */
export function nodeStatefulSet(node: SeiNode, platform: Platform): StatefulSet {
  const { name } = node.metadata
  const faults = node.metadata.annotations?.[annotations.faults]
  return {
    apiVersion: apiVersionOf(statefulSets),
    kind: statefulSets.kind,
    metadata: ownedMeta(node, name),
    spec: {
      replicas: node.spec.paused === true ? 0 : 1,
      selector: { matchLabels: selectorLabels(node) },
      serviceName: name,
      template: {
        metadata: {
          annotations: {
            [annotations.doNotDisrupt]: 'true',
            ...(faults === undefined ? {} : { [annotations.faults]: faults }),
          },
          labels: nodeLabels(node),
        },
        spec: nodePodSpec(node, platform),
      },
      updateStrategy: { type: 'OnDelete' },
    },
  }
}

/** The Service that gives the pod its name; it publishes the pod's address before it is ready. */
export function nodeService(node: SeiNode): Service {
  const port = (name: string, number: number): Record<string, unknown> & { port: number } => ({
    ...(name === 'grpc' ? { appProtocol: 'kubernetes.io/h2c' } : {}),
    name,
    port: number,
    protocol: 'TCP',
    targetPort: number,
  })
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: ownedMeta(node, node.metadata.name),
    spec: {
      clusterIP: 'None',
      ports: [...seidPorts.map((each) => port(each.name, each.port)), port('api', ports.api)],
      publishNotReadyAddresses: true,
      selector: selectorLabels(node),
    },
  }
}

/** Whom the proxy lets through: who may do the same to the SeiNodeTasks of this name. */
export function proxyConfigMap(node: SeiNode): ConfigMap {
  const { name, namespace = '' } = node.metadata
  const lines = [
    'authorization:',
    '  resourceAttributes:',
    '    apiGroup: sei.io',
    '    resource: seinodetasks',
    `    namespace: ${namespace}`,
    `    name: ${name}`,
  ]
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: ownedMeta(node, proxyConfigName(name)),
    data: { 'config.yaml': `${lines.join('\n')}\n` },
  }
}

export function dataClaim(node: SeiNode, platform: Platform): Claim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: ownedMeta(node, dataClaimOf(node)),
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: platform.storage.size } },
      storageClassName: platform.storage.className,
    },
  }
}
