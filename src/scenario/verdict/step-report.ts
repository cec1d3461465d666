import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { readinessBudgets } from '../../contract/defaults.ts'
import { chaosMeshKeys } from '../../contract/labels.ts'
import type { Pod } from '../../contract/objects.ts'
import { stepExitCodes, type ExitReason, type StepReport } from '../../contract/scenario.ts'
import type { RenderedStep } from '../render/rendered-scenario.ts'
import { exceededDeadline, trueCondition } from './conditions.ts'
import { endOf, type Ended } from './ended.ts'
import type { RunObjects } from './objects.ts'
import { waitingFor } from './waiting.ts'

/** One occurrence of a step, and what the verdict needs to know of it beside its report. */
export interface JudgedStep {
  readonly step: RenderedStep
  readonly report: StepReport
  /** It failed by itself: not because the run was over, nor because a parent's time was. */
  readonly culprit: boolean
  /** Its controller still tries: no failure before that has gone on for a while. */
  readonly mayHeal?: boolean | undefined
  /** When its failure was there, ISO; empty where nothing tells. */
  readonly at: string
}

const lastLines = 20

/** Every occurrence of a step; one that never started has one report too. */
export function judgeStep(step: RenderedStep, objects: RunObjects): JudgedStep[] {
  const nodes = objects.nodes
    .filter(({ spec }) => spec.type === 'Task' && spec.templateName === step.template)
    .toSorted((a, b) => a.spec.startTime.localeCompare(b.spec.startTime))
  if (nodes.length > 0) return nodes.map((node) => judgeNode(step, node, objects))
  const report: StepReport = { step: step.template, result: 'not-run', lastLines: [] }
  return [{ step, report, culprit: false, at: '' }]
}

/** The one that decides is the first: a pod made anew for a step that has ended runs it a second time. */
export function podOf(node: WorkflowNode, pods: readonly Pod[]): Pod | undefined {
  return pods
    .filter(({ metadata }) => metadata.labels?.[chaosMeshKeys.controlledBy] === node.metadata.name)
    .toSorted((a, b) =>
      (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''),
    )[0]
}

function judgeNode(step: RenderedStep, node: WorkflowNode, objects: RunObjects): JudgedStep {
  const pod = podOf(node, objects.pods)
  const read = pod === undefined ? withoutPod(node, objects) : withPod(step, node, pod, objects)
  const terminated = pod === undefined ? undefined : endOf(pod, step.container)
  const log = pod === undefined ? undefined : objects.logs?.get(pod.metadata.name)
  const report: StepReport = {
    step: step.template,
    result: read.result,
    node: node.metadata.name,
    pod: pod?.metadata.name,
    container: step.container,
    exitCode: read.exitCode,
    reason: read.reason,
    startedAt: startOf(node, pod, step.container),
    finishedAt: terminated?.finishedAt,
    lastLines: tail(log),
  }
  return { step, report, culprit: read.culprit, mayHeal: read.mayHeal, at: read.at }
}

type Reading = Omit<Ended, 'result' | 'finishedAt'> & {
  readonly result: StepReport['result']
  readonly culprit: boolean
  readonly mayHeal?: boolean
  readonly at: string
}

function withPod(step: RenderedStep, node: WorkflowNode, pod: Pod, objects: RunObjects): Reading {
  const uid = pod.metadata.uid ?? ''
  const fate = objects.fates?.get(uid)
  const ended = endOf(pod, step.container)
  const at = objects.seen?.get(uid) ?? ended?.finishedAt ?? ''
  const exit = { exitCode: ended?.exitCode }
  if (fate?.why === 'deadline')
    return { ...exit, result: 'timeout', reason: fate.what, culprit: true, at: fate.at }
  if (fate?.why === 'stuck')
    return { ...exit, result: 'infra-fail', reason: fate.what, culprit: true, at: fate.at }
  if (fate?.why === 'stopped')
    return { ...exit, result: 'aborted', reason: fate.what, culprit: false, at: fate.at }
  const late = lateness(node, ended)
  if (ended === undefined)
    return late === undefined ? notEnded(node, pod, objects) : lateWith(late, pod, objects, node)
  if (late !== undefined) return { ...exit, ...late }
  if (abortedBefore(node, at, objects))
    return { ...exit, result: 'aborted', reason: 'the Workflow was aborted', culprit: false, at }
  const { result, reason } = ended
  return { ...exit, result, reason, culprit: result !== 'pass', at }
}

