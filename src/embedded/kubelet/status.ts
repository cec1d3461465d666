import type { Condition, Container, ContainerStatus, Pod } from '../../contract/objects.ts'
import { timestamp } from './recorder.ts'

export type PodStatus = NonNullable<Pod['status']>
type Phase = NonNullable<PodStatus['phase']>
type PodCondition = Condition & { lastProbeTime?: null }

/** What the kubelet knows of a pod beyond its containers. */
export interface PodFacts {
  readonly podIP: string | undefined
  readonly hostIP: string
  readonly startTime: string
  readonly now: Date
  /** False before the sandbox is up and after it is torn down. */
  readonly sandboxUp: boolean
  /** The pod is being ended: nothing will be started again. */
  readonly ending: boolean
  /** Why the kubelet ended the pod, which stays as Failed. */
  readonly evicted?: { readonly reason: string; readonly message: string } | undefined
}

/**
 * The status a kubelet would report: shapes, order and messages as recorded. `before` supplies the transition times of
 * conditions that did not change.
 */
export function podStatus(
  pod: Pod,
  statuses: ReadonlyMap<string, ContainerStatus>,
  facts: PodFacts,
  before: PodStatus | undefined,
): PodStatus {
  const init = statusesOf(pod.spec.initContainers, statuses)
  const main = statusesOf(pod.spec.containers, statuses).sort((a, b) => (a.name < b.name ? -1 : 1))
  const { evicted } = facts
  const phase = phaseOf(pod, init, main, facts)
  const generation = pod.metadata.generation
  const conditions = conditionsOf(pod, statuses, phase, facts).map((condition) =>
    stamp(
      { ...condition, ...(generation === undefined ? {} : { observedGeneration: generation }) },
      before,
      facts.now,
    ),
  )
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase,
    ...(phase === 'Failed' ? evicted : {}),
    conditions,
    hostIP: facts.hostIP,
    hostIPs: [{ ip: facts.hostIP }],
    ...(facts.podIP === undefined ? {} : { podIP: facts.podIP, podIPs: [{ ip: facts.podIP }] }),
    startTime: facts.startTime,
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: main,
    qosClass: typeof before?.qosClass === 'string' ? before.qosClass : 'Burstable',
  }
}

export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

function statusesOf(
  containers: readonly Container[] | undefined,
  statuses: ReadonlyMap<string, ContainerStatus>,
): ContainerStatus[] {
  return (containers ?? []).flatMap((container) => statuses.get(container.name) ?? [])
}

function phaseOf(
  pod: Pod,
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  { ending, evicted }: PodFacts,
): Phase {
  const everStarted = main.filter(
    (status) => status.state?.waiting === undefined || status.lastState?.terminated !== undefined,
  )
  const running = main.some((status) => status.state?.running !== undefined)
  const restarts = pod.spec.restartPolicy ?? 'Always'
  if (evicted !== undefined && !running) return 'Failed'
  if (ending && !running) return endedPhase([...init, ...main])
  // Nothing starts any more where an init container failed for good.
  if (restarts === 'Never' && init.some(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0))
    return 'Failed'
  if (everStarted.length < main.length) return 'Pending'
  if (running || restarts === 'Always') return 'Running'
  const codes = main.map((status) => status.state?.terminated?.exitCode)
  if (codes.includes(undefined)) return 'Running'
  if (codes.every((code) => code === 0)) return 'Succeeded'
  return restarts === 'Never' ? 'Failed' : 'Running'
}

/** A pod that was ended: Succeeded only when every container exited 0. */
function endedPhase(statuses: readonly ContainerStatus[]): Phase {
  const terminated = statuses.map((status) => status.state?.terminated)
  return terminated.every((end) => end?.exitCode === 0) ? 'Succeeded' : 'Failed'
}

function conditionsOf(
  pod: Pod,
  statuses: ReadonlyMap<string, ContainerStatus>,
  phase: Phase,
  facts: PodFacts,
): PodCondition[] {
  const ready = readiness(pod, statuses, phase)
  return [
    { type: 'PodReadyToStartContainers', status: facts.sandboxUp ? 'True' : 'False' },
    initialized(pod, statuses),
    { type: 'Ready', ...ready },
    { type: 'ContainersReady', ...ready },
    { type: 'PodScheduled', status: 'True' },
  ]
}

function initialized(pod: Pod, statuses: ReadonlyMap<string, ContainerStatus>): PodCondition {
  const open = (pod.spec.initContainers ?? []).filter((container) => {
    const status = statuses.get(container.name)
    if (isSidecar(container)) return status?.started !== true && status?.state?.terminated === undefined
    return status?.state?.terminated?.exitCode !== 0
  })
  if (open.length === 0) return { type: 'Initialized', status: 'True' }
  const names = open.map((container) => container.name).join(' ')
  return {
    type: 'Initialized',
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${names}]`,
  }
}

function readiness(
  pod: Pod,
  statuses: ReadonlyMap<string, ContainerStatus>,
  phase: Phase,
): Omit<PodCondition, 'type'> {
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' }
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' }
  const counted = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers]
  const unready = counted.filter((container) => statuses.get(container.name)?.ready !== true)
  if (unready.length === 0) return { status: 'True' }
  const names = unready.map((container) => container.name).join(' ')
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${names}]`,
  }
}

function stamp(condition: PodCondition, before: PodStatus | undefined, now: Date): PodCondition {
  const old = before?.conditions?.find((old) => old.type === condition.type)
  const kept = old?.status === condition.status ? old.lastTransitionTime : undefined
  return { lastProbeTime: null, lastTransitionTime: kept ?? timestamp(now), ...condition }
}
