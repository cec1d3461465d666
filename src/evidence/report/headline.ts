import { verdictWord, type ScenarioRun } from '../../contract/scenario.ts'
import { decideOutcome } from '../../contract/exit-codes.ts'
import { spanOf } from './heights.ts'

/** What decides the run: of all that happened, the first in the order of exit codes. */
export function outcomeOfRun({ verdict, outcomes }: ScenarioRun): ReturnType<typeof decideOutcome> {
  return decideOutcome([verdict.outcome, ...outcomes.map(({ outcome }) => outcome)])
}

/**
 * One sentence that says how far it reaches. Where evidence is missing it claims nothing: what it would rest on may be in
 * what is missing.
 */
export function headlineOf(run: ScenarioRun): string {
  const { verdict, missing, origin } = run
  if (missing.length > 0) {
    const items = missing.length === 1 ? '1 item of evidence is' : `${missing.length} items of evidence are`
    return `No headline: ${items} missing.`
  }
  const ran = verdict.steps.filter(({ result }) => result !== 'not-run').length
  const scope = `${ran} of ${verdict.steps.length} steps of ${origin.scenario}${scopeOf(run)}`
  const outcome = outcomeOfRun(run)
  if (outcome === 'passed') return `Passed: ${scope}.`
  const later = run.outcomes.find((one) => one.outcome === outcome)
  const why = verdict.result === 'pass' ? (later?.what ?? outcome) : verdict.summary
  return `${verdictWord(outcome) === 'FAIL' ? 'Failed' : 'No verdict'}: ${why} (${scope}).`
}

function scopeOf({ chainIds = [], heights = [], simulated }: ScenarioRun): string {
  const chain = chainIds.length === 0 ? '' : ` on ${chainIds.join(', ')}`
  // Heights of two chains make no span.
  const span = chainIds.length > 1 ? undefined : spanOf(heights)
  return `${chain}${span === undefined ? '' : `, ${span}`}${simulated ? ', simulated' : ''}`
}
