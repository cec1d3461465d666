import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createClient, type KubeSeiClient } from '../client/client.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { openCluster } from '../clusters/open.ts'
import { defaults } from '../contract/defaults.ts'
import type { NetworkHandle, NodeHandle } from '../contract/handles.ts'
import { seiNetworks, seiNodes } from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import { simulatedModes } from '../contract/modes.ts'
import type { DeletePermit, Seal } from '../contract/seal.ts'
import type { NetworkSpec, NodeSpec } from '../contract/spec.ts'
import { hasCode } from '../errors/guards.ts'
import { SeiError } from '../errors/sei-error.ts'
import { captureEvidence } from '../evidence/capture.ts'
import type { Ledger } from './ledger.ts'
import type { NetworkEntry } from './network-pool.ts'
import { preflight } from './preflight.ts'
import { provision, type Provisioned } from './provision.ts'
import { RunAccounts } from './run-accounts.ts'
import { RunClosures } from './run-closures.ts'
import { RunNamespaces } from './run-namespaces.ts'
import type { SupervisorOptions } from './supervisor.ts'
import { watchNetwork } from './watchdog.ts'

export interface RunClusterOptions extends SupervisorOptions {
  readonly folder: string
  readonly ledger: Ledger
}

interface Opened {
  readonly cluster: Cluster
  readonly client: KubeSeiClient
  readonly namespaces: RunNamespaces
  readonly closures: RunClosures
}

type Ref = { readonly name: string; readonly namespace: string }

/** The run's cluster: opened when the first network is asked for, and everything that is done on it. */
export class RunCluster {
  readonly accounts: RunAccounts = new RunAccounts()
  readonly #options: RunClusterOptions
  readonly #cancelled = new AbortController()
  /** Handles by the network entry they belong to, in the order of creation; also those that tests created. */
  readonly #handles = new Map<NetworkEntry, { networks: NetworkHandle[]; nodes: NodeHandle[] }>()
  #opened: Promise<Opened> | undefined

  constructor(options: RunClusterOptions) {
    this.#options = options
  }

  get id(): string {
    return this.#options.run
  }

  get mode(): string {
    return this.#options.mode.mode
  }

  get folder(): string {
    return this.#options.folder
  }

