import { join, relative } from 'node:path'
import { defaults } from '../contract/defaults.ts'
import type {
  CallAnswer,
  CallCreated,
  LeaseAnswer,
  LeaseCall,
  LeaseCreated,
  LeaseRequest,
  LossAnswer,
  ProvidedLeaseApi,
  WireError,
} from '../contract/lease.ts'
import { simulatedModes } from '../contract/modes.ts'
import type { ResolvedSpec } from '../contract/spec.ts'
import { isCancelled } from '../errors/guards.ts'
import { cancelledError } from '../errors/sei-error.ts'
import { toWire } from '../errors/wire.ts'
import { callTable } from './call-table.ts'
import { Calls } from './calls.ts'
import { fileKey } from './file-specs.ts'
import { Ledger } from './ledger.ts'
import { startLeaseServer, type LeaseBackend, type LeaseServer } from './lease-server.ts'
import { Leases } from './leases.ts'
import { NetworkPool, type NetworkEntry } from './network-pool.ts'
import type { Opening } from './opening.ts'
import { outcomeOf } from './outcomes.ts'
import { RunCluster } from './run-cluster.ts'
import type { RunContext } from './run-context.ts'
import { writeReceipt } from './receipt.ts'
import { wireLease } from './wire.ts'

export interface SupervisorOptions extends RunContext {
  /** The cluster, where it is on its way already. @default begun when a network is first asked for */
  readonly opening?: Opening | undefined
}

/**
 * Owns everything of one run: the cluster, its networks, the lease API, the ledger, evidence, deletion and receipt.
 * Lives in the main process. Workers only ask.
 */
export class Supervisor implements LeaseBackend {
  readonly #options: SupervisorOptions
  readonly #ledger: Ledger
  readonly #cluster: RunCluster
  readonly #pool: NetworkPool
  readonly #leases: Leases
  readonly #calls: Calls
  readonly #startedAt = new Date()
  #specs: ReadonlyMap<string, ResolvedSpec> = new Map()
  #server: Promise<LeaseServer> | undefined

