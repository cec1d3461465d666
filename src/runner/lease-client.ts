import type { Agent } from 'node:http'
import { defaults } from '../contract/defaults.ts'
import type {
  CallAnswer,
  CallCreated,
  LeaseAnswer,
  LeaseCalls,
  LeaseCreated,
  LeaseRequest,
  LeaseVerb,
  LossAnswer,
  ProvidedLeaseApi,
  WireLease,
} from '../contract/lease.ts'
import { fromWire } from '../errors/wire.ts'
import { SeiError } from '../errors/sei-error.ts'
import { nodeHttp } from '../probe/node-http.ts'

/** The worker's end of the lease API: one object per test file, HTTP on loopback, long requests in slices. */
export class LeaseClient {
  readonly #api: ProvidedLeaseApi
  readonly #agent: Agent = new (nodeHttp().Agent)({ keepAlive: true })

  constructor(api: ProvidedLeaseApi) {
    this.#api = api
  }

  /** Asks for the file's network and waits until it is ready. Throws what the provisioning failed with. */
  async acquire(file: string, onCreated: (id: string) => void): Promise<WireLease> {
    const body: LeaseRequest = { file, project: this.#api.project }
    const { id, network } = await this.#send<LeaseCreated>('POST', '/leases', { body })
    onCreated(id)
    if (network !== undefined) return network
    for (;;) {
      const answer = await this.#send<LeaseAnswer>('GET', `/leases/${id}?waitMs=${defaults.leaseSliceMs}`)
      if (answer.state === 'ready') return answer.network
      if (answer.state === 'failed') throw fromWire(answer.error)
    }
  }

  /**
   * Resolves to the reason once the leased network is lost, or once nobody is left to say so; to `undefined` when the
   * lease is released. The one request that this takes also tells the supervisor that this worker lives.
   */
  async loss(lease: string): Promise<SeiError | undefined> {
    try {
      const answer = await this.#send<LossAnswer>('GET', `/leases/${lease}/loss`, { background: true })
      return answer.lost ? fromWire(answer.error) : undefined
    } catch (error) {
      return error instanceof SeiError ? error : gone(error)
    }
  }

  /**
   * Has the supervisor carry out a verb and waits for its result. Throws the error it ended with. When `signal` aborts the
   * supervisor is told to give the verb up, and how it ended is still waited for.
   */
  async call<V extends LeaseVerb>(
    lease: string,
    verb: V,
    args: LeaseCalls[V]['args'],
    signal?: AbortSignal,
  ): Promise<LeaseCalls[V]['result']> {
    const { id } = await this.#send<CallCreated>('POST', `/leases/${lease}/calls`, {
      body: { verb, args },
      signal,
    })
    const giveUp = (): void => {
      this.#send<null>('DELETE', `/calls/${id}`).catch(() => undefined)
    }
    if (signal?.aborted === true) giveUp()
    else signal?.addEventListener('abort', giveUp, { once: true })
    try {
      for (;;) {
        const answer = await this.#send<CallAnswer<LeaseCalls[V]['result']>>(
          'GET',
          `/calls/${id}?waitMs=${defaults.leaseSliceMs}`,
        )
        if (answer.state === 'done') return answer.result
        if (answer.state === 'failed') throw fromWire(answer.error)
      }
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  #send<T>(
    method: string,
    path: string,
    options: { body?: unknown; signal?: AbortSignal | undefined; background?: boolean } = {},
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const headers = { authorization: `Bearer ${this.#api.token}`, 'content-type': 'application/json' }
      const outgoing = nodeHttp().request(
        `${this.#api.url}${path}`,
        {
          method,
          headers,
          agent: this.#agent,
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', (error) => reject(gone(error)))
          response.on('end', () => {
            settle<T>(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'), resolve, reject)
          })
        },
      )
      // A worker that has nothing else to do must be able to end while a loss request is still held open.
      if (options.background === true) outgoing.on('socket', (socket) => socket.unref())
      else outgoing.on('socket', (socket) => socket.ref())
      outgoing.on('error', (error) =>
        reject(options.signal?.aborted === true ? options.signal.reason : gone(error)),
      )
      outgoing.end(options.body === undefined ? undefined : JSON.stringify(options.body))
    })
  }
}

function settle<T>(
  status: number,
  text: string,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): void {
  try {
    const body: unknown = text === '' ? null : JSON.parse(text)
    if (status >= 200 && status < 300) resolve(body as T)
    else reject(fromWire(body as Parameters<typeof fromWire>[0]))
  } catch (cause) {
    reject(gone(cause))
  }
}

function gone(cause: unknown): SeiError {
  return new SeiError('The supervisor of this run no longer answers', {
    class: 'infra',
    code: 'LEASE_FAILED',
    hint: 'the main Vitest process ended or was stopped; its output says why',
    cause,
  })
}
