import { findCondition, isTrue } from '../runtime/conditions.ts'
import type { NetworkContext } from './context.ts'
import { type NetworkDraft, setNetworkCondition } from './draft.ts'

/** The state of the ceremony as its condition tells it: done for good, under way, failed until the next try, or not begun. */
export function setCeremonyCondition(draft: NetworkDraft, now: Date): void {
  const { conditions } = draft.status
  const type = 'GenesisCeremonyComplete'
  if (isTrue(conditions, type)) return
  const say = (reason: string, message: string): void =>
    setNetworkCondition(draft, { type, status: 'False', reason, message }, now)
  if (isTrue(conditions, 'PlanInProgress'))
    say('InProgress', 'genesis ceremony is executing under an active plan')
  else if (findCondition(conditions, type)?.reason !== 'CeremonyFailed')
    say('NotStarted', 'genesis ceremony has not yet started')
}

/** Mirrors `spec.paused`, with an event when it changes. */
export function setPausedCondition(context: NetworkContext, draft: NetworkDraft, now: Date): void {
  const before = findCondition(draft.status.conditions, 'Paused')
  const paused = draft.spec.paused === true
  setNetworkCondition(
    draft,
    {
      type: 'Paused',
      status: paused ? 'True' : 'False',
      reason: paused ? 'Paused' : 'NotPaused',
      message: paused
        ? 'spec.paused is true; plan-driven orchestration is frozen'
        : 'spec.paused is unset or false',
    },
    now,
  )
  if (before === undefined || (before.status === 'True') === paused) return
  if (paused) context.events.event(draft, 'Normal', 'Paused', pausedMessage(draft))
  else
    context.events.event(
      draft,
      'Normal',
      'Unpaused',
      'operator cleared spec.paused; controller resumes plan-driven orchestration',
    )
}

function pausedMessage(draft: NetworkDraft): string {
  const { plan } = draft.status
  return plan === undefined
    ? 'operator set spec.paused; controller will not advance plans, rollouts, or template changes until unpaused'
    : `operator set spec.paused with active plan ${plan.id}; plan freezes in place until unpaused`
}

/** Conditions that are there from the first write on, whatever they will say later. */
export function seedConditions(draft: NetworkDraft, now: Date): void {
  const seed = (type: string, reason: string, message: string): void => {
    if (findCondition(draft.status.conditions, type) !== undefined) return
    setNetworkCondition(draft, { type, status: 'False', reason, message }, now)
  }
  seed('PlanInProgress', 'NotStarted', 'no plan has run yet')
  seed('NodesReady', 'Pending', 'no child nodes observed yet')
  seed('RolloutInProgress', 'AllUpToDate', 'no child nodes observed yet')
}

export interface ChildCounts {
  readonly desired: number
  readonly ready: number
  readonly failed: number
  readonly initializing: number
  readonly upToDate: number
  readonly total: number
}

export function setNodesReady(draft: NetworkDraft, counts: ChildCounts, now: Date): void {
  const { ready, desired, failed, initializing } = counts
  const all = ready >= desired
  const detail =
    failed > 0 ? ` (${failed} failed, ${initializing} initializing)` : ` (${initializing} initializing)`
  setNetworkCondition(
    draft,
    {
      type: 'NodesReady',
      status: all ? 'True' : 'False',
      reason: all ? 'AllNodesReady' : failed > 0 ? 'NodesFailed' : 'NodesInitializing',
      message: `${ready}/${desired} nodes ready${all ? '' : detail}`,
    },
    now,
  )
}

/** Compares image names, nothing else: a bad tag that cannot be pulled reads as rolled out. */
export function setRollout(draft: NetworkDraft, counts: ChildCounts, now: Date): void {
  const rolling = counts.total > 0 && counts.upToDate < counts.desired
  setNetworkCondition(
    draft,
    {
      type: 'RolloutInProgress',
      status: rolling ? 'True' : 'False',
      reason: rolling ? 'ImageRolling' : 'AllUpToDate',
      message: `${counts.upToDate}/${counts.desired} replicas on spec.image`,
    },
    now,
  )
}