  get simulated(): boolean {
    return simulatedModes.has(this.#options.mode.mode)
  }

  /** Opens the cluster if it is not open; rejects with CLUSTER_UNAVAILABLE or PREFLIGHT_FAILED, each time the same. */
  open(): Promise<Opened> {
    this.#opened ??= this.#open()
    this.#opened.catch(() => {})
    return this.#opened
  }

  async client(): Promise<KubeSeiClient> {
    return (await this.open()).client
  }

  async provision(entry: NetworkEntry): Promise<Provisioned> {
    const { client, namespaces, cluster } = await this.open()
    const { ledger } = this.#options
    const signal = AbortSignal.any([entry.abort.signal, this.#cancelled.signal])
    const provisioned = await provision({
      client,
      ledger,
      name: entry.name,
      spec: entry.spec,
      signal,
      ensureNamespace: (namespace) => namespaces.ensure(namespace),
      onCreated: (handle) => this.#keep(entry, handle),
    })
    watchNetwork({
      exited: cluster.exited,
      network: provisioned.network,
      mode: cluster.mode,
      stop: entry.abort.signal,
      onLost: (error) => this.#lose(entry, error),
    })
    return provisioned
  }

  /** A second network, or one more, for a lease: it lives and dies with the lease's own. */
  async createNetwork(entry: NetworkEntry, spec: NetworkSpec): Promise<NetworkHandle> {
    const { client, namespaces } = await this.open()
    const ref = { name: spec.name, namespace: spec.namespace ?? client.namespace }
    await namespaces.ensure(ref.namespace)
    this.#options.ledger.intend(seiNetworks.kind, ref)
    const network = await client.createNetwork({ ...spec, ...ref })
    this.#options.ledger.created(seiNetworks.kind, ref, network.object?.metadata.uid)
    this.#keep(entry, network)
    return network
  }

  async createNode(entry: NetworkEntry, spec: NodeSpec): Promise<NodeHandle> {
    const { client, namespaces } = await this.open()
    const ref = { name: spec.name, namespace: spec.namespace ?? client.namespace }
    await namespaces.ensure(ref.namespace)
    this.#options.ledger.intend(seiNodes.kind, ref)
    const node = await client.createNode({ ...spec, ...ref })
    this.#options.ledger.created(seiNodes.kind, ref, node.object?.metadata.uid)
    this.#keep(entry, node)
    return node
  }

  /** The handle that this run has of a node, else one made from the object as it is. */
  async node(entry: NetworkEntry, ref: Ref): Promise<NodeHandle> {
    const { nodes = [], networks = [] } = this.#handles.get(entry) ?? {}
    const known = [...nodes, ...networks.flatMap(({ validators }) => validators)].find((one) =>
      isAt(one, ref),
    )
    return known ?? (await this.client()).getNode(ref.name, ref.namespace)
  }

  async network(entry: NetworkEntry, ref: Ref): Promise<NetworkHandle> {
    const known = this.#handles.get(entry)?.networks.find((one) => isAt(one, ref))
    return known ?? (await this.client()).getNetwork(ref.name, ref.namespace)
  }

  async deleteNode(entry: NetworkEntry, ref: Ref, reason: string): Promise<void> {
    const handles = this.#handles.get(entry)
    const node = handles?.nodes.find((one) => isAt(one, ref))
    if (handles === undefined || node === undefined) throw notOfThisFile('SeiNode', ref)
    await this.#delete(seiNodes.kind, node, { kind: 'waiver', reason })
    handles.nodes.splice(handles.nodes.indexOf(node), 1)
  }

  async deleteNetwork(entry: NetworkEntry, ref: Ref, reason: string): Promise<void> {
    const handles = this.#handles.get(entry)
    const network = handles?.networks.find((one) => isAt(one, ref))
    if (handles === undefined || network === undefined) throw notOfThisFile('SeiNetwork', ref)
    if (entry.holders.size > 1 && ref.name === entry.name) throw sharedNetwork(entry)
    await this.#delete(seiNetworks.kind, network, { kind: 'waiver', reason })
    handles.networks.splice(handles.networks.indexOf(network), 1)
  }

  /** Keeps what there is of an entry's networks and nodes; the budget is that of a run that ends, or of one cancelled. */
  async capture(entry: NetworkEntry, label: string): Promise<Seal> {
    const { cluster } = await this.open()
    const { networks = [], nodes = [] } = this.#handles.get(entry) ?? {}
    const cancelled = this.#cancelled.signal.aborted
    return captureEvidence({
      kube: cluster.kube,
      networks,
      nodes,
      traces: entry.provisioned?.traces ?? [],
      failure: entry.failure,
      folder: join(this.makeFolder('evidence'), entry.name, label),
      budgetMs: cancelled ? defaults.captureAfterSignalMs : defaults.captureBudgetMs,
      secrets: entry.provisioned === undefined ? [] : [entry.provisioned.admin.privateKey],
    })
  }

  /** Captures, then deletes, everything of an entry. Records what goes wrong; never rejects. */
  async dispose(entry: NetworkEntry): Promise<void> {
    const handles = this.#handles.get(entry)
    if (handles === undefined) return
    const { feed, outcomes } = this.#options
    const { namespaces, closures } = await this.open()
    this.accounts.saw(await closures.owned())
    feed.emit({ type: 'network', network: entry.name, state: 'capturing' })
    const permit = await this.#permit(entry)
    feed.emit({ type: 'network', network: entry.name, state: 'deleting' })
    const deletions = [
      ...handles.nodes.map((node) => this.#delete(seiNodes.kind, node, permit)),
      ...handles.networks.map((network) => this.#delete(seiNetworks.kind, network, permit)),
    ]
    for (const result of await Promise.allSettled(deletions)) {
      if (result.status === 'rejected') outcomes.add('noVerdict', messageOf(result.reason))
    }
    this.#handles.delete(entry)
    if (this.#handles.size === 0) await namespaces.deleteAll(sweepMs)
  }

  /** Deletes whatever else carries the run's label, and accounts for everything. Resolves when nothing more goes. */
  async sweep(): Promise<void> {
    if (this.#opened === undefined) return
    const opened = await this.#opened.catch(() => undefined)
    if (opened === undefined) return
    const { client, closures, namespaces } = opened
    const strays = await closures.owned()
    this.accounts.saw(strays)
    const permit: DeletePermit = { kind: 'waiver', reason: 'found by the sweep of the run label' }
    await Promise.allSettled(
      strays.map(async ({ type, name, namespace }) => {
        if (type === seiNetworks) await (await client.getNetwork(name, namespace)).delete(permit)
        else if (type === seiNodes) await (await client.getNode(name, namespace)).delete(permit)
        else return
        this.accounts.waived(`${type.kind} ${name}`, permit.reason)
      }),
    )
    await namespaces.deleteAll(sweepMs)
    this.accounts.left(await closures.waitGone(sweepMs))
  }

  /** A signal came: provisioning ends, captures get the short budget. */
  cancel(error: SeiError): void {
    this.#cancelled.abort(error)
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined)
    if (opened === undefined) return
    opened.closures.close()
    opened.client.close()
    await opened.cluster.close()
    this.#options.feed.emit({ type: 'cluster', state: 'closed' })
  }

  /** A folder of the run, made if it is not there; returns its path. */
  makeFolder(name: string): string {
    const path = join(this.folder, name)
    mkdirSync(path, { recursive: true })
    return path
  }

  async #open(): Promise<Opened> {
    const { mode, options, feed, run, ledger } = this.#options
    feed.emit({ type: 'cluster', state: 'starting' })
    const cluster = await openCluster(mode, options)
    try {
      await preflight(cluster)
    } catch (error) {
      await cluster.close()
      throw error
    }
    feed.emit({ type: 'cluster', state: 'ready', detail: cluster.describe() })
    const client = createClient(cluster, {
      labels: { [labels.harnessRun]: run },
      readiness: options.readiness ?? {},
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
    const { kube, simulated, namespace: home } = cluster
    const namespaces = new RunNamespaces({ kube, run, ledger, accounts: this.accounts, simulated, home })
    return { cluster, client, namespaces, closures: new RunClosures(kube, run) }
  }

  async #permit(entry: NetworkEntry): Promise<DeletePermit> {
    const { feed, outcomes } = this.#options
    try {
      const seal = await this.capture(entry, 'final')
      this.accounts.sealed(entry.name, seal)
      if (seal.missing.length > 0) {
        const items = seal.missing.map(({ item, reason }) => `${item} (${reason})`)
        outcomes.add('noVerdict', `evidence of ${entry.name} is incomplete: ${items.join(', ')}`)
      }
      feed.emit({ type: 'network', network: entry.name, state: 'sealed', detail: `${seal.items} items` })
      return seal
    } catch (error) {
      const reason = `capture failed: ${messageOf(error)}`
      outcomes.add('noVerdict', `evidence of ${entry.name} is lost: ${reason}`)
      this.accounts.waived(entry.name, reason)
      return { kind: 'waiver', reason }
    }
  }

  async #delete(kind: string, handle: NetworkHandle | NodeHandle, permit: DeletePermit): Promise<void> {
    const ref = { name: handle.name, namespace: handle.namespace }
    await handle.delete(permit)
    if (permit.kind === 'waiver') this.accounts.waived(`${kind} ${handle.name}`, permit.reason)
    this.#options.ledger.deleted(kind, ref)
  }

  #keep(entry: NetworkEntry, handle: NetworkHandle | NodeHandle): void {
    const handles = this.#handles.get(entry) ?? { networks: [], nodes: [] }
    if ('validators' in handle) handles.networks.push(handle)
    else handles.nodes.push(handle)
    this.#handles.set(entry, handles)
    void this.open().then(({ closures }) => closures.include(handle.namespace))
  }

  #lose(entry: NetworkEntry, error: SeiError): void {
    const { feed, outcomes, options, haltRun } = this.#options
    entry.loss.abort(error)
    feed.emit({ type: 'network', network: entry.name, state: 'lost', detail: error.message })
    outcomes.add(hasCode(error, 'CLUSTER_EXITED') ? 'noVerdict' : 'testFailed', error.message)
    if (options.haltRun === true) haltRun()
  }
}

/** How long the sweep waits for what it found to go, in ms. */
const sweepMs = 30_000

function isAt(handle: NetworkHandle | NodeHandle, { name, namespace }: Ref): boolean {
  return handle.name === name && handle.namespace === namespace
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function notOfThisFile(kind: string, { name, namespace }: Ref): SeiError {
  return new SeiError(`${kind} ${namespace}/${name} was not created by this file or for it`, {
    class: 'usage',
    code: 'BAD_INPUT',
    hint: 'a run deletes only what it created',
  })
}

function sharedNetwork(entry: NetworkEntry): SeiError {
  const files = [...entry.holders].map((key) => key.split('\n')[1])
  return new SeiError(`network ${entry.name} is shared: ${files.join(', ')} hold it`, {
    class: 'usage',
    code: 'NETWORK_SHARED',
    hint: `add // @vitest-environment-options {"isolation":"file"} to the file that changes it`,
  })
}
