import { cadences } from '../plans/cadences.ts'
import { executePlan, type Progress } from '../plans/execute.ts'
import { isTrue } from '../runtime/conditions.ts'
import { ceremonyPlan } from './ceremony.ts'
import type { NetworkContext } from './context.ts'
import { type NetworkDraft, setNetworkCondition } from './draft.ts'
import { networkTaskRunner } from './tasks.ts'

/** Starts the ceremony once all children are there, and drives it. A failed one is started again at the next look. */
export async function reconcileCeremony(context: NetworkContext, draft: NetworkDraft): Promise<Progress> {
  const { status, spec } = draft
  if (spec.paused === true) return {}
  if (status.plan?.phase === 'Active') return driveCeremony(context, draft, status.plan)
  const children = status.incumbentNodes ?? []
  if (isTrue(status.conditions, 'GenesisCeremonyComplete') || children.length < (spec.replicas ?? 1))
    return {}
  status.plan = ceremonyPlan(draft, children)
  setPlanInProgress(context, draft, 'True', 'PlanStarted', 'Plan execution started')
  context.events.event(draft, 'Normal', 'PlanStarted', 'Plan execution started')
  return { requeueAfterMs: cadences.immediateMs }
}

async function driveCeremony(
  context: NetworkContext,
  draft: NetworkDraft,
  plan: NonNullable<NetworkDraft['status']['plan']>,
): Promise<Progress> {
  const progress = await executePlan(plan, networkTaskRunner(context, draft), () => context.clock.now())
  if (progress.hindrance !== undefined)
    context.trace(`seinetwork ${draft.metadata.name}: ${progress.hindrance}`)
  // The plan executor changed it in place.
  const phase: string = plan.phase
  if (phase === 'Complete') finish(context, draft)
  else if (phase === 'Failed') fail(context, draft)
  return progress
}

function finish(context: NetworkContext, draft: NetworkDraft): void {
  setCeremony(context, draft, 'True', 'Complete', 'genesis ceremony completed')
  delete draft.status.plan
  setPlanInProgress(context, draft, 'False', 'PlanComplete', 'Plan completed successfully')
  context.events.event(draft, 'Normal', 'PlanComplete', 'Plan completed successfully')
}

/** The plan and with it the failed task's detail is gone in the same write: what failed is told by the children. */
function fail(context: NetworkContext, draft: NetworkDraft): void {
  setCeremony(context, draft, 'False', 'CeremonyFailed', 'genesis ceremony plan failed')
  delete draft.status.plan
  setPlanInProgress(context, draft, 'False', 'PlanFailed', 'Plan failed')
  context.events.event(draft, 'Warning', 'PlanFailed', 'Plan failed')
}

function setCeremony(
  context: NetworkContext,
  draft: NetworkDraft,
  status: 'True' | 'False',
  reason: string,
  message: string,
): void {
  const change = { type: 'GenesisCeremonyComplete', status, reason, message }
  setNetworkCondition(draft, change, context.clock.now())
}

function setPlanInProgress(
  context: NetworkContext,
  draft: NetworkDraft,
  status: 'True' | 'False',
  reason: string,
  message: string,
): void {
  setNetworkCondition(draft, { type: 'PlanInProgress', status, reason, message }, context.clock.now())
}
