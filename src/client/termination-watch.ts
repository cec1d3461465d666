import type { Termination } from '../contract/halts.ts'
import { pods, type Place } from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import type { Pod } from '../contract/objects.ts'
import type { KubeClient, Watch, WatchEvent } from '../kube/types.ts'
import { findHaltLine } from '../probe/halt/halt-line.ts'
import { notSeen, TerminationTracker, type SeenTermination } from './terminations.ts'

export interface TerminationWatchOptions {
  readonly kube: KubeClient
  /** Whether anyone wants to hear of a node's containers. Asked at each end. */
  concerns(node: Place): boolean
  /**
   * Hears of each end at once. The log resolves when it has been read, to `undefined` where there is none any more; it is
   * asked for in the same moment, since the next instance takes it away within seconds.
   */
  onTermination(termination: Termination, log: Promise<string | undefined>): void
}

/** Container ends of the nodes of some namespaces, over the shared watch of their pods. */
export interface TerminationWatch {
  /** Idempotent. */
  include(namespace: string): void
  /**
   * Reads the pods anew and tells of ends that the watch has not: it may hang without anyone knowing. Resolves to how many
   * there were; rejects when the pods cannot be read.
   */
  refresh(): Promise<number>
  close(): void
}

/** The newest end is what matters: a Go panic with its goroutines is a few KiB. */
const tailLines = 2_000
const limitBytes = 256 * 1024

export function watchTerminations({
  kube,
  concerns,
  onTermination,
}: TerminationWatchOptions): TerminationWatch {
  const watches = new Map<string, Watch<Pod>>()
  const takers = new Map<string, (event: WatchEvent<Pod>) => number>()
  const takerOf = (watch: Watch<Pod>): ((event: WatchEvent<Pod>) => number) => {
    const tracker = new TerminationTracker()
    return (event) => {
      if (event.object.metadata.labels?.[labels.node] === undefined) return 0
      const told = tracker.observe(event, new Date().toISOString()).filter(({ termination }) => {
        const { namespace, node: name } = termination
        return concerns({ namespace, name })
      })
      for (const seen of told) onTermination(seen.termination, readLog(kube, watch, seen))
      return told.length
    }
  }
  return {
    include: (namespace) => {
      if (watches.has(namespace)) return
      const watch = kube.watch<Pod>(pods, { namespace })
      const take = takerOf(watch)
      watches.set(namespace, watch)
      takers.set(namespace, take)
      watch.subscribe(take)
    },
    refresh: async () => {
      const counts = await Promise.all(
        [...takers].map(async ([namespace, take]) => {
          const { items } = await kube.list<Pod>(pods, { namespace })
          return items.reduce((sum, object) => sum + take({ type: 'MODIFIED', object }), 0)
        }),
      )
      return counts.reduce((sum, count) => sum + count, 0)
    },
    close: () => {
      for (const watch of watches.values()) watch.close()
      watches.clear()
      takers.clear()
    },
  }
}

/** What a container had to say, as far as it can be told from what others said; undefined where there is nothing of its own. */
async function readLog(
  kube: KubeClient,
  watch: Watch<Pod>,
  seen: SeenTermination,
): Promise<string | undefined> {
  const { namespace, pod: name, podUid, reason } = seen.termination
  // What nobody saw end has no log that could be told from others'.
  if (reason === notSeen) return undefined
  const text = await readOfPod(kube, watch, seen)
  if (text === undefined || findHaltLine(text) !== undefined) return text
  // Logs are asked for by name: a pod that has come in place of this one answers with its own.
  const now = await kube.find<Pod>(pods, { namespace, name }).catch(() => undefined)
  return now !== undefined && now.metadata.uid !== podUid ? undefined : text
}

/**
 * A container that restarts while its log is read has moved it to `previous`, and the answer is its successor's: often still
 * empty.
 */
async function readOfPod(
  kube: KubeClient,
  watch: Watch<Pod>,
  { termination, previous }: SeenTermination,
): Promise<string | undefined> {
  const { namespace, pod: name, container, restartCount, podUid, exitCode } = termination
  const read = (ofPrevious: boolean): Promise<string | undefined> =>
    kube
      .logs({ namespace, name }, { container, previous: ofPrevious, tailLines, limitBytes })
      .catch(() => undefined)
  const text = await read(previous)
  if (previous || exitCode === 0 || (text !== undefined && findHaltLine(text) !== undefined)) return text
  const before = await read(true)
  if (before === undefined) return text
  // A crash loop ends in one way: where the current log says nothing of it, it is that of an instance which has just begun.
  if (findHaltLine(before) !== undefined) return before
  const now = watch.get({ namespace, name })
  const status = now?.status?.containerStatuses?.find((one) => one.name === container)
  const restarted = now?.metadata.uid === podUid && (status?.restartCount ?? 0) > restartCount
  return restarted || text === undefined || text.trim() === '' ? before : text
}
