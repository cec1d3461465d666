import { services as serviceType } from '../../../../contract/kinds.ts'
import type { KubeObject, Pod, Service } from '../../../../contract/objects.ts'
import { controllerReference } from '../../runtime/owners.ts'

export interface Endpoint {
  addresses: string[]
  conditions: { ready: boolean; serving: boolean; terminating: boolean }
  nodeName?: string
  targetRef: { kind: 'Pod'; name: string; namespace?: string; uid?: string }
}

export interface SlicePort {
  name: string
  port: number
  protocol: string
  appProtocol?: string
}

export interface EndpointSlice extends KubeObject {
  addressType: 'IPv4'
  endpoints: Endpoint[] | null
  ports: SlicePort[] | null
}

export const managedBy = 'endpointslice-controller.k8s.io'
const serviceNameLabel = 'kubernetes.io/service-name'

/** Metadata of the one slice of a Service; the server picks the end of its name. */
export function sliceMetadata(service: Service, changedAt: string): KubeObject['metadata'] {
  const { name, namespace } = service.metadata
  const headless = service.spec.clusterIP === 'None'
  return {
    name: '',
    generateName: `${name}-`,
    ...(namespace === undefined ? {} : { namespace }),
    annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': changedAt },
    labels: {
      ...service.metadata.labels,
      'endpointslice.kubernetes.io/managed-by': managedBy,
      [serviceNameLabel]: name,
      ...(headless ? { 'service.kubernetes.io/headless': '' } : {}),
    },
    ownerReferences: [controllerReference(serviceType, service)],
  }
}

/** Addresses of the Service's pods. Without any there are no ports either. */
export function sliceContent(
  service: Service,
  pods: readonly Pod[],
): Pick<EndpointSlice, 'endpoints' | 'ports'> {
  const always = service.spec.publishNotReadyAddresses === true
  const endpoints = pods.flatMap((pod) => endpointOf(pod, always))
  if (endpoints.length === 0) return { endpoints: null, ports: null }
  const ports = (service.spec.ports ?? []).map((port) => ({
    ...('appProtocol' in port ? { appProtocol: String(port.appProtocol) } : {}),
    name: port.name ?? '',
    port: Number(port.targetPort ?? port.port),
    protocol: port.protocol ?? 'TCP',
  }))
  return { endpoints, ports }
}

/** A pod without an address, or one that has ended, is no endpoint. */
function endpointOf(pod: Pod, always: boolean): Endpoint[] {
  const { phase, podIP = '' } = pod.status ?? {}
  if (podIP === '' || phase === 'Failed' || phase === 'Succeeded') return []
  const { name, namespace, uid, deletionTimestamp } = pod.metadata
  const podReady = pod.status?.conditions?.some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  )
  const terminating = deletionTimestamp !== undefined
  const serving = always || podReady === true
  return [
    {
      addresses: [podIP],
      conditions: { ready: serving && (always || !terminating), serving, terminating },
      ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
      targetRef: {
        kind: 'Pod',
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(uid === undefined ? {} : { uid }),
      },
    },
  ]
}
