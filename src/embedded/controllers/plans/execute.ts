import type { Plan, PlanTask } from '../../../contract/crds/head/shared.ts'
import { seconds } from '../runtime/conditions.ts'
import { cadences, retryDelayMs } from './cadences.ts'
import { errorText } from '../../../errors/error-text.ts'

export type Outcome =
  | { readonly state: 'running' }
  | { readonly state: 'complete' }
  | { readonly state: 'failed'; readonly error: string }

/** What carries out the tasks of a plan. */
export interface TaskRunner {
  /**
   * Submits the task; called again at every look while it is in flight, so it must not matter how often. A throw is tried
   * again for ever, a TerminalTaskError fails the plan.
   */
  execute(task: PlanTask): Promise<Outcome>
}

/** A task that can never succeed: the plan fails at once and its retry budget is not looked at. */
export class TerminalTaskError extends Error {
  override readonly name = 'TerminalTaskError'
}

/** What became of one look at a plan; `requeueAfterMs` in simulated time. */
export interface Progress {
  readonly requeueAfterMs?: number
  /** Why the current task could not be submitted; it is recorded nowhere but in the controller's log. */
  readonly hindrance?: string
}

/**
 * Drives a plan forward in place: submits the first task that is not complete, and goes on to the next for as long as they
 * complete at once. A task in flight stays Pending; only its `submittedAt` tells.
 */
export async function executePlan(plan: Plan, runner: TaskRunner, now: () => Date): Promise<Progress> {
  if (plan.phase !== 'Active') return {}
  for (const [index, task] of plan.tasks.entries()) {
    if (task.status === 'Complete') continue
    const progress = await advance(plan, index, task, runner, now)
    if (progress !== undefined) return progress
  }
  plan.phase = 'Complete'
  return { requeueAfterMs: cadences.immediateMs }
}

/** `undefined` when the task is complete. */
async function advance(
  plan: Plan,
  index: number,
  task: PlanTask,
  runner: TaskRunner,
  now: () => Date,
): Promise<Progress | undefined> {
  let outcome: Outcome
  try {
    outcome = await runner.execute(task)
  } catch (error) {
    const message = errorText(error)
    if (!(error instanceof TerminalTaskError))
      return { requeueAfterMs: cadences.pollMs, hindrance: `${task.type}: ${message}` }
    fail(plan, index, task, message)
    return {}
  }
  task.submittedAt ??= seconds(now())
  switch (outcome.state) {
    case 'complete':
      task.status = 'Complete'
      return undefined
    case 'running':
      return { requeueAfterMs: cadences.pollMs }
    case 'failed':
      return retry(plan, index, task, outcome.error)
  }
}

function retry(plan: Plan, index: number, task: PlanTask, error: string): Progress {
  const retries = task.retryCount ?? 0
  if (retries >= (task.maxRetries ?? 0)) {
    fail(plan, index, task, error)
    return {}
  }
  task.retryCount = retries + 1
  task.status = 'Pending'
  delete task.submittedAt
  delete task.error
  return { requeueAfterMs: retryDelayMs(task.retryCount) }
}

function fail(plan: Plan, index: number, task: PlanTask, error: string): void {
  task.status = 'Failed'
  task.error = error
  plan.phase = 'Failed'
  plan.failedTaskIndex = index
  plan.failedTaskDetail = {
    type: task.type,
    id: task.id,
    error,
    retryCount: task.retryCount ?? 0,
    maxRetries: task.maxRetries ?? 0,
  }
}
