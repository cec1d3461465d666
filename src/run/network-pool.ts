import type { NetworkState } from '../contract/progress.ts'
import type { ResolvedSpec } from '../contract/spec.ts'
import { SeiError } from '../errors/sei-error.ts'
import type { Provisioned } from './provision.ts'

/** One network of a run, from the moment it is asked for until it is deleted. */
export interface NetworkEntry {
  readonly name: string
  readonly spec: ResolvedSpec
  readonly exclusive: boolean
  /** Test files that hold it now. */
  readonly holders: Set<string>
  /** Aborts the provisioning. */
  readonly abort: AbortController
  /** Aborts, with the typed error, when the network is lost after it was ready. */
  readonly loss: AbortController
  /** Settles when provisioning ends. Its failure is also in `failure`, so nobody needs to wait for it twice. */
  readonly ready: Promise<Provisioned>
  state: NetworkState
  /** No further file gets it: one has changed it, or a rerun tries anew. */
  retired?: boolean
  failure?: unknown
  provisioned?: Provisioned
  /** Capture and deletion, once begun. */
  disposal?: Promise<void>
}

export interface PoolOptions {
  readonly run: string
  /** Networks that may exist at once. */
  readonly maxNetworks: number
  provision(entry: NetworkEntry): Promise<Provisioned>
  /** Resolves to whether all of it went. */
  dispose(entry: NetworkEntry): Promise<boolean>
  onState(entry: NetworkEntry, detail?: string): void
}

/**
 * The networks of a run: files with equal specs share one, exclusive leases get their own, and what does not fit under
 * `maxNetworks` queues in the order it was asked for.
 */
export class NetworkPool {
  readonly #options: PoolOptions
  readonly #entries = new Set<NetworkEntry>()
  readonly #queue: { entry: NetworkEntry; start: () => void }[] = []
  #ordinal = 0

  constructor(options: PoolOptions) {
    this.#options = options
  }

  get entries(): ReadonlySet<NetworkEntry> {
    return this.#entries
  }

  /** The network for `file`; made, or queued, when no live one can be shared. */
  acquire(spec: ResolvedSpec, file: string): NetworkEntry {
    const shared = spec.exclusive ? undefined : this.#shareable(spec)
    const entry = shared ?? this.#open(spec)
    entry.holders.add(file)
    return entry
  }

  /** Makes sure a shareable network for `spec` is on its way, without holding it. */
  prewarm(spec: ResolvedSpec): void {
    if (!spec.exclusive && this.#shareable(spec) === undefined) this.#open(spec)
  }

  /**
   * Ends `file`'s hold. A network that no other file may get is captured and deleted when nobody holds it, and so is one
   * that others queue behind.
   */
  release(file: string): void {
    for (const entry of this.#entries) {
      if (!entry.holders.delete(file) || entry.holders.size > 0) continue
      if (entry.exclusive || entry.retired === true) void this.close(entry)
    }
    this.#makeRoom()
  }

  /** Captures and deletes one network. Idempotent; never rejects: what goes wrong is recorded by `dispose`. */
  close(entry: NetworkEntry): Promise<void> {
    entry.disposal ??= this.#dispose(entry)
    return entry.disposal
  }

  async closeAll(reason: Error): Promise<void> {
    for (const entry of this.#entries) entry.abort.abort(reason)
    for (const { start } of this.#queue.splice(0)) start()
    await Promise.all([...this.#entries].map((entry) => this.close(entry)))
  }

  /** Forgets networks that failed or were lost, so that a rerun tries again. */
  forgetFailures(): void {
    for (const entry of this.#entries) {
      if (isOver(entry.state)) this.#entries.delete(entry)
      else if (entry.failure !== undefined) entry.retired = true
      else if (entry.loss.signal.aborted) void this.close(entry)
    }
  }

  #shareable(spec: ResolvedSpec): NetworkEntry | undefined {
    for (const entry of this.#entries) {
      const live = entry.disposal === undefined || entry.failure !== undefined
      if (!entry.exclusive && entry.retired !== true && live && entry.spec.hash === spec.hash) return entry
    }
    return undefined
  }

  #open(spec: ResolvedSpec): NetworkEntry {
    const { promise, resolve, reject } = Promise.withResolvers<Provisioned>()
    const entry: NetworkEntry = {
      name: `sei-${this.#options.run}-${(this.#ordinal += 1)}`,
      spec,
      exclusive: spec.exclusive,
      holders: new Set(),
      abort: new AbortController(),
      loss: new AbortController(),
      ready: promise,
      state: 'queued',
    }
    promise.catch(() => {})
    this.#entries.add(entry)
    const start = (): void => {
      this.#provision(entry).then(resolve, reject)
    }
    if (this.#standing() <= this.#options.maxNetworks) start()
    else this.#enqueue(entry, start)
    return entry
  }

  #enqueue(entry: NetworkEntry, start: () => void): void {
    this.#queue.push({ entry, start })
    const { maxNetworks } = this.#options
    this.#options.onState(entry, `waits for one of at most ${maxNetworks} networks at once to be deleted`)
    this.#makeRoom()
  }

  /**
   * Ends a network that nobody holds for each one in the queue. One that was started in the hope of a holder counts too:
   * the file that would take it may be waiting for the worker of the file that queues.
   */
  #makeRoom(): void {
    const entries = [...this.#entries]
    const going = entries.filter(({ disposal, state }) => disposal !== undefined && !isOver(state))
    const idle = entries.filter(
      ({ state, holders, disposal }) => state === 'ready' && holders.size === 0 && disposal === undefined,
    )
    for (const entry of idle.slice(0, Math.max(0, this.#queue.length - going.length))) void this.close(entry)
  }

  /** Networks that exist or may exist. */
  #standing(): number {
    const queued = new Set(this.#queue.map(({ entry }) => entry))
    return [...this.#entries].filter((entry) => !isOver(entry.state) && !queued.has(entry)).length
  }

  async #provision(entry: NetworkEntry): Promise<Provisioned> {
    this.#set(entry, 'creating')
    try {
      entry.abort.signal.throwIfAborted()
      entry.provisioned = await this.#options.provision(entry)
      this.#set(entry, 'ready')
      this.#makeRoom()
      return entry.provisioned
    } catch (error) {
      entry.failure = error
      this.#set(entry, 'failed')
      void this.close(entry)
      throw error
    }
  }

  async #dispose(entry: NetworkEntry): Promise<void> {
    entry.abort.abort(
      new SeiError('The network is being deleted', { class: 'cancelled', code: 'RUN_CANCELLED' }),
    )
    await entry.ready.catch(() => {})
    this.#set(entry, (await this.#options.dispose(entry)) ? 'deleted' : 'left')
    if (entry.failure === undefined) this.#entries.delete(entry)
    this.#queue.shift()?.start()
  }

  #set(entry: NetworkEntry, state: NetworkState, detail?: string): void {
    entry.state = state
    this.#options.onState(entry, detail)
  }
}

/** Nothing more is done about it: what is left is on the receipt. */
function isOver(state: NetworkState): boolean {
  return state === 'deleted' || state === 'left'
}
