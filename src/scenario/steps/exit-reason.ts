import type { ExitReason } from '../../contract/scenario.ts'
import { isSeiError, isUsage } from '../../errors/guards.ts'
import { errorText } from '../../errors/error-text.ts'
import { SeiError } from '../../errors/sei-error.ts'

/**
 * What a step's end means. Only what the work itself came to is `task-fail`: errors of class `failed`. A deadline, a signal,
 * wrong arguments and whatever nobody foresaw leave the question open.
 */
export function exitReasonOf(error: unknown): ExitReason {
  if (error === undefined) return 'pass'
  return isSeiError(error) && error.class === 'failed' ? 'task-fail' : 'infra-fail'
}

/** The same error as the scenario's own failure: another run would meet it again. */
export function asTaskFailure(error: unknown): unknown {
  if (!isUsage(error)) return error
  return taskFailure(error.message, error)
}

export function taskFailure(message: string, cause?: unknown): SeiError {
  return new SeiError(message, { class: 'failed', code: 'STEP_FAILED', cause })
}

export function infraFailure(message: string, cause?: unknown): SeiError {
  const text = cause === undefined ? message : `${message}: ${errorText(cause)}`
  return new SeiError(text, { class: 'infra', code: 'STEP_FAILED', cause })
}
