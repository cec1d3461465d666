import { statefulSets } from '../../../contract/kinds.ts'
import type { StatefulSet } from '../../../contract/objects.ts'
import { refOf } from '../runtime/keys.ts'
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
  const desired = nodeStatefulSet(draft, context.platform)
  const live = context.statefulSets.get(refOf(desired))
  const recorded = draft.status.statefulSet
  if (live !== undefined && recorded !== undefined && live.metadata.uid !== recorded.uid) {
    await context.kube.delete(statefulSets, refOf(live), { uid: live.metadata.uid })
    delete draft.status.statefulSet
    return undefined
  }
  const applied = await context.applier.apply(context.statefulSets, desired)
  draft.status.statefulSet = { name: applied.metadata.name, uid: applied.metadata.uid ?? '' }
  return applied
}
