import { showDuration } from '../../contract/go-duration.ts'
import type { RenderedStep } from '../render/rendered-scenario.ts'
import { terminatedOf } from '../verdict/ended.ts'
import type { Fate, RunObjects } from '../verdict/objects.ts'
import { nodeOf, stepOf } from './run-objects.ts'

/** Kubernetes keeps whole seconds, of more than one clock: what two of its times are apart may be so much less. Ms. */
const blurMs = 2_000

/**
 * Marks steps that ended after their own deadline, by the times of their node and container. Whoever waits for a deadline stops
 * the step when it passes; on a machine that is busy the step may be faster, and under guard no controller says that it was late.
 */
export function markLate(
  { nodes, pods, fates }: Pick<RunObjects, 'nodes' | 'pods'> & { readonly fates: Map<string, Fate> },
  steps: readonly RenderedStep[],
  /** How much faster than written deadlines pass. */
  rate: number,
): void {
  for (const pod of pods) {
    const uid = pod.metadata.uid ?? ''
    const node = nodeOf(pod, nodes)
    const step = stepOf(node, steps)
    if (node === undefined || step?.role !== 'step' || step.deadlineMs === undefined || fates.has(uid))
      continue
    const finishedAt = terminatedOf(pod, step.container)?.finishedAt
    if (finishedAt === undefined) continue
    const tookMs = Date.parse(finishedAt) - Date.parse(node.spec.startTime)
    if (tookMs <= step.deadlineMs / rate + blurMs) continue
    fates.set(uid, {
      at: finishedAt,
      why: 'deadline',
      what: `past its deadline of ${showDuration(step.deadlineMs)}`,
    })
  }
}
