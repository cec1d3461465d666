import type { ResourceType } from '../../../../contract/kinds.ts'
import type { KubeObject } from '../../../../contract/objects.ts'
import type { KubeClient, WatchEvent } from '../../../../kube/types.ts'
import type { Clock } from '../../../clock.ts'
import { createController } from '../../runtime/controller.ts'
import { collect } from './collect.ts'
import {
  awaits,
  canOwn,
  createGraph,
  foregroundFinalizer,
  type GraphNode,
  orphanFinalizer,
  ownersOf,
} from './graph.ts'
import { createWatchedTypes } from './watched-types.ts'

export interface GarbageCollectorOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  /** Types watched from the start; they should be those that other controllers of this client watch anyway. */
  readonly types: readonly ResourceType[]
  readonly log: (line: string) => void
}

const concurrency = 8

/**
 * Collects what has lost its owners. All namespaced types of the server are in scope, those of CRDs too; an owner may be of
 * any type. Events are never collected: they own nothing and expire.
 */
export function startGarbageCollector(options: GarbageCollectorOptions): { close(): Promise<void> } {
  const { kube, clock, log } = options
  const graph = createGraph()
  const types = createWatchedTypes(kube, new Set(options.types.map(({ group }) => group)), take, log)
  const controller = createController({
    name: 'garbage-collector',
    clock,
    concurrency,
    reconcile: async ({ name }) => {
      await collect({ kube, graph, types }, name)
      return {}
    },
    log,
  })
  const look = (uid: string): void => controller.enqueue({ name: uid })
  const lookAll = (nodes: readonly GraphNode[]): void => {
    for (const node of nodes) look(node.object.metadata.uid ?? '')
  }

  function take(type: ResourceType, event: WatchEvent<KubeObject>): void {
    const { object } = event
    const { uid = '' } = object.metadata
    if (event.type === 'DELETED') {
      graph.drop(uid)
      graph.markGone(uid)
      lookAll(graph.dependentsOf(uid))
      // An owner deleted in the foreground may have waited for this one.
      for (const owner of ownersOf(object)) look(owner.uid)
      types.watchAll()
      return
    }
    graph.put({ type, object })
    const waits = awaits(object, foregroundFinalizer) || awaits(object, orphanFinalizer)
    if (waits || ownersOf(object).some((owner) => !canOwn(graph.get(owner.uid), object))) look(uid)
    if (!waits) return
    lookAll(graph.dependentsOf(uid))
    types.watchAll()
  }

  for (const type of options.types) void types.watch(type)
  return {
    async close() {
      types.close()
      await controller.close()
    },
  }
}
