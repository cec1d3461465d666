import { decideOutcome, exitCodes, type Outcome } from '../contract/exit-codes.ts'
import { isSeiError } from '../errors/guards.ts'

export interface RecordedOutcome {
  readonly outcome: Outcome
  readonly reason: string
}

/** Everything that happened in a run that its exit code depends on. The first in the contract's order decides. */
export class Outcomes {
  readonly #recorded: RecordedOutcome[] = []

  add(outcome: Outcome, reason: string): void {
    if (this.#recorded.some((known) => known.outcome === outcome && known.reason === reason)) return
    this.#recorded.push({ outcome, reason })
  }

  /** Forgets what a rerun decides anew: whether it may run, gets ready, is stopped, passes. What was lost or leaked stays. */
  beginRerun(): void {
    const kept = this.#recorded.filter(({ outcome }) => outcome === 'noVerdict')
    this.#recorded.splice(0, this.#recorded.length, ...kept)
  }

  get all(): readonly RecordedOutcome[] {
    return this.#recorded
  }

  get decided(): Outcome {
    return decideOutcome(this.#recorded.map(({ outcome }) => outcome))
  }

  get exitCode(): number {
    return exitCodes[this.decided]
  }
}

/** What an error of ours means for the exit code: readiness 3, bad input 64, stopped 130, the rest no verdict. */
export function outcomeOf(error: unknown): Outcome {
  if (!isSeiError(error)) return 'noVerdict'
  if (error.code === 'READINESS_TIMEOUT' || error.code === 'READINESS_FAILED') return 'notReady'
  if (error.class === 'usage') return 'usage'
  if (error.class === 'cancelled') return 'cancelled'
  if (error.code === 'NETWORK_LOST' && error.details?.cause === 'chain') return 'testFailed'
  return 'noVerdict'
}
