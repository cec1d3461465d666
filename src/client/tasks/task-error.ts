import type { Place } from '../../contract/kinds.ts'
import type { TaskFailure, TaskKind } from '../../contract/tasks.ts'
import type { ErrorClass } from '../../errors/codes.ts'
import { SeiError } from '../../errors/sei-error.ts'
import type { ClientContext } from '../context.ts'
import { describeTarget, readTarget } from './target-state.ts'

export interface FailedTask extends Omit<TaskFailure, 'target' | 'node' | 'namespace' | 'stillRunning'> {
  readonly kind: TaskKind
  readonly at: Place
  readonly message: string
  /** @default 'failed' */
  readonly class?: ErrorClass | undefined
  readonly stillRunning?: boolean | undefined
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** The one error of every operation: what failed, why, and how its target stands. */
export function taskError(context: ClientContext, failed: FailedTask): SeiError {
  const { at, message, hint, cause, class: kindOfError = 'failed', stillRunning = false, ...known } = failed
  const target = readTarget(context, at)
  const details: TaskFailure = { ...known, node: at.name, namespace: at.namespace, target, stillRunning }
  const named = known.task === undefined ? '' : ` (SeiNodeTask ${known.task})`
  return new SeiError(
    `${known.kind} on ${at.name}${named}: ${known.reason}: ${message}; the node: ${describeTarget(target)}`,
    { class: kindOfError, code: 'TASK_FAILED', hint, cause, details: { ...details } },
  )
}
