import { customResourceDefinitions, type ResourceType } from '../../../../contract/kinds.ts'
import type { KubeObject } from '../../../../contract/objects.ts'
import type { KubeClient, Watch, WatchEvent } from '../../../../kube/types.ts'
import { discoverTypes, isCollectable, type ServedType, typeKey } from '../discovery.ts'

export interface WatchedTypes {
  /** All types the server serves now. */
  served(): Promise<readonly ServedType[]>
  /** Watches these from now on; what is there is told of at once. */
  watch(types: readonly ResourceType[]): void
  /** Watches every namespaced type from now on, also those of CRDs still to come. */
  watchAll(): void
  close(): void
}

/**
 * The watches of the garbage collector. Types that no other controller watches are watched from the first deletion on: until
 * then there can be nothing to collect in them, and the first list of a new watch finds what was left behind.
 */
export function createWatchedTypes(
  kube: KubeClient,
  take: (type: ResourceType, event: WatchEvent<KubeObject>) => void,
  log: (line: string) => void,
): WatchedTypes {
  const watches = new Map<string, Watch<KubeObject>>()
  let discovery: Promise<readonly ServedType[]> | undefined
  let definitions: Watch<KubeObject> | undefined
  let closed = false

  const served = (): Promise<readonly ServedType[]> => {
    discovery ??= discoverTypes(kube)
    discovery.catch(() => (discovery = undefined))
    return discovery
  }
  const open = (type: ResourceType): void => {
    const key = typeKey(type)
    if (closed || watches.has(key)) return
    const watch = kube.watch<KubeObject>(type)
    watches.set(key, watch)
    // A type may be withdrawn between its discovery and its watch.
    watch.ready.catch(() => watches.delete(key))
    watch.subscribe((event) => take(type, event))
  }
  const openServed = async (): Promise<void> => {
    for (const each of await served()) if (each.type.namespaced && isCollectable(each)) open(each.type)
  }
  const report = (error: unknown): void => {
    if (!closed) log(`garbage-collector discovery: ${String(error)}`)
  }
  return {
    served,
    watch(types) {
      for (const type of types) open(type)
    },
    watchAll() {
      if (closed || definitions !== undefined) return
      definitions = kube.watch<KubeObject>(customResourceDefinitions)
      definitions.ready.catch(report)
      definitions.subscribe(() => {
        discovery = undefined
        openServed().catch(report)
      })
      openServed().catch(report)
    },
    close() {
      closed = true
      definitions?.close()
      for (const watch of watches.values()) watch.close()
    },
  }
}
