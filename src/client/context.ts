import { readinessBudget, type ReadinessBudget } from '../contract/defaults.ts'
import type { Mode } from '../contract/modes.ts'
import type { Time } from '../contract/time.ts'
import type { KubeClient } from '../kube/types.ts'
import { timeOf } from '../probe/cluster-time.ts'
import type { GateProgress } from '../probe/trace.ts'
import { watchClosure, type ClosureWatch } from './closure-watch.ts'
import { createWatches, type ClientWatches } from './watches.ts'

/** A cluster as the handles need it: a connection, and the way from a published URL to one that answers here. */
export interface ReachableCluster {
  readonly kube: KubeClient
  readonly mode: Mode
  readonly simulated: boolean
  readonly rate?: number | undefined
  readonly blockMs?: number | undefined
  /** Door of its virtual clock. */
  readonly clockUrl?: string | undefined
  /** Namespace for objects that name none. */
  readonly namespace: string
  /** Waits until the Service that `url` names can be reached, up to `signal`. */
  reach(url: string, signal?: AbortSignal): Promise<string>
}

export interface ClientOptions {
  /** Called for every gate of every node when its state or value changes. */
  readonly onProgress?: ((network: string, progress: GateProgress) => void) | undefined
  /** Budgets in ms that replace the mode's. */
  readonly readiness?: Partial<ReadinessBudget> | undefined
  /** Labels for everything that is created, beside those of the spec. */
  readonly labels?: Readonly<Record<string, string>> | undefined
}

/** What every handle of one client shares. */
export interface ClientContext {
  readonly cluster: ReachableCluster
  readonly kube: KubeClient
  readonly watches: ClientWatches
  readonly budget: ReadinessBudget
  /** The cluster's: what deadlines and pauses are measured by. */
  readonly time: Time
  readonly onProgress: (network: string, progress: GateProgress) => void
  readonly labels: Readonly<Record<string, string>>
  /** What is left in a namespace, watched from the first deletion on. */
  closure(namespace: string): ClosureWatch
  close(): void
}

export function createContext(cluster: ReachableCluster, options: ClientOptions = {}): ClientContext {
  const { kube, mode } = cluster
  const time = timeOf(cluster.clockUrl)
  const watches = createWatches(kube)
  const closures = new Map<string, ClosureWatch>()
  return {
    cluster,
    kube,
    watches,
    time,
    budget: { ...readinessBudget(mode, cluster), ...options.readiness },
    onProgress: options.onProgress ?? (() => {}),
    labels: options.labels ?? {},
    closure: (namespace) => {
      const closure = closures.get(namespace) ?? watchClosure(kube, [namespace], time)
      closures.set(namespace, closure)
      return closure
    },
    close: () => {
      watches.close()
      for (const closure of closures.values()) closure.close()
    },
  }
}
