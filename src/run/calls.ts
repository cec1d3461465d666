import { randomUUID } from 'node:crypto'
import type { CallAnswer, CallCreated, LeaseCall, LeaseCalls, LeaseVerb } from '../contract/lease.ts'
import { toWire } from '../errors/wire.ts'
import { SeiError } from '../errors/sei-error.ts'
import { withinMs, type Lease } from './leases.ts'

/** One function per verb of the lease API. */
export type CallTable = {
  readonly [V in LeaseVerb]: (lease: Lease, args: LeaseCalls[V]['args']) => Promise<LeaseCalls[V]['result']>
}

/** Runs the verbs that workers ask for, and keeps each result until it has been fetched. */
export class Calls {
  readonly #table: CallTable
  readonly #running = new Map<string, Promise<CallAnswer>>()

  constructor(table: CallTable) {
    this.#table = table
  }

  start(lease: Lease, { verb, args }: LeaseCall): CallCreated {
    if (!Object.hasOwn(this.#table, verb)) {
      throw new SeiError(`the lease API has no verb ${verb}`, { class: 'usage', code: 'BAD_INPUT' })
    }
    const id = randomUUID()
    const run = this.#table[verb] as (lease: Lease, args: unknown) => Promise<unknown>
    this.#running.set(
      id,
      run(lease, args).then(
        (result): CallAnswer => ({ state: 'done', result }),
        (error: unknown): CallAnswer => ({ state: 'failed', error: toWire(error) }),
      ),
    )
    return { id }
  }

  async answer(id: string, waitMs: number): Promise<CallAnswer> {
    const running = this.#running.get(id)
    if (running === undefined) {
      throw new SeiError(`no call ${id}`, { class: 'infra', code: 'LEASE_FAILED' })
    }
    const answer = await withinMs(running, waitMs)
    if (answer === undefined) return { state: 'pending' }
    this.#running.delete(id)
    return answer
  }
}
