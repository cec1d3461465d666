import type { Cluster } from '../clusters/cluster.ts'
import { slowerBlocksMs, type Pace } from '../contract/defaults.ts'
import type { NetworkHandle } from '../contract/handles.ts'
import { isCancelled } from '../errors/guards.ts'
import { SeiError } from '../errors/sei-error.ts'

export interface WatchNetworkOptions {
  readonly network: NetworkHandle
  readonly cluster: Pace & Pick<Cluster, 'simulated' | 'exited'>
  /** Ends the watch: the network is being deleted. */
  readonly stop: AbortSignal
  onLost(error: SeiError): void
}

/** For how long the committed height may stand still, and how often it is read, in ms; slower blocks get more. */
const patience = {
  simulated: { stallMs: 3_000, everyMs: 250 },
  real: { stallMs: 60_000, everyMs: 2_000 },
} as const

/**
 * Watches a network that was ready. Calls `onLost` once, with NETWORK_LOST when the height that a quorum has committed stands
 * still, or with CLUSTER_EXITED when the cluster ends.
 */
export function watchNetwork(options: WatchNetworkOptions): void {
  const { stop, onLost, cluster } = options
  const lost = new AbortController()
  const lose = (error: SeiError): void => {
    if (stop.aborted || lost.signal.aborted) return
    lost.abort(error)
    onLost(error)
  }
  void cluster.exited.then(lose)
  void followHeight(options, AbortSignal.any([stop, lost.signal]), lose)
}

async function followHeight(
  { network, cluster }: WatchNetworkOptions,
  signal: AbortSignal,
  lose: (error: SeiError) => void,
): Promise<void> {
  const { stallMs: leastMs, everyMs } = cluster.simulated ? patience.simulated : patience.real
  const stallMs = leastMs + 5 * slowerBlocksMs(cluster)
  let height = 0
  // By a clock that stands still while the machine sleeps: the chain slept too.
  let since = performance.now()
  let last = 'no answer yet'
  while (!signal.aborted) {
    try {
      const now = await network.latestHeight({ signal, timeoutMs: stallMs })
      last = `height ${now}`
      if (now > height) {
        height = now
        since = performance.now()
      }
    } catch (error) {
      if (isCancelled(error) || signal.aborted) return
      last = error instanceof Error ? error.message : String(error)
    }
    const stalledMs = performance.now() - since
    if (stalledMs > stallMs) return lose(chainStalled(network.name, height, stalledMs, last))
    await pause(everyMs, signal)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    timer.unref()
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })
}

function chainStalled(network: string, height: number, stalledMs: number, last: string): SeiError {
  const at = new Date(Date.now() - stalledMs).toISOString()
  return new SeiError(
    `network ${network} is lost: no block after height ${height} since ${at}; last seen: ${last}`,
    {
      class: 'failed',
      code: 'NETWORK_LOST',
      details: { cause: 'chain', network, height, since: at },
      hint: 'the evidence has the consensus state and log of each node',
    },
  )
}
