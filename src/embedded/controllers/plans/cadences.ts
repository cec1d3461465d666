/** The controller's own intervals, in ms of simulated time. */
export const cadences = {
  /** "At once", but not a busy loop. */
  immediateMs: 1,
  /** Between looks at a task in flight, and between tries to reach a sidecar. */
  pollMs: 5_000,
  /** Longest back-off of a task that failed and is tried again. */
  longestRetryMs: 30_000,
  /** Between looks at an object with nothing to do. */
  idleMs: 30_000,
} as const

/** Retry budgets by task type; every other type has none. */
const retryBudgets: Readonly<Record<string, number>> = {
  'configure-genesis': 180,
  'assemble-and-upload-genesis': 180,
  'replace-pod': 3,
}

export function maxRetriesOf(taskType: string): number {
  return retryBudgets[taskType] ?? 0
}

/** Wait before try number `attempt` + 1 of a task: 10 s, 20 s, then 30 s. */
export function retryDelayMs(attempt: number): number {
  return Math.min(cadences.pollMs * 2 ** Math.min(attempt, 5), cadences.longestRetryMs)
}
