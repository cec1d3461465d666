import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeSeiClient } from '../client/client.ts'
import type { TerminationWatch } from '../client/termination-watch.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { readinessBudget } from '../contract/defaults.ts'
import { simulatedModes, type Mode } from '../contract/modes.ts'
import type { Seal } from '../contract/seal.ts'
import type { SeiError } from '../errors/sei-error.ts'
import { timeOf } from '../probe/cluster-time.ts'
import { newAdmin } from './admin.ts'
import { Disposal, finalCapture } from './disposal.ts'
import { createDisruptions, type Disruptions } from './disruptions.ts'
import { Expectations } from './expectations.ts'
import { LeaseObjects } from './lease-objects.ts'
import type { Ledger } from './ledger.ts'
import type { NetworkEntry } from './network-pool.ts'
import { openForRun, type OpenedCluster } from './opened-cluster.ts'
import { beginOpening, type Opening } from './opening.ts'
import { outcomeOf } from './outcomes.ts'
import { provision, type Provisioned } from './provision.ts'
import { RunAccounts } from './run-accounts.ts'
import type { RunContext } from './run-context.ts'
import { RunHalts } from './run-halts.ts'
import { RunHandles } from './run-handles.ts'
import { RunTasks } from './task-calls.ts'
import { RunTerminations } from './run-terminations.ts'
import { RunWorkflows } from './workflow-calls.ts'
import { createVerdicts, type Verdicts } from './watchdog/verdicts.ts'
import { watchNetwork } from './watchdog/watch-network.ts'

export interface RunClusterOptions extends RunContext {
  readonly ledger: Ledger
  /** The cluster, where it is on its way already. */
  readonly opening?: Opening | undefined
}

/** The run's cluster: opened when the first network is asked for, and everything that is done on it. */
export class RunCluster {
  readonly accounts: RunAccounts = new RunAccounts()
  readonly objects: LeaseObjects
  readonly tasks: RunTasks
  readonly workflows: RunWorkflows
  /** Whoever does something to a node of the run opens a window here first. */
  readonly disruptions: Disruptions = createDisruptions()
  readonly expectations: Expectations
  /** Why nodes stopped, as the watchdogs found it. */
  readonly verdicts: Verdicts = createVerdicts()
  readonly #options: RunClusterOptions
  readonly #cancelled = new AbortController()
  readonly #handles = new RunHandles(({ namespace }) => this.#podWatch?.include(namespace))
  readonly #terminations: RunTerminations
  readonly #disposal: Disposal
  readonly #clusterOf = new WeakMap<NetworkEntry, OpenedCluster>()
  readonly #halts: RunHalts | undefined
  readonly #entries = new Map<string, NetworkEntry>()
  #opening: Opening | undefined
  #opened: Promise<OpenedCluster> | undefined
  /** On the cluster that was opened last. */
  #podWatch: TerminationWatch | undefined
  /** The cluster that was opened last. */
  #found: Cluster | undefined
  /** Aborted once the opened cluster is gone, or could not be opened; left out while it opens. */
  #gone: AbortSignal | undefined

