import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { chaosMeshKeys } from '../../contract/labels.ts'
import type { ContainerStatus, Pod } from '../../contract/objects.ts'
import { trueCondition } from '../verdict/conditions.ts'

/** How the Tasks of one template ended. */
export interface TemplateEnd {
  readonly template: string
  /** False while there is something to wait for. */
  readonly ended: boolean
  readonly passed: boolean
  readonly exitCode?: number | undefined
  readonly finishedAt?: string | undefined
  /** Its pod was ended from outside: by a deadline, by a runner, by an eviction. */
  readonly stopped?: boolean | undefined
  /** In a few words. */
  readonly what: string
}

type End = Omit<TemplateEnd, 'template'>

/**
 * The one that all others follow from; undefined where none has failed. Kubelets tell whole seconds: of two in one second, the
 * one that was stopped was stopped for the other. What has no time, as it never started, is last.
 */
export function firstFailure(ends: readonly TemplateEnd[]): TemplateEnd | undefined {
  const [first] = ends
    .filter(({ ended, passed }) => ended && !passed)
    .toSorted((a, b) => timeOf(a) - timeOf(b) || Number(a.stopped ?? false) - Number(b.stopped ?? false))
  return first
}

function timeOf({ finishedAt }: TemplateEnd): number {
  return finishedAt === undefined ? Number.MAX_VALUE : Math.floor(Date.parse(finishedAt) / 1_000)
}

/** Of a Task: of several nodes, and several pods of one, the worst decides, one that failed, else one that is still open. */
export function taskEnd(template: string, nodes: readonly WorkflowNode[], pods: readonly Pod[]): TemplateEnd {
  const ends = nodesOf(template, nodes).map((node) => nodeEnd(node, pods))
  return { template, ...worst(ends, never) }
}

/** Of a StatusCheck that aborts what it belongs to: nothing but that, or a deadline, is its failure. */
export function checkEnd(template: string, nodes: readonly WorkflowNode[]): TemplateEnd {
  const ends = nodesOf(template, nodes).map((node): End => {
    const stopped = stoppedBy(node)
    return { ended: true, passed: stopped === undefined, what: stopped ?? 'not aborted' }
  })
  return { template, ...worst(ends, never) }
}

const never: End = { ended: true, passed: false, what: 'it was never started' }

function nodesOf(template: string, nodes: readonly WorkflowNode[]): WorkflowNode[] {
  return nodes.filter(({ spec }) => spec.templateName === template)
}

function worst(ends: readonly End[], none: End): End {
  const [first] = ends
  if (first === undefined) return none
  return ends.find(({ ended, passed }) => ended && !passed) ?? ends.find(({ ended }) => !ended) ?? first
}

/** A node is done only when what hangs under it is: for its own step the pod speaks, and it may be gone before its node. */
function nodeEnd(node: WorkflowNode, pods: readonly Pod[]): End {
  const stopped = stoppedBy(node)
  if (stopped !== undefined) return { ended: true, passed: false, what: stopped }
  const own = pods.filter(
    ({ metadata }) => metadata.labels?.[chaosMeshKeys.controlledBy] === node.metadata.name,
  )
  if (own.length > 0) return worst(own.map(podEnd), never)
  const exitCode = recordedExitCode(node)
  if (exitCode !== undefined)
    return {
      ended: true,
      passed: exitCode === 0,
      exitCode,
      what: `exit code ${exitCode}, as its node recorded it`,
    }
  const accomplished = trueCondition(node, 'Accomplished') !== undefined
  return accomplished
    ? { ended: true, passed: false, what: 'its pod is gone, and nobody recorded its exit code' }
    : { ended: false, passed: false, what: 'it has no pod yet' }
}

/** A deadline that passed after the node was done stopped nothing. */
function stoppedBy(node: WorkflowNode): string | undefined {
  if (trueCondition(node, 'Aborted') !== undefined) return 'it was aborted'
  const deadline = trueCondition(node, 'DeadlineExceed')
  return deadline === undefined || deadline.reason === 'NodeDeadlineOmitted'
    ? undefined
    : `it did not end before its deadline (${deadline.reason})`
}

function podEnd({ metadata, status }: Pod): End {
  const phase = status?.phase ?? 'Pending'
  const containers = status?.containerStatuses ?? []
  const ended = containers.flatMap(({ state }) => (state?.terminated === undefined ? [] : [state.terminated]))
  if (phase !== 'Succeeded' && phase !== 'Failed')
    return { ended: false, passed: false, what: `pod ${metadata.name} is ${phase}${waiting(containers)}` }
  const bad = ended.find(({ exitCode }) => exitCode !== 0)
  const reason = status?.reason ?? bad?.reason ?? ''
  const { exitCode, finishedAt } = bad ?? ended[0] ?? {}
  const passed = phase === 'Succeeded' && bad === undefined
  const code = exitCode === undefined ? `pod ${metadata.name} is ${phase}` : `exit code ${exitCode}`
  const why = passed || reason === '' || reason === 'Error' ? '' : `, ${reason}`
  const stopped = status?.reason !== undefined
  return { ended: true, passed, exitCode, finishedAt, stopped, what: `${code}${why}` }
}

function waiting(containers: readonly ContainerStatus[]): string {
  const reason = containers.map(({ state }) => state?.waiting?.reason).find((text) => text !== undefined)
  return reason === undefined ? '' : `, ${reason}`
}

/** What the controller read from the pod of a Task that branches. */
function recordedExitCode({ status }: WorkflowNode): number | undefined {
  const [context] = status?.conditionalBranchesStatus?.context ?? []
  if (context === undefined) return undefined
  try {
    const { exitCode } = JSON.parse(context) as { exitCode?: unknown }
    return typeof exitCode === 'number' ? exitCode : undefined
  } catch {
    // Cut, or not written by Chaos Mesh.
    return undefined
  }
}
