import { randomUUID } from 'node:crypto'
import type { CallAnswer, CallCreated, LeaseCall, LeaseCalls, LeaseVerb } from '../contract/lease.ts'
import { toWire } from '../errors/wire.ts'
import { cancelledError, SeiError } from '../errors/sei-error.ts'
import type { Lease } from './leases.ts'
import { withinMs } from './within-ms.ts'

/** One function per verb of the lease API. */
export type CallTable = {
  readonly [V in LeaseVerb]: (
    lease: Lease,
    args: LeaseCalls[V]['args'],
    /** Aborts when the asker gives the call up. */
    signal: AbortSignal,
  ) => Promise<LeaseCalls[V]['result']>
}

/** Runs the verbs that workers ask for, and keeps each result until it has been fetched. */
export class Calls {
  readonly #table: CallTable
  readonly #running = new Map<string, { answer: Promise<CallAnswer>; abort: AbortController }>()

  constructor(table: CallTable) {
    this.#table = table
  }

  start(lease: Lease, { verb, args }: LeaseCall): CallCreated {
    if (!Object.hasOwn(this.#table, verb)) {
      throw new SeiError(`the lease API has no verb ${verb}`, { class: 'usage', code: 'BAD_INPUT' })
    }
    const id = randomUUID()
    const abort = new AbortController()
    const run = this.#table[verb] as (lease: Lease, args: unknown, signal: AbortSignal) => Promise<unknown>
    const answer = run(lease, args, abort.signal).then(
      (result): CallAnswer => ({ state: 'done', result }),
      (error: unknown): CallAnswer => ({ state: 'failed', error: toWire(error) }),
    )
    this.#running.set(id, { answer, abort })
    return { id }
  }

  /** Tells a call that nobody wants its result any more. What is not running is left alone. */
  cancel(id: string): void {
    this.#running.get(id)?.abort.abort(cancelledError('The test gave the operation up'))
  }

  async answer(id: string, waitMs: number): Promise<CallAnswer> {
    const running = this.#running.get(id)
    if (running === undefined) {
      throw new SeiError(`no call ${id}`, { class: 'infra', code: 'LEASE_FAILED' })
    }
    const answer = await withinMs(running.answer, waitMs)
    if (answer === undefined) return { state: 'pending' }
    this.#running.delete(id)
    return answer
  }
}