  constructor(options: RunClusterOptions) {
    this.#options = options
    this.#opening = options.opening
    const { accounts } = this
    this.#terminations = new RunTerminations({
      feed: options.feed,
      // What the run deletes ends because of that.
      ownerOf: (node) => {
        const entry = this.#handles.ownerOf(node)
        return entry?.disposal === undefined ? entry : undefined
      },
    })
    this.#disposal = new Disposal({
      ...options,
      accounts,
      handles: this.#handles,
      terminations: this.#terminations,
      cancelled: this.#cancelled.signal,
    })
    this.tasks = new RunTasks({
      root: options.root,
      ledger: options.ledger,
      disruptions: this.disruptions,
      open: () => this.open(),
    })
    this.workflows = new RunWorkflows({
      ...options,
      accounts,
      cancelled: this.#cancelled.signal,
      open: () => this.open(),
    })
    const { halts } = options.options
    if (halts !== undefined)
      this.#halts = new RunHalts({
        options: halts,
        disruptions: this.disruptions,
        verdicts: this.verdicts,
        tasks: this.tasks,
        feed: options.feed,
        capture: (network) => this.#captureHalt(network),
      })
    this.expectations = new Expectations({
      disruptions: this.disruptions,
      verdicts: this.verdicts,
      root: options.root,
      waitMs: () => this.waitMs,
      time: () => timeOf(this.clockUrl),
    })
    this.objects = new LeaseObjects({
      run: options.run,
      root: options.root,
      ledger: options.ledger,
      handles: this.#handles,
      disposal: this.#disposal,
      disruptions: this.disruptions,
      open: () => this.open(),
    })
  }

  get id(): string {
    return this.#options.run
  }

  get mode(): Mode {
    return this.#options.mode.mode
  }

  get folder(): string {
    return this.#options.folder
  }

  /** Door of its virtual clock; known once it is open. */
  get clockUrl(): string | undefined {
    return this.#found?.clockUrl
  }

  /** Of a cluster that was found by its kubeconfig this is known once it is open. */
  get simulated(): boolean {
    return this.#found?.simulated ?? simulatedModes.has(this.mode)
  }

  /** Default deadline of height waits, ms. */
  get waitMs(): number {
    const { embedded, readiness } = this.#options.options
    return readiness?.gateMs ?? readinessBudget(this.mode, this.#found ?? embedded).gateMs
  }

  async client(): Promise<KubeSeiClient> {
    return (await this.open()).client
  }

  /** Opens the cluster if it is not open; rejects with CLUSTER_UNAVAILABLE or PREFLIGHT_FAILED, each time the same. */
  open(): Promise<OpenedCluster> {
    if (this.#opened !== undefined) return this.#opened
    const opened = this.#open()
    this.#opened = opened
    opened.then(
      ({ gone }) => (this.#gone = gone),
      () => (this.#gone = AbortSignal.abort()),
    )
    return opened
  }

  /** A rerun does not go on with a cluster that is gone, or never came. */
  beginRun(): void {
    if (this.#gone?.aborted !== true) return
    this.#gone = undefined
    this.#opened = undefined
    this.#opening = undefined
    this.accounts.existed(this.#options.ledger.existed)
  }

  async provision(entry: NetworkEntry): Promise<Provisioned> {
    // Made while the cluster starts.
    const admin = newAdmin()
    const opened = await this.open()
    const { client, namespaces, cluster, gone } = opened
    this.#clusterOf.set(entry, opened)
    const provisioned = await provision({
      client,
      admin,
      ledger: this.#options.ledger,
      name: entry.name,
      spec: entry.spec,
      signal: AbortSignal.any([entry.abort.signal, this.#cancelled.signal, gone]),
      ensureNamespace: (namespace) => namespaces.ensure(namespace),
      onCreated: (handle) => this.#handles.keep(entry, handle),
    }).catch((error: unknown) => {
      throw gone.aborted ? gone.reason : error
    })
    const { network } = provisioned
    this.#entries.set(entry.name, entry)
    // Before the watchdog: what is dealt with here is no loss.
    const nodes = [...network.validators, ...provisioned.followers]
    this.#halts?.watch(opened, entry.name, nodes, entry.abort.signal)
    const leased = new Set(nodes.map(({ name }) => name))
    watchNetwork({
      network: entry.name,
      // Those that a test has deleted are nobody's loss.
      nodes: () => this.#handles.nodesOf(entry).filter(({ name }) => leased.has(name)),
      cluster,
      options: this.#options.options.watchdog ?? {},
      disruptions: this.disruptions,
      verdicts: this.verdicts,
      onEnded: (listener) => this.#terminations.subscribe(entry, listener),
      refresh: async () => (await this.#podWatch?.refresh()) ?? 0,
      stop: entry.abort.signal,
      onLost: (error) => this.#lose(entry, error),
    })
    return provisioned
  }

  async capture(entry: NetworkEntry, label: string): Promise<Seal> {
    return this.#disposal.capture(await this.#openedFor(entry), entry, label)
  }

  /** Where the last capture of an entry lies, or will. */
  evidenceFolder(entry: NetworkEntry): string {
    return this.#disposal.folderOf(entry, finalCapture)
  }

  hasCreated(entry: NetworkEntry): boolean {
    return this.#handles.hasCreated(entry)
  }

  /**
   * Captures, then deletes, everything of an entry; of a cluster that is gone only what is known can be kept. Records
   * what goes wrong, and resolves to whether all went well; never rejects.
   */
  async dispose(entry: NetworkEntry): Promise<boolean> {
    if (!this.hasCreated(entry)) return true
    try {
      const opened = await this.#openedFor(entry)
      if (!opened.gone.aborted) return await this.#disposal.dispose(opened, entry)
      await this.#disposal.keep(opened, entry)
      return true
    } catch (error) {
      this.#options.outcomes.add('noVerdict', `${entry.name} could not be deleted: ${String(error)}`)
      return false
    }
  }

  /** Deletes whatever else carries the run's label. Whatever cannot be asked about counts as left. */
  async sweep(): Promise<void> {
    // What a test began and nobody waits for any more still captures and deletes.
    await this.workflows.settled()
    const opened = await this.#opened?.catch(() => undefined)
    if (opened === undefined) return
    const { ledger } = this.#options
    try {
      // What was in a cluster that is gone went with it.
      if (opened.gone.aborted) this.accounts.existed(ledger.existed)
      else await this.#disposal.sweep(opened)
    } catch (error) {
      this.accounts.leftUnasked(ledger.standing, `the cluster could not be asked: ${String(error)}`)
    }
  }

  /** A signal came: provisioning ends, captures get the short budget. */
  cancel(error: SeiError): void {
    this.#cancelled.abort(error)
    this.#opening?.cancel(error)
  }

  async close(): Promise<void> {
    this.#halts?.close()
    const opened = await this.#opened?.catch(() => undefined)
    if (opened === undefined) return
    await opened.close()
    this.#options.feed.emit({ type: 'cluster', state: 'closed' })
  }

  /** A folder of the run, made if it is not there; returns its path. */
  makeFolder(name: string): string {
    const path = join(this.folder, name)
    mkdirSync(path, { recursive: true })
    return path
  }

  /** The cluster that has the entry: a rerun may have opened another since. */
  async #openedFor(entry: NetworkEntry): Promise<OpenedCluster> {
    return this.#clusterOf.get(entry) ?? (await this.open())
  }

  async #open(): Promise<OpenedCluster> {
    const { mode, options } = this.#options
    const opening = (this.#opening ??= beginOpening(mode, options))
    if (this.#cancelled.signal.aborted) opening.cancel(this.#cancelled.signal.reason as SeiError)
    const opened = await openForRun({ ...this.#options, accounts: this.accounts, opening })
    this.#podWatch = this.#terminations.watch(opened.cluster.kube)
    this.#found = opened.cluster
    void this.#followExit(opened)
    return opened
  }

  /** Whoever still waits for an answer of the cluster gets none: closing the connection tells them. */
  async #followExit(opened: OpenedCluster): Promise<void> {
    const { message } = await opened.cluster.exited
    this.#options.feed.emit({ type: 'notice', message })
    await opened.close().catch(() => {})
  }

  async #captureHalt(network: string): Promise<void> {
    const entry = this.#entries.get(network)
    if (entry !== undefined) await this.capture(entry, 'halt')
  }

  #lose(entry: NetworkEntry, error: SeiError): void {
    const { feed, outcomes, options, haltRun } = this.#options
    entry.loss.abort(error)
    feed.emit({ type: 'network', network: entry.name, state: 'lost', detail: error.message })
    outcomes.add(outcomeOf(error), error.message)
    if (options.haltRun === true) haltRun()
    void this.#captureLoss(entry)
  }

  /** At once: the node that failed may restart and take its last words along. The final capture comes as well. */
  async #captureLoss(entry: NetworkEntry): Promise<void> {
    try {
      const { folder } = await this.capture(entry, 'loss')
      this.#options.feed.emit({
        type: 'notice',
        network: entry.name,
        message: `captured at its loss in ${folder}`,
      })
    } catch (error) {
      const message = `nothing was captured at its loss: ${String(error)}`
      this.#options.feed.emit({ type: 'notice', network: entry.name, message })
    }
  }
}
