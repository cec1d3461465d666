import type { Pod, StatefulSet } from '../../../../contract/objects.ts'
import { isReady, isTerminating, revisionLabel } from './pod.ts'

type Status = NonNullable<StatefulSet['status']>

/** The status of a set whose pods are these. Counts of zero that Kubernetes leaves out are left out. */
export function statusOf(set: StatefulSet, pods: readonly Pod[], updateRevision: string): Status {
  const ready = pods.filter(isReady).length
  const staying = pods.filter((pod) => !isTerminating(pod))
  const at = (revision: string): number =>
    staying.filter((pod) => pod.metadata.labels?.[revisionLabel] === revision).length
  const isRolled = at(updateRevision) === pods.length && ready === pods.length
  // Under OnDelete nothing ever moves this on: it stays the first revision, and counts fall to zero with a rollout.
  const isMoved = isRolled && set.spec.updateStrategy?.type === 'RollingUpdate'
  const currentRevision = isMoved ? updateRevision : (set.status?.currentRevision ?? updateRevision)
  const { generation } = set.metadata
  const status: Status = {
    availableReplicas: ready,
    collisionCount: set.status?.collisionCount ?? 0,
    currentRevision,
    replicas: pods.length,
    updateRevision,
  }
  if (generation !== undefined) status.observedGeneration = generation
  if (ready > 0) status.readyReplicas = ready
  const current = at(currentRevision)
  if (current > 0) status.currentReplicas = current
  const updated = at(updateRevision)
  if (updated > 0) status.updatedReplicas = updated
  return status
}
