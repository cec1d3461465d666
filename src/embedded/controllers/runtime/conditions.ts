import type { Conditioned, SeiCondition } from '../../../contract/crds/head/shared.ts'

export interface ConditionChange {
  readonly type: string
  readonly status: SeiCondition['status']
  readonly reason: string
  readonly message: string
  readonly observedGeneration?: number | undefined
}

export function findCondition(
  conditions: readonly SeiCondition[] | undefined,
  type: string,
): SeiCondition | undefined {
  return conditions?.find((condition) => condition.type === type)
}

export function isTrue(conditions: readonly SeiCondition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True'
}

/**
 * Sets a condition in `holder` in place. `lastTransitionTime` moves only with the status, so that a condition set anew to
 * what it already says changes nothing.
 */
export function setCondition(holder: Conditioned, change: ConditionChange, now: Date): void {
  const conditions = (holder.conditions ??= [])
  const next: SeiCondition = {
    type: change.type,
    status: change.status,
    reason: change.reason,
    message: change.message,
    lastTransitionTime: seconds(now),
  }
  if (change.observedGeneration !== undefined) next.observedGeneration = change.observedGeneration
  const index = conditions.findIndex((condition) => condition.type === change.type)
  const old = conditions[index]
  if (old === undefined) {
    conditions.push(next)
    return
  }
  if (old.status === next.status) next.lastTransitionTime = old.lastTransitionTime
  conditions[index] = next
}

/** A time as Kubernetes writes it: whole seconds, UTC. */
export function seconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}
