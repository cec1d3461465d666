import type { StatusCheck, StatusCheckCondition } from '../../../../contract/crds/chaos-mesh/statuscheck.ts'
import { parseGoDuration } from '../../../../contract/go-duration.ts'

type ConditionType = StatusCheckCondition['type']

/**
 * The four conditions of a check as its records make them. `runningMs` is how long it has been going on. Probe times move
 * with every look, transition times with the status alone.
 */
export function checkConditions(check: StatusCheck, runningMs: number, now: string): StatusCheckCondition[] {
  const { spec } = check
  const duration = spec.duration === undefined ? undefined : parseGoDuration(spec.duration)
  const durationExceed = duration !== undefined && runningMs > duration
  const failed = endsIn(check, 'Failure', spec.failureThreshold ?? 3)
  const succeeded = endsIn(check, 'Success', spec.successThreshold ?? 1)
  const completion = durationExceed
    ? 'StatusCheckDurationExceed'
    : failed
      ? 'StatusCheckFailureThresholdExceed'
      : succeeded && spec.mode === 'Synchronous'
        ? 'StatusCheckSuccessThresholdExceed'
        : ''
  const wanted: [ConditionType, boolean, string][] = [
    ['DurationExceed', durationExceed, ''],
    ['FailureThresholdExceed', failed, ''],
    ['SuccessThresholdExceed', succeeded, ''],
    ['Completed', completion !== '', completion],
  ]
  return wanted.map(([type, holds, reason]) => {
    const status = holds ? 'True' : 'False'
    const before = check.status?.conditions?.find((condition) => condition.type === type)
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now
    return { type, status, reason, lastProbeTime: now, lastTransitionTime }
  })
}

/** Whether the latest records are all of one outcome, as many as it takes. */
function endsIn({ status }: StatusCheck, outcome: string, threshold: number): boolean {
  const latest = (status?.records ?? []).slice(-threshold)
  return latest.length >= threshold && latest.every((record) => record.outcome === outcome)
}

export function isCompleted({ status }: StatusCheck): boolean {
  return (status?.conditions ?? []).some(
    (condition) => condition.type === 'Completed' && condition.status === 'True',
  )
}
