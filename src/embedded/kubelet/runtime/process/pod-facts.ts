import type { Container, Pod } from '../../../../contract/objects.ts'
import { resourceOf } from './resource-field.ts'

/** What the downward API tells of a pod. */
export interface PodFacts {
  readonly pod: Pod
  readonly podIP: string
  readonly hostIP: string
}

/** Value of a `fieldRef`. Throws for a path that the kubelet does not know either. */
function fieldOf({ pod, podIP, hostIP }: PodFacts, path: string): string {
  const { metadata, spec } = pod
  const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? []
  if (map !== undefined && key !== undefined) return metadata[map as 'labels' | 'annotations']?.[key] ?? ''
  switch (path) {
    case 'metadata.name':
      return metadata.name
    case 'metadata.namespace':
      return metadata.namespace ?? ''
    case 'metadata.uid':
      return metadata.uid ?? ''
    case 'metadata.labels':
      return lines(metadata.labels)
    case 'metadata.annotations':
      return lines(metadata.annotations)
    case 'spec.nodeName':
      return spec.nodeName ?? ''
    case 'spec.serviceAccountName':
      return accountOf(pod)
    case 'status.podIP':
    case 'status.podIPs':
      return podIP
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP
    default:
      throw new Error(`unsupported fieldPath: ${path}`)
  }
}

/** Name of the ServiceAccount that a pod speaks for. */
export function accountOf({ spec }: Pod): string {
  const name = spec['serviceAccountName']
  return typeof name === 'string' && name !== '' ? name : 'default'
}

/** One source of the downward API: a field of the pod, or a resource of a container. */
export interface DownwardSource {
  readonly fieldRef?: { readonly fieldPath: string }
  readonly resourceFieldRef?: {
    readonly containerName?: string
    readonly resource: string
    readonly divisor?: string | number
  }
}

/** Throws for what the kubelet does not know either. `own` is the container where the source names none. */
export function downwardValue(facts: PodFacts, source: DownwardSource, own?: Container): string {
  const { fieldRef, resourceFieldRef } = source
  if (fieldRef !== undefined) return fieldOf(facts, fieldRef.fieldPath)
  if (resourceFieldRef === undefined) return ''
  const { initContainers = [], containers } = facts.pod.spec
  const { containerName = own?.name } = resourceFieldRef
  const container = [...containers, ...initContainers].find(({ name }) => name === containerName)
  if (container === undefined) throw new Error(`container ${containerName} not found`)
  return resourceOf(container, resourceFieldRef.resource, resourceFieldRef.divisor)
}

/** As the kubelet writes a map: sorted, a line for each, values quoted. */
function lines(map: Readonly<Record<string, string>> = {}): string {
  const sorted = Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return sorted.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join('\n')
}
