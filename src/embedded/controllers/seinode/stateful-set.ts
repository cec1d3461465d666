import { statefulSets } from '../../../contract/kinds.ts'
import type { KubeObject, StatefulSet } from '../../../contract/objects.ts'
import { refOf } from '../runtime/keys.ts'
import type { Store } from '../runtime/store.ts'
import type { NodeContext } from './context.ts'
import type { NodeDraft } from './draft.ts'
import { nodeStatefulSet } from './resources/objects.ts'

/**
 * Applies the node's StatefulSet and records it in the draft. One of this name that is not the recorded one was made behind
 * our back: it is deleted, and `undefined` returned; the next reconcile makes a new one.
 */
export async function syncStatefulSet(
  context: NodeContext,
  draft: NodeDraft,
): Promise<StatefulSet | undefined> {
  const live = context.statefulSets.get(refOf(draft))
  const recorded = draft.status.statefulSet
  if (live !== undefined && recorded !== undefined && live.metadata.uid !== recorded.uid) {
    await context.kube.delete(statefulSets, refOf(live), { uid: live.metadata.uid })
    delete draft.status.statefulSet
    return undefined
  }
  const applied = await applyForNode(context, context.statefulSets, draft, draft.metadata.name, () =>
    nodeStatefulSet(draft, context.platform),
  )
  draft.status.statefulSet = { name: applied.metadata.name, uid: applied.metadata.uid ?? '' }
  return applied
}

/** Applies something that is rendered from nothing but a node's spec and annotations. */
export function applyForNode<T extends KubeObject>(
  context: NodeContext,
  store: Store<T>,
  draft: NodeDraft,
  name: string,
  render: () => T,
): Promise<T> {
  const { uid, generation, annotations, namespace } = draft.metadata
  const version = JSON.stringify([uid, generation, annotations])
  return context.applier.apply(store, { namespace, name }, version, render)
}
