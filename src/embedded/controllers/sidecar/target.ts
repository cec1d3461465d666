import { annotations } from '../../../contract/labels.ts'
import { sidecarUrl } from '../../../contract/names.ts'
import type { Service } from '../../../contract/objects.ts'
import { ports } from '../../../contract/ports.ts'
import type { Store } from '../runtime/store.ts'
import type { SidecarTarget } from './client.ts'

/** Where the sidecar of a node is reached: the loopback address that the kubelet wrote on the node's headless Service. */
export function sidecarTarget(services: Store<Service>, namespace: string, node: string): SidecarTarget {
  const service = services.get({ namespace, name: node })
  const host = sidecarUrl(node, namespace).replace('http://', '')
  return { host, address: loopbackOf(service?.metadata.annotations?.[annotations.loopback]) }
}

function loopbackOf(annotation: string | undefined): string | undefined {
  if (annotation === undefined) return undefined
  try {
    const map: unknown = JSON.parse(annotation)
    const address = typeof map === 'object' && map !== null ? Reflect.get(map, String(ports.api)) : undefined
    return typeof address === 'string' ? address : undefined
  } catch {
    return undefined
  }
}
