import type { Place } from '../contract/kinds.ts'
import { watchTerminations, type TerminationWatch } from '../client/termination-watch.ts'
import type { Termination } from '../contract/halts.ts'
import type { KubeClient } from '../kube/types.ts'
import type { Feed } from './feed.ts'
import type { NetworkEntry } from './network-pool.ts'

/** The end of a container, and its log once that has been read. */
export interface RecordedTermination extends Termination {
  log?: string | undefined
}

export type EndedListener = (termination: Termination, log: Promise<string | undefined>) => void

export interface RunTerminationsOptions {
  readonly feed: Feed
  /** Whose node it is; `undefined` for a stranger's, and for one that the run is deleting. */
  ownerOf(node: Place): NetworkEntry | undefined
}

/** The newest of each network: a node may crash in a loop for hours. */
const keptPerNetwork = 200

/** Every container end of a run's nodes: told at once, and kept with its log for evidence and verdicts. */
export class RunTerminations {
  readonly #options: RunTerminationsOptions
  readonly #byEntry = new WeakMap<NetworkEntry, RecordedTermination[]>()
  readonly #listeners = new WeakMap<NetworkEntry, Set<EndedListener>>()

  constructor(options: RunTerminationsOptions) {
    this.#options = options
  }

  /** Watches the pods of a cluster, in the namespaces that are named to what this returns. */
  watch(kube: KubeClient): TerminationWatch {
    return watchTerminations({
      kube,
      concerns: (place) => this.#options.ownerOf(place) !== undefined,
      onTermination: (termination, log) => this.#record(termination, log),
    })
  }

  of(entry: NetworkEntry): readonly RecordedTermination[] {
    return this.#byEntry.get(entry) ?? []
  }

  /** Hears of each end of the entry's containers from now on. Returns the way to stop. */
  subscribe(entry: NetworkEntry, listener: EndedListener): () => void {
    const listeners = this.#listeners.get(entry) ?? new Set()
    this.#listeners.set(entry, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  #record(termination: Termination, log: Promise<string | undefined>): void {
    const { namespace, node } = termination
    const entry = this.#options.ownerOf({ namespace, name: node })
    if (entry === undefined) return
    const record: RecordedTermination = { ...termination }
    void log.then((text) => (record.log = text))
    this.#byEntry.set(entry, [...this.of(entry), record].slice(-keptPerNetwork))
    this.#options.feed.emit({ type: 'termination', network: entry.name, ...describe(termination) })
    for (const listener of this.#listeners.get(entry) ?? []) listener(termination, log)
  }
}

function describe({ node, pod, container, exitCode, reason, finishedAt }: Termination): {
  node: string
  pod: string
  container: string
  exitCode?: number
  reason?: string
  finishedAt?: string
} {
  return {
    node,
    pod,
    container,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  }
}
