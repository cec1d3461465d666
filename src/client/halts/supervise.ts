import type { Place } from '../../contract/kinds.ts'
import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import type { HaltVerdict } from '../../contract/halts.ts'
import type { CallTask } from '../../contract/tasks.ts'
import type { ClientContext } from '../context.ts'
import type { ClientNode } from '../node.ts'
import { GoodImages } from './good-images.ts'
import { HaltSupervisor, type HaltSupervisorOptions } from './halt-supervisor.ts'
import { planImages } from './images.ts'

export interface SuperviseOptions extends Pick<
  HaltSupervisorOptions,
  'options' | 'capture' | 'expect' | 'onNotification' | 'onNotice'
> {
  /** Where the nodes are, and the ConfigMap of images if there is one. */
  readonly namespace: string
  /** Whether a node is one of those that are supervised. */
  concerns(node: Place): boolean
  readonly call: CallTask
}

/** The supervision of halts in one namespace. */
export interface HaltSupervision {
  /** Takes a verdict on a node. What it opens is open when this returns. */
  take(network: string, node: Place, verdict: HaltVerdict): void
  /** A node was seen caught up with that image: it is where a later one can go back to. */
  well(node: Place, image: string): void
  /** Resolves once nothing is being done any more. */
  settled(): Promise<void>
  /** Begins nothing more, and ends its watches. What has begun is told to end. */
  close(): void
}

export interface Supervised {
  readonly client: ClientContext
  handle(node: SeiNode): ClientNode
  getNode(place: Place): Promise<ClientNode>
}

export function superviseHalts(
  { client, handle, getNode }: Supervised,
  options: SuperviseOptions,
): HaltSupervision {
  const { namespace, concerns } = options
  const stop = new AbortController()
  const { signal } = stop
  const images = planImages(client.kube, namespace, options.options.images ?? {})
  const { nodes, pods } = client.watches.of(namespace)
  const good = new GoodImages({ nodes, pods, concerns, signal, handle: getNode })
  const supervisor = new HaltSupervisor({ ...options, client, images, good, signal })
  return {
    take: (network, place, verdict) => {
      const object = nodes.get(place)
      if (object !== undefined) supervisor.take(network, handle(object), verdict)
    },
    well: (node, image) => good.record(node, image),
    settled: () => supervisor.settled(),
    close: () => {
      stop.abort(new Error('the supervision ends'))
      images.close()
    },
  }
}
