import { pods } from '../../../../contract/kinds.ts'
import type { StatefulSet } from '../../../../contract/objects.ts'
import { type Outcome, TerminalTaskError } from '../../plans/execute.ts'
import { refOf } from '../../runtime/keys.ts'
import type { NodeContext } from '../context.ts'
import type { NodeDraft } from '../draft.ts'
import { sidecarImageOf } from '../mode.ts'

const complete: Outcome = { state: 'complete' }
const running: Outcome = { state: 'running' }
const revisionLabel = 'controller-revision-hash'

/**
 * Deletes the node's pod if it is of an older revision. Looks at revisions alone, never at readiness: a node halted for an
 * upgrade is unready on purpose.
 */
export async function replacePod(context: NodeContext, draft: NodeDraft): Promise<Outcome> {
  const set = observed(context, draft)
  const revision = set?.status?.updateRevision ?? ''
  if (set === undefined || revision === '') return running
  if (set.status?.currentRevision === revision) return complete
  if ((set.spec.replicas ?? 1) > 1)
    throw new TerminalTaskError(
      `replace-pod does not support multi-replica StatefulSets (got replicas=${set.spec.replicas})`,
    )
  for (const pod of context.pods.ownedBy(set.metadata.uid ?? '')) {
    const of = pod.metadata.labels?.[revisionLabel]
    if (of === undefined || of === revision || pod.metadata.deletionTimestamp !== undefined) continue
    await context.kube.delete(pods, refOf(pod), { uid: pod.metadata.uid })
  }
  return complete
}

/**
 * Stamps the images the node now runs, as soon as the StatefulSet counts its replicas as updated. It counts pods, not
 * health: an image that cannot be pulled reads as rolled out.
 */
export function observeImage(context: NodeContext, draft: NodeDraft): Promise<Outcome> {
  const set = observed(context, draft)
  const replicas = set?.spec.replicas
  if (set === undefined || replicas === undefined || (set.status?.updatedReplicas ?? 0) < replicas)
    return Promise.resolve(running)
  draft.status.currentImage = draft.spec.image
  draft.status.currentSidecarImage = sidecarImageOf(draft, context.platform)
  return Promise.resolve(complete)
}

/** The node's StatefulSet, once its status speaks of its current spec. */
function observed(context: NodeContext, draft: NodeDraft): StatefulSet | undefined {
  const set = context.statefulSets.get(refOf(draft))
  if (set === undefined) return undefined
  return (set.status?.observedGeneration ?? 0) < (set.metadata.generation ?? 0) ? undefined : set
}
