import { randomUUID } from 'node:crypto'
import type {
  LeaseAnswer,
  LeaseCreated,
  LeaseRequest,
  LossAnswer,
  WireError,
  WireLease,
} from '../contract/lease.ts'
import type { ResolvedSpec } from '../contract/spec.ts'
import { toWire } from '../errors/wire.ts'
import { SeiError } from '../errors/sei-error.ts'
import { fileKey } from './file-specs.ts'
import type { NetworkEntry, NetworkPool } from './network-pool.ts'
import type { Provisioned } from './provision.ts'
import { withinMs } from './within-ms.ts'

export interface Lease {
  readonly id: string
  readonly file: string
  /** Under which the file holds the entry. */
  readonly key: string
  readonly entry: NetworkEntry
  /** Answers a pending lease before its network is ready: the run was cancelled. */
  readonly cancelled: AbortController
  /** The file has ended. */
  readonly released: AbortController
}

export interface LeasesOptions {
  readonly pool: NetworkPool
  specOf(key: string): ResolvedSpec | undefined
  toWire(entry: NetworkEntry, network: Provisioned): WireLease
  /** Called for each failure that a test file is given; returns what the file is told. */
  onFailure(entry: NetworkEntry, error: unknown): WireError
}

/** Who holds what. A lease is a file's claim on a network; the pool decides which. */
export class Leases {
  readonly #options: LeasesOptions
  readonly #leases = new Map<string, Lease>()

  constructor(options: LeasesOptions) {
    this.#options = options
  }

  create({ file, project }: LeaseRequest): LeaseCreated {
    const key = fileKey(project, file)
    const spec = this.#options.specOf(key)
    if (spec === undefined) {
      throw new SeiError(`${file} is not a test file of this run`, { class: 'usage', code: 'BAD_INPUT' })
    }
    const entry = this.#options.pool.acquire(spec, key)
    const cancelled = new AbortController()
    const lease: Lease = {
      id: randomUUID(),
      file,
      key,
      entry,
      cancelled,
      released: new AbortController(),
    }
    this.#leases.set(lease.id, lease)
    const { state, provisioned } = entry
    if (state !== 'ready' || provisioned === undefined) return { id: lease.id }
    return { id: lease.id, network: this.#options.toWire(entry, provisioned) }
  }

  get(id: string): Lease {
    const lease = this.#leases.get(id)
    if (lease === undefined) {
      throw new SeiError(`no lease ${id}`, {
        class: 'infra',
        code: 'LEASE_FAILED',
        hint: 'the file has ended',
      })
    }
    return lease
  }

  async answer(id: string, waitMs: number): Promise<LeaseAnswer> {
    const { entry, cancelled } = this.get(id)
    try {
      const network = await withinMs(Promise.race([entry.ready, rejection(cancelled.signal)]), waitMs)
      if (network === undefined) return { state: 'pending', detail: `${entry.name} ${entry.state}` }
      return { state: 'ready', network: this.#options.toWire(entry, network) }
    } catch (error) {
      return { state: 'failed', error: this.#options.onFailure(entry, error) }
    }
  }

  /**
   * Answers when the network is lost or the lease released. When the worker goes away first, it can neither end its file
   * nor have Vitest report that end: its lease is released here, or others would wait for its network for ever.
   */
  async loss(id: string, gone: AbortSignal): Promise<LossAnswer> {
    const lease = this.#leases.get(id)
    // Asked late: what has been released cannot be lost.
    if (lease === undefined) return { lost: false }
    const { entry, released, key } = lease
    const { signal: lost } = entry.loss
    await firstAbort([lost, released.signal, gone])
    if (gone.aborted && !released.signal.aborted) this.release(key)
    return lost.aborted ? { lost: true, error: toWire(lost.reason) } : { lost: false }
  }

  /** Answers everyone who still waits with `error`. What they wait for goes on or not; that is the pool's affair. */
  cancelPending(error: SeiError): void {
    for (const { entry, cancelled } of this.#leases.values()) {
      if (entry.state === 'queued' || entry.state === 'creating') cancelled.abort(error)
    }
  }

  release(key: string): void {
    for (const lease of this.#leases.values()) {
      if (lease.key !== key) continue
      lease.released.abort()
      this.#leases.delete(lease.id)
    }
    this.#options.pool.release(key)
  }
}

function firstAbort(signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals])
  if (any.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    any.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** Rejects when `signal` aborts, with its reason; an unheard rejection is not an error. */
function rejection(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  if (signal.aborted) reject(signal.reason)
  else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  promise.catch(() => {})
  return promise
}
