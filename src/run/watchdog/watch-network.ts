import type { Cluster } from '../../clusters/cluster.ts'
import type { Pace } from '../../contract/defaults.ts'
import type { NodeHandle } from '../../contract/handles.ts'
import { SeiError } from '../../errors/sei-error.ts'
import { timeOf } from '../../probe/cluster-time.ts'
import type { Disruptions } from '../disruptions.ts'
import type { EndedListener } from '../run-terminations.ts'
import { networkLost } from './loss.ts'
import { NetworkWatch } from './network-watch.ts'
import { patienceOf, type WatchdogOptions } from './patience.ts'
import type { Verdicts } from './verdicts.ts'

export interface WatchNetworkOptions {
  readonly network: string
  /** Validators and followers that are there now. */
  nodes(): readonly NodeHandle[]
  readonly cluster: Pace & Pick<Cluster, 'simulated' | 'exited' | 'clockUrl'>
  readonly options: WatchdogOptions
  readonly disruptions: Disruptions
  readonly verdicts: Verdicts
  /** Ends of the network's containers from now on. Returns the way to stop. */
  onEnded(listener: EndedListener): () => void
  /** Reads anew what has ended, and tells those listeners; resolves to how many ends there were. */
  refresh(): Promise<number>
  /** Ends the watch: the network is being deleted. */
  readonly stop: AbortSignal
  onLost(error: SeiError): void
}

/**
 * Watches a network that was ready. Calls `onLost` once: with CLUSTER_EXITED when the cluster ends, with NETWORK_LOST when a
 * node ends or announces a halt, its chain stands, forks or loses its quorum, or a node stops following, and no window of
 * `disruptions` explains it.
 */
export function watchNetwork(options: WatchNetworkOptions): void {
  const { network, stop, onLost, cluster, disruptions, verdicts } = options
  const lost = new AbortController()
  const signal = AbortSignal.any([stop, lost.signal])
  const lose = (error: SeiError): void => {
    if (signal.aborted) return
    lost.abort(error)
    onLost(error)
  }
  void cluster.exited.then(lose)
  const watch = new NetworkWatch({
    network,
    nodes: options.nodes,
    refresh: options.refresh,
    patience: patienceOf(cluster, options.options),
    time: timeOf(cluster.clockUrl),
    disruptions,
    verdicts,
    signal,
    onLoss: (loss) => {
      if (options.options.enabled !== false) lose(networkLost(loss))
    },
  })
  const unsubscribe = options.onEnded((termination, log) => {
    watch.ended(termination, log).catch((cause: unknown) => lose(watchFailed(network, cause)))
  })
  signal.addEventListener('abort', unsubscribe, { once: true })
  // A network that nobody watches any more must not pass for one that is well.
  watch.run().catch((cause: unknown) => lose(watchFailed(network, cause)))
}

function watchFailed(network: string, cause: unknown): SeiError {
  return new SeiError(`the watch of network ${network} failed: ${String(cause)}`, {
    class: 'infra',
    code: 'INTERNAL',
    cause,
  })
}
