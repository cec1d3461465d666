import type { StatusCheck, StatusCheckCondition } from '../../../../contract/crds/chaos-mesh/statuscheck.ts'
import { statusChecks, type ObjectRef } from '../../../../contract/kinds.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import type { Clock } from '../../../clock.ts'
import type { ChaosEvent, ChaosRecorder } from '../events.ts'
import { seconds } from '../../runtime/conditions.ts'
import type { Result } from '../../runtime/controller.ts'
import { keyOf } from '../../runtime/keys.ts'
import { updateStatus } from '../update-status.ts'
import { checkConditions, isCompleted } from './conditions.ts'
import { startWorker, type Worker } from './worker.ts'

export interface StatusCheckContext {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly onCheck: ChaosRecorder
  /** The checks that are looked at, by namespace and name. */
  readonly workers: Map<string, Worker>
}

/** Looks for a check that is not complete, and writes what was seen into its status, once an interval. */
export async function reconcileStatusCheck(context: StatusCheckContext, ref: ObjectRef): Promise<Result> {
  const { kube, clock, workers } = context
  const key = keyOf(ref)
  const check = await kube.find<StatusCheck>(statusChecks, ref)
  if (check === undefined) {
    workers.get(key)?.stop()
    workers.delete(key)
    return {}
  }
  if (isCompleted(check)) return {}
  const worker =
    workers.get(key) ??
    startWorker(clock, check, ({ ok, trouble }) => context.onCheck(check, ok ? looked : lookFailed(trouble)))
  workers.set(key, worker)
  try {
    await note(context, ref, worker, seconds(clock.now()))
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  return { requeueAfterMs: (check.spec.intervalSeconds ?? 10) * 1_000 }
}

function note(
  { kube, clock, onCheck }: StatusCheckContext,
  ref: ObjectRef,
  worker: Worker,
  startTime: string,
): Promise<void> {
  return updateStatus<StatusCheck>({ kube, clock, type: statusChecks, ref }, (draft) => {
    const status = (draft.status = { startTime, ...draft.status })
    if (worker.count > 0) Object.assign(status, { count: worker.count, records: [...worker.records] })
    const now = seconds(clock.now())
    status.conditions = checkConditions(draft, worker.runningMs(), now)
    if (isCompleted(draft)) {
      status.completionTime ??= now
      worker.stop()
    }
    for (const event of eventsOf(status.conditions)) onCheck(draft, event)
  })
}

const looked: ChaosEvent = {
  name: 'status-check-execution-succeed',
  type: 'Normal',
  reason: 'StatusCheckExecutionSucceed',
  message: 'HTTP execution of status check succeed',
  fields: { 'executor-type': 'HTTP' },
}

function lookFailed(trouble: string): ChaosEvent {
  return {
    name: 'status-check-execution-failed',
    type: 'Warning',
    reason: 'StatusCheckExecutionFailed',
    message: `HTTP execution of status check failed: ${trouble}`,
    fields: { 'executor-type': 'HTTP', msg: trouble },
  }
}

/** One for each condition that holds, each time the status is written. */
function eventsOf(conditions: readonly StatusCheckCondition[]): ChaosEvent[] {
  const reasonOf = (type: string): string | undefined =>
    conditions.find((condition) => condition.type === type && condition.status === 'True')?.reason
  const completed = reasonOf('Completed')
  const events: ChaosEvent[] = []
  if (completed !== undefined)
    events.push({
      name: 'status-check-completed',
      type: 'Normal',
      reason: 'StatusCheckCompleted',
      message: `status check completed: ${completed}`,
      fields: { msg: completed },
    })
  if (reasonOf('DurationExceed') !== undefined)
    events.push(threshold('status-check-duration-exceed', 'Warning', 'StatusCheckDurationExceed', 'duration'))
  if (reasonOf('SuccessThresholdExceed') !== undefined)
    events.push(
      threshold(
        'status-check-success-threshold-exceed',
        'Normal',
        'StatusCheckSuccessThresholdExceed',
        'success threshold',
      ),
    )
  if (reasonOf('FailureThresholdExceed') !== undefined)
    events.push(
      threshold(
        'status-check-failure-threshold-exceed',
        'Warning',
        'StatusCheckFailureThresholdExceed',
        'failure threshold',
      ),
    )
  return events
}

function threshold(name: string, type: ChaosEvent['type'], reason: string, what: string): ChaosEvent {
  return { name, type, reason, message: `${what} exceed` }
}
