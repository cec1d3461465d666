import { pods } from '../../../../contract/kinds.ts'
import type { Pod } from '../../../../contract/objects.ts'
import { TerminalTaskError } from '../../plans/execute.ts'
import { refOf } from '../../runtime/keys.ts'
import type { TaskKind, Work } from '../kind.ts'

/**
 * Deletes exactly the pod of the uid that was given and waits for another one that is Ready, not for one that is caught up.
 * A uid that is no longer anybody's deletes nothing, and the pod that is there counts as the other one.
 */
export const restartPod: TaskKind = {
  payload: 'restartPod',
  timeoutMs: 600_000,
  begin({ spec, status }) {
    if (status.task !== undefined && spec.restartPod !== undefined)
      status.task.restartedPodUID = spec.restartPod.podUID
  },
  async execute(work) {
    const uid = uidOf(work)
    const pod = podsOf(work).find((each) => each.metadata.uid === uid)
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return
    await work.context.kube.delete(pods, refOf(pod), { uid })
  },
  look(work) {
    const uid = uidOf(work)
    const replaced = podsOf(work).some(
      (pod) => pod.metadata.uid !== uid && pod.metadata.deletionTimestamp === undefined && isReady(pod),
    )
    return Promise.resolve({ state: uid !== undefined && replaced ? 'complete' : 'running' })
  },
}

/** As it was when the task began: what the spec says later is not looked at. */
function uidOf({ task }: Work): string | undefined {
  return task.status.task?.restartedPodUID
}

/** Pods of the target; none while its StatefulSet is missing. */
function podsOf({ context, target }: Work): Pod[] {
  const set = context.statefulSets.get(refOf(target))
  if (set === undefined) return []
  const { replicas = 1, selector } = set.spec
  if (selector === undefined) throw new TerminalTaskError(`StatefulSet ${set.metadata.name} has no selector`)
  if (replicas > 1)
    throw new TerminalTaskError(
      `restart-pod does not support multi-replica StatefulSets (got replicas=${replicas})`,
    )
  return context.pods.ownedBy(set.metadata.uid ?? '')
}

function isReady(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True')
}
