import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../contract/crds/head/seinode.ts'
import type { Plan, PlanTask } from '../contract/crds/head/shared.ts'
import type { Condition } from '../contract/objects.ts'
import type { LikelyCause } from '../probe/gate-types.ts'
import type { Finding } from './pod-findings.ts'

/** A SeiNode that has failed, or is going away: nothing brings it back. */
export function nodeFailure(node: SeiNode): Finding | undefined {
  const { name, deletionTimestamp } = node.metadata
  if (deletionTimestamp !== undefined) return terminal(`SeiNode ${name} is being deleted`)
  if (node.status?.phase !== 'Failed') return undefined
  const task = failedTask(node.status.plan)
  return terminal(task === undefined ? `SeiNode ${name} is Failed` : `SeiNode ${name} is Failed: ${task}`)
}

function failedTask(plan: Plan | undefined): string | undefined {
  const detail = plan?.failedTaskDetail
  if (detail !== undefined) return `plan task ${detail.type} failed: ${detail.error}`
  const task = plan?.tasks.find(({ status }) => status === 'Failed')
  return task === undefined
    ? undefined
    : `plan task ${task.type} failed: ${task.error ?? 'no error recorded'}`
}

/** A network whose ceremony failed. It is tried again every 30 s, but never succeeds with a failed child. */
export function networkFailure(network: SeiNetwork, children: readonly SeiNode[]): Finding | undefined {
  const { name, deletionTimestamp } = network.metadata
  if (deletionTimestamp !== undefined) return terminal(`SeiNetwork ${name} is being deleted`)
  const ceremony = network.status?.conditions?.find(({ reason }) => reason === 'CeremonyFailed')
  if (network.status?.phase !== 'Failed' && ceremony === undefined) return undefined
  const child = children.map(nodeFailure).find((finding) => finding !== undefined)
  if (child !== undefined) return terminal(`the ceremony of ${name} failed: ${child.cause}`)
  return terminal(`the ceremony of ${name} failed: ${ceremony?.message ?? 'the controller says no more'}`)
}

function terminal(cause: string): Finding {
  return { cause, graceMs: 0 }
}

/** What a node that is still being set up waits for: sei-crds.md's table of stuck nodes. */
export function describeStuckNode(node: SeiNode, network: SeiNetwork | undefined): LikelyCause | undefined {
  const { status } = node
  const phase = status?.phase
  if (phase === undefined) return { cause: describeNoPhase(node), own: true }
  if (phase !== 'Initializing' && phase !== 'Pending') return undefined
  const task = status?.plan?.tasks.find((one) => one.status !== 'Complete')
  if (task === undefined)
    return { cause: 'no task of its plan is open: the controller has not moved it on', own: false }
  return { cause: describeTask(task, network), own: task.type !== 'configure-genesis' }
}

function describeTask(task: PlanTask, network: SeiNetwork | undefined): string {
  const retries = task.retryCount ?? 0
  const at = `plan task ${task.type} is open${retries === 0 ? '' : `, retried ${retries} times`}`
  if (task.type === 'configure-genesis') return `${at}: genesis.json is not there yet${ceremonyHint(network)}`
  if (/^(ensure-data-pvc|validate-)/.test(task.type)) return `${at}: it waits for its claim or Secret`
  if (task.submittedAt === undefined) return `${at} and was never submitted: the sidecar cannot be reached`
  return `${at} since ${task.submittedAt}: the sidecar is executing it, or it keeps failing silently`
}

function ceremonyHint(network: SeiNetwork | undefined): string {
  const task = network?.status?.plan?.tasks.find((one) => one.status !== 'Complete')
  return task === undefined ? '' : `, and the network's ceremony stands at ${task.type}`
}

function describeNoPhase(node: SeiNode): string {
  const blocked = conditionOf(node, 'StateSyncReady')
  if (blocked !== undefined && blocked.status !== 'True' && blocked.reason !== 'NotApplicable') {
    return `state sync is not ready: ${blocked.message ?? blocked.reason ?? 'no reason given'}`
  }
  if (conditionOf(node, 'Paused')?.status === 'True') return 'it was created paused'
  return 'no controller has taken it up'
}

function conditionOf(node: SeiNode, type: string): Condition | undefined {
  return node.status?.conditions?.find((condition) => condition.type === type)
}

export function describeStuckNetwork({ status }: SeiNetwork): string {
  const task = status?.plan?.tasks.find((one) => one.status !== 'Complete')
  switch (task?.type) {
    case undefined:
      return `its phase is ${status?.phase ?? 'not set: no controller has taken it up'}`
    case 'assemble-and-upload-genesis':
      return 'some validator has not uploaded its gentx'
    case 'collect-and-set-peers':
      return 'some sidecar cannot return its node id'
    case 'await-nodes-running':
      return 'some validator is not Running'
    default:
      return `its ceremony stands at ${task?.type ?? 'no task'}`
  }
}
