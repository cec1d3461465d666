import { customResourceDefinitions, type ResourceType } from '../../../../contract/kinds.ts'
import type { KubeObject } from '../../../../contract/objects.ts'
import type { KubeClient, Watch, WatchEvent } from '../../../../kube/types.ts'
import type { Clock } from '../../../clock.ts'
import { createController } from '../../runtime/controller.ts'
import { discoverTypes, isCollectable, type ServedType, typeKey } from '../discovery.ts'
import { collect } from './collect.ts'
import { awaits, canOwn, createGraph, foregroundFinalizer, orphanFinalizer, ownersOf } from './graph.ts'

export interface GarbageCollectorOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  /** Types watched from the start; they should be those that other controllers of this client watch anyway. */
  readonly types: readonly ResourceType[]
  readonly log: (line: string) => void
}

/**
 * Collects what has lost its owners. All namespaced types of the server are in scope, those of CRDs too; types that nobody
 * else watches are watched from the first deletion on, since until then there can be nothing to collect in them, and the
 * first list of a new watch finds what has been left behind since.
 */
export function startGarbageCollector(options: GarbageCollectorOptions): { close(): Promise<void> } {
  const { kube } = options
  const graph = createGraph()
  const watches = new Map<string, Watch<KubeObject>>()
  let served: Promise<readonly ServedType[]> | undefined
  let definitions: Watch<KubeObject> | undefined
  let closed = false

  const discover = (): Promise<readonly ServedType[]> => {
    served ??= discoverTypes(kube)
    served.catch(() => (served = undefined))
    return served
  }
  const controller = createController({
    name: 'garbage-collector',
    clock: options.clock,
    concurrency: 8,
    reconcile: async ({ name }) => {
      await collect({ kube, graph, served: discover }, name)
      return {}
    },
    log: options.log,
  })
  const look = (uid: string): void => controller.enqueue({ name: uid })
  const take = (type: ResourceType, event: WatchEvent<KubeObject>): void => {
    const { object } = event
    const { uid = '' } = object.metadata
    if (event.type === 'DELETED') {
      graph.drop(uid)
      graph.markGone(uid)
      for (const dependent of graph.dependentsOf(uid)) look(dependent.object.metadata.uid ?? '')
      // An owner deleted in the foreground may have waited for this one.
      for (const owner of ownersOf(object)) look(owner.uid)
      watchEverything()
      return
    }
    graph.put({ type, object })
    const waits = awaits(object, foregroundFinalizer) || awaits(object, orphanFinalizer)
    if (waits) watchEverything()
    if (waits || ownersOf(object).some((owner) => !canOwn(graph.get(owner.uid), object))) look(uid)
    if (waits) for (const dependent of graph.dependentsOf(uid)) look(dependent.object.metadata.uid ?? '')
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
    const types = await discover()
    for (const each of types) if (each.type.namespaced && isCollectable(each)) open(each.type)
  }
  const report = (error: unknown): void => options.log(`garbage-collector discovery: ${String(error)}`)
  /** Every type, from now on; a CRD that comes or goes changes which there are. */
  function watchEverything(): void {
    if (closed || definitions !== undefined) return
    definitions = kube.watch<KubeObject>(customResourceDefinitions)
    definitions.ready.catch(report)
    definitions.subscribe(() => {
      served = undefined
      openServed().catch(report)
    })
    openServed().catch(report)
  }

  for (const type of options.types) open(type)
  return {
    async close() {
      closed = true
      definitions?.close()
      for (const watch of watches.values()) watch.close()
      await controller.close()
    },
  }
}
