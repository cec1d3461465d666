import { createClient, type KubeSeiClient } from '../client/client.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { labels } from '../contract/labels.ts'
import type { RunOptions } from '../contract/spec.ts'
import { timeOf } from '../probe/cluster-time.ts'
import type { Feed } from './feed.ts'
import type { Ledger } from './ledger.ts'
import type { Opening } from './opening.ts'
import { preflight } from './preflight.ts'
import type { RunAccounts } from './run-accounts.ts'
import { RunClosures } from './run-closures.ts'
import { RunNamespaces } from './run-namespaces.ts'

export interface OpenOptions {
  readonly run: string
  readonly options: RunOptions
  readonly feed: Feed
  readonly ledger: Ledger
  readonly accounts: RunAccounts
  readonly opening: Opening
}

/** A cluster that passed preflight, and what a run keeps about it. */
export interface OpenedCluster {
  readonly cluster: Cluster
  readonly client: KubeSeiClient
  readonly namespaces: RunNamespaces
  readonly closures: RunClosures
  /** Aborts, with the reason, when the cluster is gone and everything in it with it. */
  readonly gone: AbortSignal
  close(): Promise<void>
}

/** Waits for the run's cluster. Throws CLUSTER_UNAVAILABLE or PREFLIGHT_FAILED; nothing is left open then. */
export async function openForRun(options: OpenOptions): Promise<OpenedCluster> {
  const { feed, run, ledger, accounts } = options
  feed.emit({ type: 'cluster', state: 'starting' })
  const cluster = await options.opening.cluster
  try {
    await preflight(cluster)
  } catch (error) {
    await cluster.close()
    throw error
  }
  feed.emit({ type: 'cluster', state: 'ready', detail: cluster.describe() })
  const { kube, simulated, namespace: home } = cluster
  const client = createClient(cluster, {
    labels: { [labels.harnessRun]: run },
    readiness: options.options.readiness,
    onProgress: (network, { node, role, step, elapsedMs }) => {
      const value = step.lastValue === undefined ? {} : { value: step.lastValue }
      feed.emit({
        type: 'gate',
        network,
        node,
        role,
        gate: step.gate,
        state: step.state,
        elapsedMs,
        ...value,
      })
    },
  })
  const closures = new RunClosures(kube, run, timeOf(cluster.clockUrl))
  const gone = new AbortController()
  void cluster.exited.then((error) => gone.abort(error))
  return {
    cluster,
    gone: gone.signal,
    client,
    closures,
    namespaces: new RunNamespaces({ kube, run, ledger, accounts, closures, simulated, home }),
    close: async () => {
      closures.close()
      client.close()
      await cluster.close()
    },
  }
}
