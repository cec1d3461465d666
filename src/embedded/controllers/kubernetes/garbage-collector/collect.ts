import type { KubeObject } from '../../../../contract/objects.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import type { DeleteOptions, KubeClient } from '../../../../kube/types.ts'
import { dropFinalizer } from '../../runtime/finalizers.ts'
import { refOf } from '../../runtime/keys.ts'
import {
  awaits,
  foregroundFinalizer,
  type Graph,
  type GraphNode,
  orphanFinalizer,
  ownersOf,
} from './graph.ts'
import { judgeOwners } from './owners.ts'
import type { WatchedTypes } from './watched-types.ts'

export interface CollectorContext {
  readonly kube: KubeClient
  readonly graph: Graph
  readonly types: WatchedTypes
}

const fieldManager = 'kube-controller-manager'

/**
 * Does for one object what its owners and finalizers ask for. An object goes when all its owners are gone; one that is
 * deleted in the foreground when what blocks it is gone; one that orphans its dependents when they have forgotten it.
 */
export async function collect(context: CollectorContext, uid: string): Promise<void> {
  const node = context.graph.get(uid)
  if (node === undefined) return
  try {
    if (awaits(node.object, orphanFinalizer)) await orphanDependents(context, node)
    else if (awaits(node.object, foregroundFinalizer)) await finishForeground(context, node)
    else if (node.object.metadata.deletionTimestamp === undefined) await followOwners(context, node)
  } catch (error) {
    // Gone between the look and the write: what was wanted.
    if (!isNotFound(error)) throw error
  }
}

async function followOwners(context: CollectorContext, node: GraphNode): Promise<void> {
  const { kube, graph, types } = context
  const { object } = node
  if (ownersOf(object).length === 0) return
  const { solid, dangling, waiting } = await judgeOwners(kube, graph, types, object)
  if (dangling.length === 0 && waiting.length === 0) return
  const uid = object.metadata.uid ?? ''
  if (solid.length > 0)
    return forget(
      context,
      node,
      [...dangling, ...waiting].map((owner) => owner.uid),
    )
  // Whoever waits for this one in the foreground waits for what hangs on it as well.
  const foreground = waiting.length > 0 && graph.dependentsOf(uid).length > 0
  const propagationPolicy = foreground ? 'Foreground' : policyOf(object)
  await kube.delete(node.type, refOf(object), { uid, propagationPolicy })
}

/** Finalizers that an object was made with say how it wants to go. */
function policyOf({ metadata }: KubeObject): DeleteOptions['propagationPolicy'] {
  const { finalizers = [] } = metadata
  if (finalizers.includes(orphanFinalizer)) return 'Orphan'
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background'
}

async function finishForeground(context: CollectorContext, node: GraphNode): Promise<void> {
  const { graph, kube } = context
  const uid = node.object.metadata.uid ?? ''
  const blocking = graph
    .dependentsOf(uid)
    .filter(({ object }) =>
      ownersOf(object).some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
    )
  if (blocking.length === 0) await dropFinalizer(kube, node, node.object, foregroundFinalizer, fieldManager)
}

async function orphanDependents(context: CollectorContext, node: GraphNode): Promise<void> {
  const uid = node.object.metadata.uid ?? ''
  for (const dependent of context.graph.dependentsOf(uid)) await forget(context, dependent, [uid])
  await dropFinalizer(context.kube, node, node.object, orphanFinalizer, fieldManager)
}

/** Strips owner references off an object. */
async function forget(
  { kube }: CollectorContext,
  { type, object }: GraphNode,
  uids: readonly string[],
): Promise<void> {
  const kept = ownersOf(object).filter((owner) => !uids.includes(owner.uid))
  const { uid, resourceVersion } = object.metadata
  const body = { metadata: { uid, resourceVersion, ownerReferences: kept.length === 0 ? null : kept } }
  await kube.patch<KubeObject>(type, refOf(object), body, { type: 'merge', fieldManager })
}
