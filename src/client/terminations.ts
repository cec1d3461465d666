import type { Termination } from '../contract/halts.ts'
import { labels } from '../contract/labels.ts'
import type { ContainerState, ContainerStatus, Pod } from '../contract/objects.ts'
import type { WatchEvent } from '../kube/types.ts'

export type EndedContainer = NonNullable<ContainerState['terminated']>

/** A container's end as first seen, and where its log is to be had: `previous` once the next instance is there. */
export interface SeenTermination {
  readonly termination: Termination
  readonly previous: boolean
}

/** One container of one pod: which of its ends have been told, and how many there were. */
interface Life {
  readonly told: Set<string>
  /** Ends that cannot be told any more: they came before this tracker, or between two versions of the pod. */
  lost: number
  running: boolean
}

/** The kubelet's reason does not say it: that the pod was deleted under a container whose end nobody saw. */
export const podDeleted = 'PodDeleted'
/** An end between two versions of a pod: the restart count tells of it, and nothing else. */
export const notSeen = 'NotSeen'

/**
 * Reads container ends out of the versions of pods, each once. A version may show an end while it is the current state, only
 * as the last one, or not at all where the container restarted more than once or the pod was replaced in between.
 */
export class TerminationTracker {
  readonly #pods = new Map<string, Map<string, Life>>()

  observe({ type, object: pod }: WatchEvent<Pod>, seenAt: string): SeenTermination[] {
    const uid = pod.metadata.uid ?? ''
    const known = this.#pods.get(uid)
    const lives = known ?? new Map<string, Life>()
    this.#pods.set(uid, lives)
    const seen = containersOf(pod).flatMap((status) =>
      this.#look(pod, status, lives, known === undefined, seenAt),
    )
    if (type !== 'DELETED') return seen
    this.#pods.delete(uid)
    return [...seen, ...this.#cutOff(pod, lives, seenAt)]
  }

  #look(
    pod: Pod,
    status: ContainerStatus,
    lives: Map<string, Life>,
    first: boolean,
    seenAt: string,
  ): SeenTermination[] {
    const life = lives.get(status.name) ?? { told: new Set<string>(), lost: 0, running: false }
    lives.set(status.name, life)
    const { state, lastState, restartCount } = status
    const seen: SeenTermination[] = []
    const tell = (ended: EndedContainer | undefined, previous: boolean): void => {
      if (ended === undefined || life.told.has(keyOf(ended))) return
      life.told.add(keyOf(ended))
      seen.push({ termination: describe(pod, status, ended, seenAt), previous })
    }
    // With nothing current the last one's log is still the current log.
    tell(lastState?.terminated, state?.running !== undefined || state?.terminated !== undefined)
    tell(state?.terminated, false)
    life.running = state?.running !== undefined
    const over = state?.terminated ?? lastState?.terminated
    const ends = restartCount + (life.running || over === undefined ? 0 : 1)
    const missing = Math.max(0, ends - life.told.size - life.lost)
    life.lost += missing
    if (first || missing === 0) return seen
    const ended = { reason: notSeen }
    return [...seen, { termination: describe(pod, status, ended, seenAt), previous: true }]
  }

  #cutOff(pod: Pod, lives: ReadonlyMap<string, Life>, seenAt: string): SeenTermination[] {
    return containersOf(pod)
      .filter(({ name }) => lives.get(name)?.running === true)
      .map((status) => ({
        termination: describe(pod, status, { reason: podDeleted }, seenAt),
        previous: false,
      }))
  }
}

/** Init containers end because they are done: only their failures are ends. Sidecars among them never are done. */
function containersOf({ status }: Pod): ContainerStatus[] {
  const failedInit = (status?.initContainerStatuses ?? []).filter(
    ({ state, lastState, started }) =>
      started === true || [state, lastState].some((one) => (one?.terminated?.exitCode ?? 0) !== 0),
  )
  return [...failedInit, ...(status?.containerStatuses ?? [])]
}

/** In back-off the kubelet moves an end from `lastState` to `state` when its pod is deleted: the same container id. */
function keyOf({ containerID, finishedAt, startedAt, exitCode }: EndedContainer): string {
  return containerID ?? [startedAt, finishedAt, exitCode].join(' ')
}

function describe(
  pod: Pod,
  { name, restartCount }: ContainerStatus,
  ended: Partial<EndedContainer>,
  seenAt: string,
): Termination {
  const { metadata } = pod
  const { exitCode, signal, reason, startedAt, finishedAt } = ended
  return {
    namespace: metadata.namespace ?? '',
    node: metadata.labels?.[labels.node] ?? '',
    pod: metadata.name,
    podUid: metadata.uid ?? '',
    container: name,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined || signal === 0 ? {} : { signal }),
    ...(reason === undefined ? {} : { reason }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(metadata.deletionTimestamp === undefined ? {} : { podDeleting: true }),
    seenAt,
    restartCount,
  }
}
