import { join } from 'node:path'
import type { KubeSeiClient } from '../client/client.ts'
import type { HaltSupervision } from '../client/halts/supervise.ts'
import { watchTerminations, type TerminationWatch } from '../client/termination-watch.ts'
import type { Cluster } from '../clusters/cluster.ts'
import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../contract/crds/head/seinode.ts'
import type { HaltNotification, HaltOptions } from '../contract/halt-actions.ts'
import type { HaltVerdict } from '../contract/halts.ts'
import type { NodeHandle } from '../contract/handles.ts'
import { seiNetworks, seiNodes, type Place } from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import { captureEvidence } from '../evidence/capture.ts'
import type { Watch } from '../kube/types.ts'
import { createDisruptions, type Disruptions } from './disruptions.ts'
import type { EndedListener } from './run-terminations.ts'
import { createVerdicts, type Verdicts } from './watchdog/verdicts.ts'
import { watchNetwork } from './watchdog/watch-network.ts'
import { errorText } from '../errors/error-text.ts'

export interface HaltWatchOptions {
  readonly cluster: Cluster
  readonly client: KubeSeiClient
  readonly options: HaltOptions
  /** Only this network. @default every one of the cluster's namespace */
  readonly network?: string | undefined
  /** Folder under which evidence of a downgrade is kept. */
  readonly folder: string
  onNetwork(network: string, nodes: readonly string[]): void
  onVerdict(network: string, verdict: HaltVerdict): void
  onNotification(notification: HaltNotification): void
  onNotice(message: string): void
}

/** Watches the networks of a namespace for halts and deals with them, outside of any run. */
export class HaltWatch {
  readonly #options: HaltWatchOptions
  readonly #disruptions: Disruptions = createDisruptions()
  readonly #verdicts: Verdicts = createVerdicts()
  readonly #ended = new Set<EndedListener>()
  readonly #stops = new Map<string, AbortController>()
  readonly #nodes: Watch<SeiNode>
  readonly #networks: Watch<SeiNetwork>
  readonly #terminations: TerminationWatch
  readonly #supervision: HaltSupervision

  constructor(options: HaltWatchOptions) {
    const { kube, namespace } = options.cluster
    this.#options = options
    this.#nodes = kube.watch<SeiNode>(seiNodes, { namespace })
    this.#networks = kube.watch<SeiNetwork>(seiNetworks, { namespace })
    this.#terminations = watchTerminations({
      kube,
      concerns: (node) => this.#concerns(node),
      onTermination: (termination, log) => {
        for (const listener of this.#ended) listener(termination, log)
      },
    })
    this.#supervision = this.#supervise()
    this.#verdicts.subscribe((network, verdict) => {
      options.onVerdict(network, verdict)
      this.#supervision.take(network, { namespace, name: verdict.node }, verdict)
    })
  }

  start(): void {
    this.#terminations.include(this.#options.cluster.namespace)
    this.#networks.subscribe(({ type, object }) => this.#see(object, type === 'DELETED'))
  }

  /** Begins nothing more; resolves once what was begun has ended. */
  async close(): Promise<void> {
    for (const stop of this.#stops.values()) stop.abort()
    this.#supervision.close()
    await this.#supervision.settled()
    this.#terminations.close()
    this.#nodes.close()
    this.#networks.close()
  }

  #supervise(): HaltSupervision {
    const { client, cluster, options, onNotification, onNotice } = this.#options
    return client.superviseHalts({
      namespace: cluster.namespace,
      options,
      call: client.taskCalls(),
      concerns: (node) => this.#concerns(node),
      capture: (network) => this.#capture(network),
      expect: (network, { kind }, reason) =>
        this.#disruptions.open({ network, kind: 'upgrade', reason, halts: { kinds: [kind] } }),
      onNotification,
      onNotice,
    })
  }

  #concerns(place: Place): boolean {
    const node = this.#nodes.get(place)
    const { network } = this.#options
    return node !== undefined && (network === undefined || networkOf(node) === network)
  }

  #see({ metadata: { name }, status }: SeiNetwork, isGone: boolean): void {
    const { network, onNotice } = this.#options
    if (network !== undefined && network !== name) return
    if (isGone) {
      this.#stops.get(name)?.abort()
      this.#stops.delete(name)
    } else if (status?.phase === 'Ready' && !this.#stops.has(name)) {
      const stop = new AbortController()
      this.#stops.set(name, stop)
      this.#follow(name, stop.signal).catch((error: unknown) => {
        this.#stops.delete(name)
        onNotice(`${name} cannot be watched: ${errorText(error)}`)
      })
    }
  }

  async #follow(network: string, stop: AbortSignal): Promise<void> {
    const { cluster, onNetwork, onNotice } = this.#options
    let handles = await this.#handles(network)
    const unsubscribe = this.#nodes.subscribe(({ type, object }) => {
      if (type === 'MODIFIED' || networkOf(object) !== network) return
      this.#handles(network).then(
        (found) => (handles = found),
        () => undefined,
      )
    })
    stop.addEventListener('abort', unsubscribe, { once: true })
    onNetwork(
      network,
      handles.map(({ name }) => name),
    )
    watchNetwork({
      network,
      nodes: () => handles,
      cluster,
      // It goes on after a halt: there may be another.
      options: { enabled: false },
      disruptions: this.#disruptions,
      verdicts: this.#verdicts,
      onEnded: (listener) => {
        this.#ended.add(listener)
        return () => this.#ended.delete(listener)
      },
      refresh: () => this.#terminations.refresh(),
      stop,
      onLost: (error) => onNotice(error.message),
    })
  }

  /** Validators and followers of a network, as they are now. */
  async #handles(network: string): Promise<readonly NodeHandle[]> {
    const { client } = this.#options
    const { validators, namespace } = await client.getNetwork(network)
    const others = this.#nodes
      .items()
      .filter(
        (node) => networkOf(node) === network && !validators.some(({ name }) => name === node.metadata.name),
      )
    const found = await Promise.allSettled(
      others.map(({ metadata }) => client.getNode(metadata.name, namespace)),
    )
    return [...validators, ...found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))]
  }

  async #capture(name: string): Promise<void> {
    const { client, cluster, folder } = this.#options
    const network = await client.getNetwork(name)
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-')
    const { kube } = cluster
    await captureEvidence({
      kube,
      networks: [network],
      nodes: [],
      traces: [],
      folder: join(folder, name, stamp),
    })
  }
}

function networkOf({ metadata, spec }: SeiNode): string {
  return metadata.labels?.[labels.network] ?? spec.chainId
}