  constructor(options: SupervisorOptions) {
    const { run, folder, feed } = options
    this.#options = options
    feed.recordTo(join(folder, 'events.jsonl'))
    this.#ledger = new Ledger(join(folder, 'ledger.jsonl'))
    this.#cluster = new RunCluster({ ...options, ledger: this.#ledger })
    this.#pool = new NetworkPool({
      run,
      maxNetworks: options.options.maxNetworks ?? this.#defaultMaxNetworks(),
      provision: (entry) => this.#cluster.provision(entry),
      dispose: (entry) => this.#cluster.dispose(entry),
      onState: (entry, detail) => {
        feed.emit({
          type: 'network',
          network: entry.name,
          state: entry.state,
          ...(detail === undefined ? {} : { detail }),
        })
      },
    })
    this.#leases = new Leases({
      pool: this.#pool,
      specOf: (key) => this.#specs.get(key),
      toWire: (entry, network) => wireLease(this.#cluster, entry, network),
      onFailure: (entry, error) => this.#onFailure(entry, error),
    })
    this.#calls = new Calls(callTable(this.#cluster))
    this.#announce()
    if (options.opening !== undefined) void this.#cluster.open()
  }

  /** Takes over a run's or rerun's specs and gives what workers need to reach the lease API. */
  async beginRun(specs: ReadonlyMap<string, ResolvedSpec>): Promise<Omit<ProvidedLeaseApi, 'project'>> {
    this.#specs = specs
    this.#pool.forgetFailures()
    this.#cluster.beginRun()
    const { url, token } = await (this.#server ??= startLeaseServer(this))
    return { url, token }
  }

  /**
   * Starts networks that files of this run will probably ask for. Never throws. Where not all of them may stand at once
   * the first file that asks decides: a wrong guess would have to be deleted before the right network could be made.
   */
  prewarm(specs: readonly ResolvedSpec[]): void {
    const byHash = new Map(specs.filter(({ exclusive }) => !exclusive).map((spec) => [spec.hash, spec]))
    if (byHash.size > (this.#options.options.maxNetworks ?? this.#defaultMaxNetworks())) return
    for (const spec of [...byHash.values()].slice(0, prewarmLimit)) this.#pool.prewarm(spec)
  }

  lease(request: LeaseRequest): LeaseCreated {
    return this.#leases.create(request)
  }

  leaseAnswer(id: string, waitMs: number): Promise<LeaseAnswer> {
    return this.#leases.answer(id, waitMs)
  }

  loss(id: string, gone: AbortSignal): Promise<LossAnswer> {
    return this.#leases.loss(id, gone)
  }

  call(id: string, call: LeaseCall): CallCreated {
    return this.#calls.start(this.#leases.get(id), call)
  }

  callAnswer(id: string, waitMs: number): Promise<CallAnswer> {
    return this.#calls.answer(id, waitMs)
  }

  cancelCall(id: string): void {
    this.#calls.cancel(id)
  }

  /** A test file has ended. */
  release(project: string, file: string): void {
    this.#leases.release(fileKey(project, file))
  }

  /** The test run is being cancelled: nobody waits any longer; networks stay until `close`. */
  cancelPending(reason: string): void {
    this.#leases.cancelPending(cancelledError(`The run was cancelled (${reason})`))
  }

  /** A signal: stops provisioning and shortens what is left of capture and deletion. */
  cancel(signal: string): void {
    const error = cancelledError(`The run was cancelled by ${signal}`)
    this.#leases.cancelPending(error)
    this.#cluster.cancel(error)
    for (const entry of this.#pool.entries) if (entry.state !== 'ready') entry.abort.abort(error)
  }

  /**
   * Captures and deletes every network, writes the receipt, stops the cluster. Called once; rejects when the receipt
   * cannot be written, and on a defect.
   */
  async close(): Promise<void> {
    try {
      await this.#pool.closeAll(cancelledError('The run is ending'))
      await this.#cluster.sweep()
      this.#writeReceipt()
    } finally {
      await this.#cluster.close()
      await (await this.#server)?.close()
    }
  }

  #writeReceipt(): void {
    const { feed, outcomes, folder, root, run, mode } = this.#options
    const accounts = this.#cluster.accounts.summary
    const path = writeReceipt(folder, {
      run,
      mode: mode.mode,
      simulated: this.#cluster.simulated,
      startedAt: this.#startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      ...accounts,
    })
    const { left, unreadable } = accounts
    if (left.length > 0) outcomes.add('noVerdict', `${left.length} objects of the run are left; see ${path}`)
    for (const { kind, reason } of unreadable) {
      const message = `whether a ${kind} of the run is left cannot be told: ${reason}`
      feed.emit({ type: 'notice', message })
      outcomes.add('noVerdict', message)
    }
    feed.emit({ type: 'receipt', path: relative(root, path), left: left.length })
  }

  #onFailure(entry: NetworkEntry, error: unknown): WireError {
    const wire = toWire(error)
    // Whoever cancels says so: a run that bails out after a failed test is a failed run.
    if (!isCancelled(error)) this.#options.outcomes.add(outcomeOf(error), wire.message)
    if (wire.hint !== undefined || !this.#cluster.hasCreated(entry)) return wire
    const evidence = relative(this.#options.root, this.#cluster.evidenceFolder(entry))
    return { ...wire, hint: `evidence is kept in ${evidence}` }
  }

  #defaultMaxNetworks(): number {
    return simulatedModes.has(this.#options.mode.mode) ? Number.POSITIVE_INFINITY : defaults.maxNetworks
  }

  #announce(): void {
    const { mode, feed, root, folder } = this.#options
    const simulated = simulatedModes.has(mode.mode)
    feed.emit({
      type: 'mode',
      mode: mode.mode,
      source: mode.source,
      simulated,
      folder: relative(root, folder),
    })
  }
}

/** More than one worker can use at the start would only compete for the machine. */
const prewarmLimit = 2
