import type { ContainerStatus, Pod } from '../../../contract/objects.ts'
import { isRecord, listAt, recordAt, stringAt } from '../object.ts'
import { ageSince } from './age.ts'
import { ageColumn, column, nameColumn, none, wide, type TableView } from './table-view.ts'

export const podTable: TableView = {
  columns: [
    nameColumn,
    column('Ready', 'Containers that are ready, of all.'),
    column('Status', 'What the containers of the pod are doing.'),
    column('Restarts', 'Restarts of the containers, and when the last was.'),
    ageColumn,
    wide('IP', 'Address of the pod.'),
    wide('Node', 'Node the pod is bound to.'),
    wide('Nominated Node', 'Node the pod waits for.'),
    wide('Readiness Gates', 'Readiness gates that are met, of all.'),
  ],
  row(object, now) {
    const pod = object as unknown as Pod
    const { status, ready, total, restarts, lastRestart } = summarise(pod)
    const ago = restarts > 0 && lastRestart !== '' ? ` (${ageSince(lastRestart, now)} ago)` : ''
    return [
      pod.metadata.name,
      `${ready}/${total}`,
      status,
      `${restarts}${ago}`,
      ageSince(pod.metadata.creationTimestamp, now),
      pod.status?.podIP ?? none,
      pod.spec.nodeName ?? none,
      stringAt(pod.status, 'nominatedNodeName') ?? none,
      readinessGates(pod),
    ]
  },
}

interface Summary {
  status: string
  ready: number
  total: number
  restarts: number
  /** When a container last ended before its restart; empty when none did. */
  lastRestart: string
}

/** The one-word status that `kubectl get pods` shows, with what stands around it. */
function summarise(pod: Pod): Summary {
  const sidecars = new Set(
    (pod.spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always').map((one) => one.name),
  )
  const summary: Summary = {
    status: pod.status?.reason ?? pod.status?.phase ?? '',
    ready: 0,
    total: pod.spec.containers.length + sidecars.size,
    restarts: 0,
    lastRestart: '',
  }
  const gated = (pod.status?.conditions ?? []).some(
    (one) => one.type === 'PodScheduled' && one.reason === 'SchedulingGated',
  )
  if (gated) summary.status = 'SchedulingGated'
  const initializing = addInitContainers(pod, sidecars, summary)
  if (!initializing || hasCondition(pod, 'Initialized')) addContainers(pod, sidecars, summary)
  if (pod.metadata.deletionTimestamp !== undefined) summary.status = leavingStatus(pod, summary.status)
  return summary
}

function leavingStatus(pod: Pod, status: string): string {
  if (pod.status?.reason === 'NodeLost') return 'Unknown'
  const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
  return ended ? status : 'Terminating'
}

/** Returns whether an init container still holds the pod up; `status` then says which and why. */
function addInitContainers(pod: Pod, sidecars: ReadonlySet<string>, summary: Summary): boolean {
  const total = pod.spec.initContainers?.length ?? 0
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    addRestarts(container, summary)
    if (container.state?.terminated?.exitCode === 0) continue
    if (sidecars.has(container.name) && container.started === true) {
      if (container.ready) summary.ready += 1
      continue
    }
    summary.status = initStatus(container, index, total)
    return true
  }
  return false
}

function initStatus(container: ContainerStatus, index: number, total: number): string {
  const terminated = container.state?.terminated
  if (terminated !== undefined) return `Init:${terminatedReason(terminated)}`
  const waiting = container.state?.waiting?.reason ?? ''
  return waiting === '' || waiting === 'PodInitializing' ? `Init:${index}/${total}` : `Init:${waiting}`
}

/** Restarts of init containers that have ended no longer count once the pod's own containers do. */
function addContainers(pod: Pod, sidecars: ReadonlySet<string>, summary: Summary): void {
  summary.restarts = 0
  summary.lastRestart = ''
  for (const container of pod.status?.initContainerStatuses ?? []) {
    if (sidecars.has(container.name)) addRestarts(container, summary)
  }
  let running = false
  for (const container of (pod.status?.containerStatuses ?? []).toReversed()) {
    addRestarts(container, summary)
    const { waiting, terminated, running: runs } = container.state ?? {}
    if ((waiting?.reason ?? '') !== '') summary.status = waiting?.reason ?? ''
    else if (terminated !== undefined) summary.status = terminatedReason(terminated)
    else if (container.ready && runs !== undefined) {
      running = true
      summary.ready += 1
    }
  }
  if (summary.status === 'Completed' && running) {
    summary.status = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady'
  }
}

function addRestarts(container: ContainerStatus, summary: Summary): void {
  summary.restarts += container.restartCount
  const ended = container.lastState?.terminated?.finishedAt ?? ''
  if (ended > summary.lastRestart) summary.lastRestart = ended
}

function terminatedReason(terminated: { exitCode: number; signal?: number; reason?: string }): string {
  if ((terminated.reason ?? '') !== '') return terminated.reason ?? ''
  return (terminated.signal ?? 0) === 0 ? `ExitCode:${terminated.exitCode}` : `Signal:${terminated.signal}`
}

function hasCondition(pod: Pod, type: string): boolean {
  return (pod.status?.conditions ?? []).some((one) => one.type === type && one.status === 'True')
}

function readinessGates(pod: Pod): string {
  const gates = listAt(pod.spec, 'readinessGates').filter(isRecord)
  if (gates.length === 0) return none
  const met = gates.filter((gate) => hasCondition(pod, stringAt(gate, 'conditionType') ?? '')).length
  return `${met}/${gates.length}`
}

/** Names and images of a pod template's containers, comma separated. */
export function templateContainers(template: unknown): { names: string; images: string } {
  const containers = listAt(recordAt(template, 'spec'), 'containers')
  const join = (field: string): string => containers.map((one) => stringAt(one, field) ?? '').join(',')
  return { names: join('name'), images: join('image') }
}
