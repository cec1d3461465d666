import type { ReadinessBudget } from '../contract/defaults.ts'
import type { ContainerStatus, KubeEvent, Pod } from '../contract/objects.ts'

/** Something that holds a node up, and for how long it may before it counts as the end. */
export interface Finding {
  /** One sentence, as the error shows it. */
  readonly cause: string
  /** Real ms after which this ends the wait; 0 at once, Infinity never. */
  readonly graceMs: number
}

/** What is wrong with a pod, the gravest first. `undefined` for one that is merely not up yet. */
export function findInPod(
  pod: Pod,
  events: readonly KubeEvent[],
  budget: ReadinessBudget,
): Finding | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  return (
    firstOf(statuses, (status) => crashLoop(status, budget)) ??
    firstOf(statuses, (status) => imagePull(status, events, budget)) ??
    firstOf(statuses, configError) ??
    unschedulable(pod, budget) ??
    evicted(pod) ??
    firstOf(statuses, lastCrash)
  )
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** Restarts count from the second run on: a container that is down now has crashed once more than it was restarted. */
function crashLoop(status: ContainerStatus, budget: ReadinessBudget): Finding | undefined {
  const ended = status.state?.terminated ?? status.lastState?.terminated
  if (ended === undefined || ended.exitCode === 0) return undefined
  const down = status.state?.running === undefined
  const crashes = status.restartCount + (down ? 1 : 0)
  if (!down || crashes < 2) return undefined
  return {
    cause: `container ${status.name} crashed ${crashes} times, last with exit code ${ended.exitCode}${reasonOf(ended)}`,
    graceMs: crashes >= budget.crashes ? 0 : Infinity,
  }
}

function lastCrash(status: ContainerStatus): Finding | undefined {
  const ended = status.state?.terminated ?? status.lastState?.terminated
  if (ended === undefined || ended.exitCode === 0 || status.ready) return undefined
  return {
    cause: `container ${status.name} exited with code ${ended.exitCode}${reasonOf(ended)}`,
    graceMs: Infinity,
  }
}

function reasonOf(ended: { reason?: string; message?: string }): string {
  const message = ended.message?.trim().split('\n')[0] ?? ''
  if (message !== '') return ` (${message.slice(0, 200)})`
  return ended.reason === undefined || ended.reason === 'Error' ? '' : ` (${ended.reason})`
}

const pullReasons = new Set(['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName'])
/** Reasons that no waiting heals. */
const hopelessPull =
  /not found|unauthori[sz]ed|denied|forbidden|authentication required|manifest unknown|does not exist|invalid reference/i

function imagePull(
  status: ContainerStatus,
  events: readonly KubeEvent[],
  budget: ReadinessBudget,
): Finding | undefined {
  const waiting = status.state?.waiting
  if (waiting?.reason === undefined || !pullReasons.has(waiting.reason)) return undefined
  const said = [waiting.message, ...events.filter(isPullFailure).map(({ message }) => message)]
  const why = said.find((text) => text !== undefined && hopelessPull.test(text))
  const hopeless =
    why !== undefined || waiting.reason === 'InvalidImageName' || waiting.reason === 'ErrImageNeverPull'
  const shown = why ?? waiting.message ?? waiting.reason
  return {
    cause: `container ${status.name} cannot pull image ${status.image}: ${waiting.reason}: ${shown}`,
    graceMs: hopeless ? 0 : budget.imagePullMs,
  }
}

function isPullFailure(event: KubeEvent): boolean {
  return event.type === 'Warning' && /failed to pull image/i.test(event.message ?? '')
}

const configReasons = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'])

function configError(status: ContainerStatus): Finding | undefined {
  const waiting = status.state?.waiting
  if (waiting?.reason === undefined || !configReasons.has(waiting.reason)) return undefined
  return {
    cause: `container ${status.name} cannot start: ${waiting.reason}: ${waiting.message ?? 'no message'}`,
    graceMs: Infinity,
  }
}

/** The StatefulSet is made before its claim, so that every pod first fails to schedule for want of it: that is normal. */
const claimNotThere =
  /persistentvolumeclaim .*not found|could not find v1\.PersistentVolumeClaim|unbound immediate PersistentVolumeClaims/i

function unschedulable(pod: Pod, budget: ReadinessBudget): Finding | undefined {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (condition?.status !== 'False' || claimNotThere.test(condition.message ?? '')) return undefined
  return {
    cause: `pod ${pod.metadata.name} cannot be scheduled: ${condition.message ?? condition.reason ?? 'no reason given'}`,
    graceMs: budget.unschedulableMs,
  }
}

function evicted(pod: Pod): Finding | undefined {
  if (pod.status?.phase !== 'Failed') return undefined
  const { reason = 'Failed', message = '' } = pod.status
  return {
    cause: `pod ${pod.metadata.name} failed: ${reason}${message === '' ? '' : `: ${message}`}`,
    graceMs: Infinity,
  }
}
