import type { SeiNodeStatus } from '../../../contract/crds/head/seinode.ts'
import { isTrue, seconds } from '../runtime/conditions.ts'
import type { NodeContext } from './context.ts'
import { type NodeDraft, setNodeCondition } from './draft.ts'
import { imageDrift } from './drift.ts'
import { needsBootstrap } from './mode.ts'
import { initPlan, reapprovalPlan, updatePlan } from './plans.ts'
import { needsReapproval } from './probe.ts'
import { gateBlocksPlan } from './state-sync.ts'
import { planProblem } from './validate.ts'

/**
 * Clears a plan that has ended and, where the node needs another, puts it in its place. Leaves an active plan alone. Throws
 * when the spec is one no plan can be built for.
 */
export function resolvePlan(context: NodeContext, draft: NodeDraft): void {
  const { status } = draft
  if (status.plan?.phase === 'Active') return
  closeEndedPlan(context, draft)
  if (gateBlocksPlan(draft, status)) return
  const problem = planProblem(draft)
  if (problem !== undefined) throw new Error(`building plan: ${problem}`)
  if (status.phase === 'Running') planRunning(context, draft)
  else planInit(context, draft)
}

function closeEndedPlan(context: NodeContext, draft: NodeDraft): void {
  const { plan, conditions } = draft.status
  if (plan === undefined) return
  if (isTrue(conditions, 'NodeUpdateInProgress')) {
    const { type, error } = plan.failedTaskDetail ?? { type: 'unknown', error: 'unknown' }
    const failed = plan.phase === 'Failed'
    setNodeCondition(
      draft,
      {
        type: 'NodeUpdateInProgress',
        status: 'False',
        reason: failed ? 'UpdateFailed' : 'UpdateComplete',
        message: failed ? `plan ${plan.id} failed: task ${type}: ${error}` : `plan ${plan.id} completed`,
      },
      context.clock.now(),
    )
  }
  delete draft.status.plan
}

function planRunning(context: NodeContext, draft: NodeDraft): void {
  const drift = imageDrift(draft, context.platform)
  if (drift !== undefined) {
    setNodeCondition(
      draft,
      { type: 'NodeUpdateInProgress', status: 'True', reason: 'UpdateStarted', message: drift },
      context.clock.now(),
    )
    draft.status.plan = updatePlan(draft)
  } else if (needsReapproval(draft.status.conditions)) {
    draft.status.plan = reapprovalPlan()
  }
}

function planInit(context: NodeContext, draft: NodeDraft): void {
  if (needsBootstrap(draft))
    throw new Error('building plan: bootstrapImage needs Jobs, which nothing runs on this cluster')
  draft.status.plan = initPlan(draft)
  if (isNew(draft.status)) {
    draft.status.phase = 'Initializing'
    draft.status.phaseTransitionTime = seconds(context.clock.now())
  }
}

function isNew(status: SeiNodeStatus): boolean {
  return status.phase === undefined || status.phase === 'Pending'
}
