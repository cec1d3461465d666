import { SeiError } from './sei-error.ts'
import type { ErrorClass, ErrorCode } from './codes.ts'

/** A SeiError, also one of another copy of this package (worker and main process load it separately). */
export function isSeiError(error: unknown): error is SeiError {
  return error instanceof SeiError || (error instanceof Error && error.name === 'SeiError' && 'code' in error)
}

function hasClass(error: unknown, wanted: ErrorClass): error is SeiError {
  return isSeiError(error) && error.class === wanted
}

export function hasCode(error: unknown, wanted: ErrorCode): error is SeiError {
  return isSeiError(error) && error.code === wanted
}

/** A deadline passed, as against a terminal failure. Cancellation is not a time-out. */
export function isTimeout(error: unknown): error is SeiError {
  return hasClass(error, 'timeout')
}

export function isUsage(error: unknown): error is SeiError {
  return hasClass(error, 'usage')
}

export function isCancelled(error: unknown): error is SeiError {
  return hasClass(error, 'cancelled') || (error instanceof Error && error.name === 'AbortError')
}
