import type { Cluster } from '../clusters/cluster.ts'
import { openCluster } from '../clusters/open.ts'
import type { ResolvedMode } from '../contract/modes.ts'
import type { RunOptions } from '../contract/spec.ts'

/** A run's cluster on its way, begun before those who use it are loaded. */
export interface Opening {
  readonly cluster: Promise<Cluster>
  /** Gives the start up; a cluster that is open already stays. */
  cancel(reason: Error): void
}

/** Begins to open the cluster of `mode`. Nobody has to wait for it: a failure reaches those who do. */
export function beginOpening(mode: ResolvedMode, options: RunOptions): Opening {
  const cancelled = new AbortController()
  const cluster = openCluster(mode, { ...options, signal: cancelled.signal })
  cluster.catch(() => {})
  return { cluster, cancel: (reason) => cancelled.abort(reason) }
}
