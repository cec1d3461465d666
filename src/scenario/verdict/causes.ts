import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import type { Outcome } from '../../contract/exit-codes.ts'
import { chaosMeshKeys } from '../../contract/labels.ts'
import type { ScenarioResult, StepReport } from '../../contract/scenario.ts'
import { exceededDeadline, isFinished, trueCondition } from './conditions.ts'
import { isOver } from './ended.ts'
import type { RunObjects } from './objects.ts'
import { podOf, type JudgedStep } from './step-report.ts'
import { tasksOf } from './workflow-steps.ts'

/** One thing that kept a run from passing. */
export interface Cause {
  /** ISO; empty where nothing tells, which sorts it behind everything that has a time. */
  readonly at: string
  readonly result: ScenarioResult
  readonly outcome: Outcome
  readonly step?: StepReport | undefined
  readonly what: string
}

/** What a step's own failure means for the exit code; a step's deadline is trouble, the Workflow's is the run's. */
const outcomes: Readonly<Record<string, Outcome>> = { 'task-fail': 'testFailed' }

/** Everything that went wrong, the first in time first; that it is not over counts too. */
export function causesOf(objects: RunObjects, judged: readonly JudgedStep[]): Cause[] {
  const causes = causesNow(objects, judged)
  return causes.length > 0 ? causes : unfinished(objects, judged)
}

/** What has gone wrong so far. */
export function causesNow(objects: RunObjects, judged: readonly JudgedStep[]): Cause[] {
  const culprits = judged.filter(({ culprit }) => culprit)
  const children = culprits.filter(({ step }) => step.role === 'step')
  const own = culprits
    // A gate fails because of what it looked at.
    .filter(({ step }) => step.role !== 'gate' || children.length === 0)
    .map((one) => causeOf(one))
  const timed = [...own, ...(objects.incidents ?? [])]
  const [known, unknown] = [timed.filter(({ at }) => at !== ''), timed.filter(({ at }) => at === '')]
  return [
    ...known.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    ...unknown,
    // Whatever had failed before these had a node of its own that was finished: it comes first.
    ...endOfWorkflow(objects),
  ]
}

function causeOf({ step, report, at }: JudgedStep): Cause {
  // Without its report a run is not lost: what its tests said is known from their own steps.
  const result = step.role === 'step' ? (report.result as ScenarioResult) : 'infra-fail'
  return { at, result, outcome: outcomes[result] ?? 'noVerdict', step: report, what: describe(report) }
}

/** `step provision: container main exited with 1`. */
function describe({ step, container, exitCode, reason, result }: StepReport): string {
  const exit = exitCode === undefined ? '' : `exited with ${exitCode}`
  const why = reason ?? (exitCode === undefined ? result : '')
  const told = [exit, why].filter((part) => part !== '').join(', ')
  return `step ${step}${container === undefined || container === '' ? '' : `, container ${container}`}: ${told}`
}

function endOfWorkflow(objects: RunObjects): Cause[] {
  const { workflow, nodes, abortedAt } = objects
  const entry = entryOf(objects)
  const causes: Cause[] = []
  const aborter = nodes.find(
    (node) => trueCondition(node, 'Aborted')?.reason === 'StatusCheckNotExceedSuccessThreshold',
  )
  const aborted =
    (entry !== undefined && trueCondition(entry, 'Aborted') !== undefined) ||
    workflow?.metadata.annotations?.[chaosMeshKeys.abort] === 'true' ||
    nodes.some((node) => trueCondition(node, 'Aborted')?.reason === 'ParentNodeAborted')
  if (aborter !== undefined) {
    const what = `status check ${aborter.spec.templateName} did not succeed, which aborts the Workflow`
    causes.push({ at: '', result: 'aborted', outcome: 'noVerdict', what })
  } else if (aborted && abortedAt === undefined) {
    const what = `somebody else set the annotation ${chaosMeshKeys.abort}`
    causes.push({ at: '', result: 'aborted', outcome: 'noVerdict', what })
  }
  if (entry !== undefined && exceededDeadline(entry) === 'own' && !hasOwnPod(entry)) {
    const what = `the Workflow's deadline passed at ${entry.spec.deadline ?? 'an unknown time'}`
    causes.push({ at: '', result: 'timeout', outcome: 'notReady', what })
  }
  if (objects.workflowLost === true) {
    const what = 'the Workflow was deleted before it had ended'
    causes.push({ at: '', result: 'aborted', outcome: 'noVerdict', what })
  }
  return causes
}

