import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import type { Clock } from '../../../clock.ts'

/** Tells how long nodes have left. */
export interface DeadlineWatch {
  /** Simulated ms until the deadline of a node that has one; negative once it has passed. */
  remainingMs(node: WorkflowNode): number
  forget(uid: string): void
}

/**
 * The distance from start to deadline on the object is what counts, and it passes on the cluster's clock: its rate is not
 * that of the timestamps. Times on objects are cut to whole seconds, so deadlines come up to a second early, as they do on
 * real controllers.
 */
export function createDeadlineWatch(clock: Clock): DeadlineWatch {
  const bornAt = new Map<string, number>()
  const nowMs = (): number => clock.wall.now() * clock.rate
  return {
    remainingMs({ metadata, spec }) {
      const uid = metadata.uid ?? ''
      const startMs = Date.parse(spec.startTime)
      const born = bornAt.get(uid) ?? nowMs() - Math.max(0, clock.now().getTime() - startMs)
      bornAt.set(uid, born)
      return Date.parse(spec.deadline ?? '') - startMs - (nowMs() - born)
    },
    forget: (uid) => void bornAt.delete(uid),
  }
}