/** Its own deadline, or a parent's, had passed before it ended. */
function lateness(node: WorkflowNode, ended: Ended | undefined): Reading | undefined {
  const whose = exceededDeadline(node)
  if (whose === undefined) return undefined
  const { deadline = '' } = node.spec
  if (whose === 'parent') {
    const accomplished = conditionBefore(node, 'Accomplished', 'DeadlineExceed')
    if (ended !== undefined && accomplished) return undefined
    return { result: 'timeout', reason: 'the deadline of its parent', culprit: false, at: '' }
  }
  // A guarded step is not done before its last descendant: it may have ended long before the node's deadline.
  if (ended?.finishedAt !== undefined && ended.finishedAt < deadline) return undefined
  return { result: 'timeout', reason: `past its deadline, ${deadline}`, culprit: true, at: deadline }
}

/** Time that ran out while its pod could not even start is not the step's. */
function lateWith(late: Reading, pod: Pod, objects: RunObjects, node: WorkflowNode): Reading {
  const waiting = waitingFor(pod, objects.events ?? [], readinessBudgets.k8s)
  if (waiting === undefined || !late.culprit) return late
  const { deadline = '' } = node.spec
  return { ...late, result: 'infra-fail', reason: `${waiting.cause}, until its deadline, ${deadline}` }
}

function notEnded(node: WorkflowNode, pod: Pod, objects: RunObjects): Reading {
  if (trueCondition(node, 'Aborted') !== undefined)
    return { result: 'aborted', reason: 'the Workflow was aborted', culprit: false, at: '' }
  const waiting = waitingFor(pod, objects.events ?? [], readinessBudgets.k8s)
  if (waiting?.graceMs === 0) return { result: 'infra-fail', reason: waiting.cause, culprit: true, at: '' }
  // With its node it goes because the Workflow does.
  if (pod.metadata.deletionTimestamp !== undefined && node.metadata.deletionTimestamp === undefined)
    return {
      result: 'infra-fail',
      reason: 'its pod was deleted before it ended',
      culprit: true,
      at: pod.metadata.deletionTimestamp,
    }
  return { result: 'running', reason: waiting?.cause, culprit: false, at: '' }
}

function withoutPod(node: WorkflowNode, objects: RunObjects): Reading {
  const late = lateness(node, undefined)
  const failed = objects.events?.findLast(
    ({ reason, involvedObject }) =>
      reason === 'TaskPodSpawnFailed' && involvedObject.name === node.metadata.name,
  )
  if (failed !== undefined) {
    return {
      result: 'infra-fail',
      reason: `its pod cannot be made: ${failed.message ?? ''}`,
      culprit: true,
      mayHeal: late === undefined,
      at: failed.firstTimestamp ?? '',
    }
  }
  if (late !== undefined) return { ...late, reason: `${late.reason}, without a pod` }
  if (trueCondition(node, 'Aborted') !== undefined)
    return { result: 'aborted', reason: 'the Workflow was aborted', culprit: false, at: '' }
  if (trueCondition(node, 'Accomplished') === undefined) return { result: 'running', culprit: false, at: '' }
  return told(objects.exitReason)
}

/** It has ended and its pod is gone: what is left is what the steps wrote, and a success says nothing of this one. */
function told(exitReason: string | undefined): Reading {
  const reason = 'its pod is gone, and its exit code with it'
  const failed = exitReason !== undefined && exitReason !== 'pass' && Object.hasOwn(stepExitCodes, exitReason)
  if (!failed) return { result: 'infra-fail', reason, culprit: true, at: '' }
  return {
    result: exitReason as Exclude<ExitReason, 'pass'>,
    reason: `EXIT_REASON is ${exitReason}; ${reason}`,
    culprit: true,
    at: '',
  }
}

/**
 * Conditions stand in the order of their last change. Our own abort follows a failure within milliseconds, and its condition
 * may overtake the one of the node that failed.
 */
function abortedBefore(node: WorkflowNode, at: string, { abortedAt }: RunObjects): boolean {
  if (abortedAt !== undefined && at !== '' && at <= abortedAt) return false
  return trueCondition(node, 'Aborted') !== undefined && !conditionBefore(node, 'Accomplished', 'Aborted')
}

function conditionBefore(node: WorkflowNode, first: string, second: string): boolean {
  const order = (node.status?.conditions ?? [])
    .filter(({ status }) => status === 'True')
    .map(({ type }) => type)
  const at = order.indexOf(first)
  return at >= 0 && at < order.indexOf(second)
}

function startOf(node: WorkflowNode, pod: Pod | undefined, container: string): string {
  const own = pod?.status?.containerStatuses?.find(({ name }) => name === container)?.state
  return own?.running?.startedAt ?? own?.terminated?.startedAt ?? node.spec.startTime
}

function tail(log: string | undefined): string[] {
  const lines = (log ?? '').trimEnd().split('\n')
  return lines.length === 1 && lines[0] === '' ? [] : lines.slice(-lastLines)
}
