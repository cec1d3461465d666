import type { ContainerState, Pod } from '../../contract/objects.ts'
import type { ScenarioResult } from '../../contract/scenario.ts'

export type Terminated = NonNullable<ContainerState['terminated']>

/** What the end of a pod says. */
export interface Ended {
  readonly result: ScenarioResult
  readonly exitCode?: number | undefined
  readonly reason?: string | undefined
  readonly finishedAt?: string | undefined
}

/** Of the step's own container: sidecars that an admission webhook put in say nothing of it. */
export function terminatedOf(pod: Pod, container: string): Terminated | undefined {
  const statuses = pod.status?.containerStatuses ?? []
  const own =
    statuses.find(({ name }) => name === container) ?? (statuses.length === 1 ? statuses[0] : undefined)
  return own?.state?.terminated ?? own?.lastState?.terminated
}

export function isOver(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

/**
 * How a pod ended; `undefined` while it has not. The kubelet's reason of a failed pod (`DeadlineExceeded`, `Evicted`, …) tells
 * more than the exit code of a container that it killed.
 */
export function endOf(pod: Pod, container: string): Ended | undefined {
  const terminated = terminatedOf(pod, container)
  if (!isOver(pod) && terminated === undefined) return undefined
  const { exitCode, finishedAt } = terminated ?? {}
  const seen = { exitCode, finishedAt }
  const { reason, message } = pod.status ?? {}
  if (reason === 'DeadlineExceeded')
    return { ...seen, result: 'timeout', reason: 'activeDeadlineSeconds of its pod' }
  if (reason !== undefined && reason !== '')
    return { ...seen, result: 'infra-fail', reason: said(reason, message) }
  const disrupted = pod.status?.conditions?.find(
    ({ type, status }) => type === 'DisruptionTarget' && status === 'True',
  )
  if (disrupted !== undefined)
    return { ...seen, result: 'infra-fail', reason: said(disrupted.reason ?? 'disrupted', disrupted.message) }
  if (terminated === undefined) return lostContainer(pod)
  return { ...seen, ...readExit(terminated) }
}

function lostContainer(pod: Pod): Ended {
  return pod.status?.phase === 'Succeeded'
    ? { result: 'pass' }
    : { result: 'infra-fail', reason: 'its pod failed, and no container tells how' }
}

/**
 * 0 is a pass, 2 trouble of the infrastructure by the contract of steps. From 126 on nobody's verdict is in the number: not
 * executable, not found, killed by a signal. Everything else is the step's own failure.
 */
function readExit({ exitCode, reason, signal }: Terminated): Pick<Ended, 'result' | 'reason'> {
  if (exitCode === 0) return { result: 'pass' }
  const told = reason === undefined || reason === 'Error' ? undefined : reason
  if (exitCode === 2) return { result: 'infra-fail', reason: told }
  if (exitCode < 126 && exitCode > 0) return { result: 'task-fail', reason: told }
  return { result: 'infra-fail', reason: told ?? killed(exitCode, signal) }
}

function killed(exitCode: number, signal: number | undefined): string | undefined {
  const number = signal ?? (exitCode > 128 ? exitCode - 128 : 0)
  if (number === 9) return 'killed by signal 9, as when memory runs out'
  if (number > 0) return `killed by signal ${number}`
  return exitCode === 126
    ? 'its command cannot be executed'
    : exitCode === 127
      ? 'its command is not there'
      : undefined
}

function said(reason: string, message: string | undefined): string {
  const line = message?.trim().split('\n')[0] ?? ''
  return line === '' ? reason : `${reason}: ${line.slice(0, 200)}`
}
