import type { LeaseCalls, LeaseVerb, ProvidedLeaseApi, WireLease } from '../contract/lease.ts'
import { SeiError } from '../errors/sei-error.ts'
import { LeaseClient } from './lease-client.ts'

/** How long the hooks and clean-up of a test may take once its network is lost, in ms. */
const lostGraceMs = 1_000

type Outcome = { readonly lease: WireLease } | { readonly error: unknown }

/** One test file's hold on its network: asked for once, its failure remembered, its loss watched. */
export class FileLease {
  readonly #client: LeaseClient
  readonly #file: string
  readonly #loss = new AbortController()
  #id: string | undefined
  #outcome: Promise<Outcome> | undefined
  #detached = false

  constructor(api: ProvidedLeaseApi, file: string) {
    this.#client = new LeaseClient(api)
    this.#file = file
  }

  /** Aborts, with the typed error as its reason, when the network is lost. */
  get signal(): AbortSignal {
    return this.#loss.signal
  }

  /** Waits for the provisioning to end, one way or the other. Never throws. */
  async settle(): Promise<void> {
    await (this.#outcome ??= this.#acquire())
  }

  /** The lease; throws what its provisioning failed with, the same error each time. */
  async value(): Promise<WireLease> {
    const outcome = await (this.#outcome ??= this.#acquire())
    if ('error' in outcome) throw outcome.error
    return outcome.lease
  }

  async call<V extends LeaseVerb>(
    verb: V,
    args: LeaseCalls[V]['args'],
    signal?: AbortSignal,
  ): Promise<LeaseCalls[V]['result']> {
    await this.value()
    return this.#client.call(this.#id ?? '', verb, args, signal)
  }

  /** Runs `body`, which gets a moment to end by itself once the network is lost. Rejects at once when it already is. */
  async untilLost(body: () => Promise<void>): Promise<void> {
    const { signal } = this
    signal.throwIfAborted()
    const { promise, reject } = Promise.withResolvers<never>()
    let timer: NodeJS.Timeout | undefined
    const onLost = (): void => {
      timer = setTimeout(() => reject(signal.reason), lostGraceMs)
    }
    signal.addEventListener('abort', onLost, { once: true })
    try {
      await Promise.race([body(), promise])
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onLost)
    }
  }

  /** From here on a loss is nobody's concern. The supervisor releases the lease when Vitest reports the file's end. */
  detach(): void {
    this.#detached = true
  }

  async #acquire(): Promise<Outcome> {
    try {
      const lease = await this.#client.acquire(this.#file, (id) => {
        this.#id = id
        void this.#watchLoss(id)
      })
      return { lease }
    } catch (error) {
      return { error }
    }
  }

  async #watchLoss(id: string): Promise<void> {
    const error = await this.#client.loss(id)
    if (error === undefined) this.#client.close()
    else if (!this.#detached) this.#loss.abort(error)
  }
}

/** What a fixture throws where the plugin has not provided a lease API. */
export function noLeaseApi(): SeiError {
  return new SeiError(
    'No Sei network can be leased: the sei() plugin is not in the Vitest config of this project',
    {
      class: 'usage',
      code: 'BAD_OPTIONS',
      hint: "add plugins: [sei()] from 'vitest-environment-sei/plugin' to the config, at the root or in this project",
    },
  )
}
