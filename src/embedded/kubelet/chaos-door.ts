import type { ChainTransport } from '../chain/types.ts'
import type { PodWorker } from './pod.ts'

/** What is asked of the door, and what it answers: `note` where the node does not simulate what was asked for. */
export interface ChaosAnswer {
  readonly code: number
  /** JSON for 200, else a sentence. */
  readonly body: string
}

/** Faults of Chaos Mesh, as far as the processes and links of this node's pods can be reached. */
export interface ChaosDoor {
  /** @param path behind `/chaos/`: `<namespace>/<pod>/kill/<container>` or `<namespace>/<pod>/cut` */
  ask(path: string, body: string): ChaosAnswer
  /** The pod has gone, and what was cut for it with it: its successor is another pod, with another network. */
  forget(uid: string): void
}

interface End {
  readonly uid: string
  readonly nodeId: string
}

interface Cut {
  readonly pod: End
  readonly peers: readonly End[]
}

export function createChaosDoor(
  find: (namespace: string, pod: string) => PodWorker | undefined,
  chain: ChainTransport,
): ChaosDoor {
  /** By who asked for it, and for which pod. */
  const cuts = new Map<string, Cut>()
  const sever = (): void =>
    chain.sever(
      [...cuts.values()].flatMap(({ pod, peers }) => peers.map(({ nodeId }) => [pod.nodeId, nodeId])),
    )

  const cut = (worker: PodWorker, body: string): ChaosAnswer => {
    const { source, peers } = JSON.parse(body) as CutRequest
    const pod = endOf(worker)
    const name = worker.pod().metadata.name
    if (pod === undefined) return noted(`pod ${name} is no node of the simulated chain`)
    const found = peers.map((peer) => find(peer.namespace, peer.name))
    const others = found.flatMap((peer) => (peer === undefined ? [] : (endOf(peer) ?? [])))
    const key = `${source}|${pod.uid}`
    if (peers.length === 0) cuts.delete(key)
    else cuts.set(key, { pod, peers: others })
    sever()
    if (others.length === peers.length) return done
    return noted(
      `${peers.length - others.length} of the pods that ${name} is cut off from are no nodes of it`,
    )
  }

  return {
    ask(path, body) {
      const [namespace = '', name = '', verb, container = ''] = path.split('/').map(decodeURIComponent)
      const worker = find(namespace, name)
      if (worker === undefined) return { code: 404, body: `pod "${name}" not found` }
      if (verb === 'cut') return cut(worker, body)
      if (verb !== 'kill') return { code: 404, body: '404 page not found' }
      if (worker.container(container)?.kill() === true) return done
      return { code: 404, body: `container "${container}" of pod "${name}" is not running` }
    },
    forget(uid) {
      const before = cuts.size
      for (const [key, { pod }] of cuts) if (pod.uid === uid) cuts.delete(key)
      let isPeer = false
      for (const [key, { pod, peers }] of cuts) {
        if (!peers.some((peer) => peer.uid === uid)) continue
        isPeer = true
        cuts.set(key, { pod, peers: peers.filter((peer) => peer.uid !== uid) })
      }
      if (isPeer || cuts.size < before) sever()
    },
  }
}

interface CutRequest {
  readonly source: string
  readonly peers: readonly { readonly namespace: string; readonly name: string }[]
}

const done: ChaosAnswer = { code: 200, body: '{}' }

function noted(why: string): ChaosAnswer {
  return { code: 200, body: JSON.stringify({ note: `not simulated: ${why}` }) }
}

function endOf(worker: PodWorker): End | undefined {
  const nodeId = worker.nodeId()
  return nodeId === undefined ? undefined : { uid: worker.pod().metadata.uid ?? '', nodeId }
}
