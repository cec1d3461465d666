import type { ScenarioRun, ScenarioVerdict, StepReport } from '../../contract/scenario.ts'
import { causesOf, type Cause } from './causes.ts'
import type { RunObjects } from './objects.ts'
import { judgeStep, type JudgedStep } from './step-report.ts'
import { stepsOf } from './workflow-steps.ts'

/** A verdict, and everything that it was chosen from, the first in time first. */
export interface Judgement {
  readonly verdict: ScenarioVerdict
  readonly outcomes: ScenarioRun['outcomes']
}

/**
 * What became of a run, read from its Workflow, nodes and pods. Pods and exit codes decide: a Workflow has no phase, and its
 * condition Accomplished covers every kind of ending. The first cause in time is the verdict; later ones are listed.
 */
export function judge(objects: RunObjects): ScenarioVerdict {
  return judgeRun(objects).verdict
}

/** `judge`, and what each cause means for the exit code. */
export function judgeRun(objects: RunObjects): Judgement {
  const judged = judgeSteps(objects)
  const causes = causesOf(objects, judged)
  const reports = judged.map(({ report }) => report)
  const outcomes = causes.map(({ outcome, what }) => ({ outcome, what }))
  const [first, ...later] = causes
  if (first === undefined) {
    const verdict = { result: 'pass', outcome: 'passed', later: [], steps: reports } as const
    return { verdict: { ...verdict, summary: passSummary(reports) }, outcomes }
  }
  const verdict = {
    result: first.result,
    outcome: first.outcome,
    first: first.step,
    later: later.flatMap(({ step }) => (step === undefined ? [] : [step])),
    steps: reports,
    summary: summaryOf(first, reports),
  }
  return { verdict, outcomes }
}

/** Every occurrence of every step, in the scenario's order. */
export function judgeSteps(objects: RunObjects): JudgedStep[] {
  const steps = objects.steps ?? (objects.workflow === undefined ? [] : stepsOf(objects.workflow))
  return steps.toSorted((a, b) => a.position - b.position).flatMap((step) => judgeStep(step, objects))
}

function passSummary(steps: readonly StepReport[]): string {
  const passed = steps.filter(({ result }) => result === 'pass').length
  return `${passed} ${passed === 1 ? 'step' : 'steps'} passed`
}

const lineLength = 200

function summaryOf({ result, what, step }: Cause, steps: readonly StepReport[]): string {
  const line = step?.lastLines.findLast((one) => one.trim() !== '')?.trim()
  const cut = steps.filter((one) => one.result === 'aborted').map((one) => one.step)
  const during = step === undefined && cut.length > 0 ? `, while ${cut.join(', ')} ran` : ''
  const last = line === undefined ? '' : ` | ${line.slice(0, lineLength)}`
  return `${result}: ${what}${during}${last}`.replaceAll(/\s+/g, ' ')
}
