import { customResourceDefinitions, type ResourceType } from '../../../../contract/kinds.ts'
import type { KubeObject } from '../../../../contract/objects.ts'
import type { KubeClient, Watch, WatchEvent } from '../../../../kube/types.ts'
import { discoverTypes, isCollectable, type ServedType, typeKey } from '../discovery.ts'

export interface WatchedTypes {
  /** All types the server serves now. */
  served(): Promise<readonly ServedType[]>
  /** Watches a type from now on; resolves once what is there has been told of. */
  watch(type: ResourceType): Promise<void>
  /** Watches every namespaced type from now on, also those of CRDs still to come. */
  watchAll(): void
  close(): void
}

/**
 * The watches of the garbage collector. Types that no other controller watches are watched from the first deletion on: until
 * then there can be nothing to collect in them, and the first list of a new watch finds what was left behind. A definition of
 * a group that is not in `groups` comes with controllers of its own, whose deletions would go unseen: all types are watched
 * from then on.
 */
export function createWatchedTypes(
  kube: KubeClient,
  groups: ReadonlySet<string>,
  take: (type: ResourceType, event: WatchEvent<KubeObject>) => void,
  log: (line: string) => void,
): WatchedTypes {
  const watches = new Map<string, Watch<KubeObject>>()
  let discovery: Promise<readonly ServedType[]> | undefined
  let watchesAll = false
  let closed = false

  const served = (): Promise<readonly ServedType[]> => {
    discovery ??= discoverTypes(kube)
    discovery.catch(() => (discovery = undefined))
    return discovery
  }
  const open = async (type: ResourceType): Promise<void> => {
    const key = typeKey(type)
    if (closed) return
    const known = watches.get(key)
    const watch = known ?? kube.watch<KubeObject>(type)
    if (known === undefined) {
      watches.set(key, watch)
      watch.subscribe((event) => take(type, event))
    }
    try {
      await watch.ready
    } catch {
      // A type may be withdrawn between its discovery and its watch.
      watches.delete(key)
    }
  }
  const openServed = async (): Promise<void> => {
    for (const each of await served()) if (each.type.namespaced && isCollectable(each)) void open(each.type)
  }
  const report = (error: unknown): void => {
    if (!closed) log(`garbage-collector discovery: ${String(error)}`)
  }
  const watchAll = (): void => {
    if (closed || watchesAll) return
    watchesAll = true
    openServed().catch(report)
  }
  const definitions = kube.watch<KubeObject>(customResourceDefinitions)
  definitions.ready.catch(report)
  definitions.subscribe(({ object: { metadata } }) => {
    discovery = undefined
    if (watchesAll) openServed().catch(report)
    else if (!groups.has(metadata.name.slice(metadata.name.indexOf('.') + 1))) watchAll()
  })
  return {
    served,
    watch: open,
    watchAll,
    close() {
      closed = true
      definitions.close()
      for (const watch of watches.values()) watch.close()
    },
  }
}
