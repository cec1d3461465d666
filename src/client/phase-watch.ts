import { cancellation } from '../probe/http.ts'
import type { PhaseWatch } from '../probe/gate-types.ts'
import type { ClientContext } from './context.ts'
import { diagnose, likelyCause, namesOf, readFacts, type NodeFacts } from './diagnose.ts'
import type { NamespaceWatches } from './watches.ts'

export interface WatchedNode {
  readonly name: string
  readonly namespace: string
  /** The network whose validator it is; left out for followers. */
  readonly network?: string | undefined
}

/** A node's Kubernetes side for the gates, read from the client's shared watches. */
export function createPhaseWatch(context: ClientContext, node: WatchedNode): PhaseWatch {
  const watches = context.watches.of(node.namespace)
  const ref = { namespace: node.namespace, name: node.name }
  const facts = (): NodeFacts => readFacts(watches, node.namespace, node.name, node.network)
  return {
    waitRunning: (signal, observe) =>
      watches.nodes.waitFor(
        () => {
          const seen = watches.nodes.get(ref)
          if (seen?.status?.phase === 'Running') return 'Running'
          observe(seen === undefined ? 'not there yet' : (seen.status?.phase ?? 'no phase'))
          return undefined
        },
        { signal, description: `SeiNode ${node.name} to be Running` },
      ),
    terminal: (signal) => waitForTerminal(context, node, facts, signal),
    likelyCause: () => likelyCause(facts(), context.budget),
  }
}

/** Looks again at each change of the node, its pod, events or network; a finding with a grace ends the wait after it. */
function waitForTerminal(
  context: ClientContext,
  node: WatchedNode,
  facts: () => NodeFacts,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let stops: readonly (() => void)[] = []
    let pending: { cause: string; since: number; cancel: () => void } | undefined
    let seen = false
    let queued = false

    const finish = (settle: () => void): void => {
      for (const stop of stops) stop()
      pending?.cancel()
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    const onAbort = (): void => finish(() => reject(cancellation(signal)))
    const look = (): void => {
      queued = false
      if (signal.aborted) return
      const now = facts()
      if (seen && now.node === undefined) return finish(() => resolve(`SeiNode ${now.name} was deleted`))
      seen ||= now.node !== undefined
      const found = diagnose(now, context.budget)
      if (found === undefined || found.graceMs === Infinity) {
        pending?.cancel()
        pending = undefined
        return
      }
      // The same trouble in other words (ErrImagePull, then ImagePullBackOff) keeps its start.
      const since = pending?.since ?? context.time.now()
      const left = since + found.graceMs - context.time.now()
      pending?.cancel()
      if (left <= 0) return finish(() => resolve(found.cause))
      pending = { cause: found.cause, since, cancel: context.time.after(left, look) }
    }
    // One look per turn, however many objects changed in it.
    const wake = (): void => {
      if (queued) return
      queued = true
      queueMicrotask(look)
    }
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    stops = subscribeTo(node, context.watches.of(node.namespace), wake)
    wake()
  })
}

/** Only its own objects wake a node: with a hundred of them everything else would be looked at a hundred times. */
function subscribeTo(node: WatchedNode, watches: NamespaceWatches, wake: () => void): (() => void)[] {
  const own = namesOf(node)
  const wakeFor = (name: string | undefined): void => (own.has(name ?? '') ? wake() : undefined)
  return [
    watches.nodes.subscribe(({ object }) => wakeFor(object.metadata.name)),
    watches.pods.subscribe(({ object }) => wakeFor(object.metadata.name)),
    watches.events.subscribe(({ object }) => wakeFor(object.involvedObject.name)),
    watches.networks.subscribe(({ object }) => (object.metadata.name === node.network ? wake() : undefined)),
  ]
}
