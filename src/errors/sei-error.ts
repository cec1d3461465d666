import { describeProblem, type Problem } from '../contract/problem.ts'
import type { ErrorClass, ErrorCode } from './codes.ts'

export interface SeiErrorOptions {
  readonly class: ErrorClass
  readonly code: ErrorCode
  /** What to do about it, in one sentence. */
  readonly hint?: string | undefined
  /** Facts as data, JSON-safe and free of secrets: they travel over the lease API and into the report. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
  readonly cause?: unknown
}

/** The one base class of every error this package throws on purpose. Tell them apart by `class` and `code`. */
export class SeiError extends Error {
  override readonly name: string = 'SeiError'
  readonly class: ErrorClass
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(message: string, options: SeiErrorOptions) {
    super(options.hint === undefined ? message : `${message}\n  hint: ${options.hint}`, {
      cause: options.cause,
    })
    this.class = options.class
    this.code = options.code
    this.hint = options.hint
    this.details = options.details
  }
}

/** Bad input, said once with everything that is wrong with it. */
export function usageError(problems: readonly Problem[], code: ErrorCode = 'BAD_INPUT'): SeiError {
  return new SeiError(problems.map(describeProblem).join('\n'), {
    class: 'usage',
    code,
    details: { problems },
  })
}

/** The deadline of a wait passed. */
export function timeoutError(message: string, options: Omit<SeiErrorOptions, 'class'>): SeiError {
  return new SeiError(message, { class: 'timeout', ...options })
}

export function cancelledError(reason: string, cause?: unknown): SeiError {
  return new SeiError(reason, { class: 'cancelled', code: 'RUN_CANCELLED', cause })
}
