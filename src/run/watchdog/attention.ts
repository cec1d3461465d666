/** What a look is worth, in which nodes answered slowly: something is short of time, the nodes or this process. */
const slowWorth = 0.2

/**
 * A clock that runs only while someone is looking. Time in which this process got no turn, or in which the nodes were slow to
 * answer, is no evidence that a chain stands: on a starved machine its blocks are late as well. Such time counts a fifth, so
 * that nodes which hang for good are found in the end.
 */
export class Attention {
  readonly #promptMs: number
  #last: number

  constructor({ promptMs }: { readonly promptMs: number }, nowMs: number) {
    this.#promptMs = promptMs
    this.#last = nowMs
  }

  /** Ms that the look which ended now adds. The gap to the one before counts for two intervals of `everyMs` at most. */
  credit(nowMs: number, slowestMs: number, everyMs: number): number {
    const elapsed = nowMs - this.#last
    this.#last = nowMs
    const most = 2 * everyMs + Math.min(slowestMs, this.#promptMs)
    return slowestMs <= this.#promptMs ? Math.min(elapsed, most) : elapsed * slowWorth
  }
}