/** A Task can be the entry: then its deadline is judged as a step's. */
function hasOwnPod({ spec }: WorkflowNode): boolean {
  return spec.type === 'Task'
}

export function entryOf({ workflow, nodes }: RunObjects): WorkflowNode | undefined {
  const { entryNode } = workflow?.status ?? {}
  const name = workflow?.metadata.name
  return (
    nodes.find(({ metadata }) => metadata.name === entryNode) ??
    nodes.find(({ metadata }) => metadata.labels?.[chaosMeshKeys.controlledBy] === name)
  )
}

/** Nothing failed, and still it did not get through. */
function unfinished(objects: RunObjects, judged: readonly JudgedStep[]): Cause[] {
  const { workflow, nodes, pods, events = [] } = objects
  const cause = (what: string, step?: StepReport): Cause[] => [
    { at: '', result: 'infra-fail', outcome: 'noVerdict', step, what },
  ]
  if (workflow === undefined) return cause('no Workflow was ever seen')
  const entry = entryOf(objects)
  if (entry === undefined) {
    const invalid = events.findLast(({ reason }) => reason === 'InvalidEntry')
    return cause(
      invalid === undefined ? 'the Workflow has not begun' : `the Workflow cannot begin: ${invalid.message}`,
    )
  }
  if (!isFinished(entry)) {
    const hung = judged.find(({ report }) => hangs(report, nodes, pods))?.report
    if (hung !== undefined)
      return cause(`step ${hung.step} has ended, but its branches are never evaluated`, hung)
    const running = judged
      .filter(({ report }) => report.result === 'running')
      .map(({ report }) => report.step)
    return cause(
      `the Workflow has not ended${running.length === 0 ? '' : `; running: ${running.join(', ')}`}`,
    )
  }
  if (objects.abortedAt !== undefined) return cause('the run was aborted, and nothing that it left tells why')
  if (!isPassable(entry)) return []
  const running = judged.find(({ report }) => report.result === 'running')?.report
  if (running !== undefined)
    return cause(`step ${running.step} still runs, although the Workflow is over`, running)
  const needed = new Set(
    tasksOf(workflow)
      .filter((task) => task.needed)
      .map(({ template }) => template.name),
  )
  const skipped = judged.find(({ report }) => report.result === 'not-run' && needed.has(report.step))?.report
  return skipped === undefined ? [] : cause(`step ${skipped.step} never ran`, skipped)
}

/** Aborted and late ones are told of already. */
function isPassable(entry: WorkflowNode): boolean {
  return trueCondition(entry, 'Accomplished') !== undefined
}

/** A branching Task whose pod is over, without an evaluated branch: the expression cannot be parsed or the log not be read. */
export function hangs(report: StepReport, nodes: RunObjects['nodes'], pods: RunObjects['pods']): boolean {
  const node = nodes.find(({ metadata }) => metadata.name === report.node)
  if (node === undefined || (node.spec.conditionalBranches ?? []).length === 0) return false
  const pod = podOf(node, pods)
  if (pod === undefined || !isOver(pod)) return false
  const branches = node.status?.conditionalBranchesStatus?.branches ?? []
  return (
    !isFinished(node) && (branches.length === 0 || branches.some((one) => one.evaluationResult === 'Unknown'))
  )
}
