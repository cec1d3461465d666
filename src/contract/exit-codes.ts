/**
 * How a run ends. The order is that of precedence: of everything that happened in a run the first in this list is the
 * exit code; the rest is appended to the report and masks nothing.
 */
export const exitCodes = {
  /** Cancelled by a signal or the user. */
  cancelled: 130,
  /** Bad input: options, docblock, environment, spec. Nothing was created. */
  usage: 64,
  /** A test or task failed. */
  testFailed: 1,
  /** A readiness gate or the run's entry deadline was not met. */
  notReady: 3,
  /** No verdict: infrastructure, leak, lost capture, failed upload. */
  noVerdict: 2,
  /** Nothing ran: zero tests, or all skipped. */
  nothingRan: 4,
  passed: 0,
} as const

export type Outcome = keyof typeof exitCodes

const precedence = Object.keys(exitCodes) as Outcome[]

/** The outcome that decides, of all that happened. No outcome at all is `passed`. */
export function decideOutcome(outcomes: Iterable<Outcome>): Outcome {
  const seen = new Set(outcomes)
  return precedence.find((outcome) => seen.has(outcome)) ?? 'passed'
}
