import type { Ledger } from './ledger.ts'
import type { ChainTx } from './messages.ts'

/** seid's default `mempool.size`. */
const capacity = 5_000
/** Keeps one block of the simulation small; the rest waits for the next. */
const perBlock = 1_000

/** Transactions that wait for a block. One per chain: what one node accepts, all have heard of. */
export class Mempool {
  readonly #waiting = new Map<string, ChainTx>()
  /** By sender, then nonce. */
  readonly #bySender = new Map<string, Map<number, ChainTx>>()

  get waiting(): ReadonlyMap<string, ChainTx> {
    return this.#waiting
  }

  /** Why a transaction cannot wait here; `undefined` when it was added. */
  add(tx: ChainTx): string | undefined {
    if (this.#waiting.has(tx.hash)) return 'tx already exists in cache'
    if (this.#waiting.size >= capacity)
      return `mempool is full: number of txs ${this.#waiting.size} (max: ${capacity})`
    const { from, nonce } = laneOf(tx)
    const refused = this.#enqueue(tx, from, nonce)
    if (refused === undefined) this.#waiting.set(tx.hash, tx)
    return refused
  }

  /** The sender's next nonce when everything that waits without a gap is counted. */
  pendingNonce(from: string, next: number): number {
    const queue = this.#bySender.get(from)
    let nonce = next
    while (queue?.has(nonce) === true) nonce += 1
    return nonce
  }

  /** Takes out what the next block holds: senders' nonces in order, later ones stay until the gap is filled. */
  take(ledger: Ledger): ChainTx[] {
    if (this.#waiting.size === 0) return []
    const taken: ChainTx[] = []
    for (const [from, queue] of this.#bySender) {
      let next = ledger.evmAccount(from).nonce
      for (const [nonce, tx] of [...queue].sort(([a], [b]) => a - b)) {
        if (nonce < next) this.#remove(tx)
        if (nonce > next || taken.length >= perBlock) break
        if (nonce === next) taken.push(tx)
        if (nonce === next) next += 1
      }
    }
    for (const tx of taken) this.#remove(tx)
    return taken
  }

  /** A sender's transaction takes the place of one with its nonce if it pays more. */
  #enqueue(tx: ChainTx, from: string, nonce: number): string | undefined {
    const queue = this.#bySender.get(from) ?? new Map<number, ChainTx>()
    const rival = queue.get(nonce)
    if (rival !== undefined && (rival.evm?.feeCap ?? 0n) >= (tx.evm?.feeCap ?? 0n))
      return 'replacement transaction underpriced'
    if (rival !== undefined) this.#waiting.delete(rival.hash)
    this.#bySender.set(from, queue.set(nonce, tx))
    return undefined
  }

  #remove(tx: ChainTx): void {
    this.#waiting.delete(tx.hash)
    const { from, nonce } = laneOf(tx)
    const queue = this.#bySender.get(from)
    queue?.delete(nonce)
    if (queue?.size === 0) this.#bySender.delete(from)
  }
}

/** Transactions of one key, of either side, follow each other by one count. */
function laneOf({ evm, cosmos }: ChainTx): { from: string; nonce: number } {
  return evm === undefined
    ? { from: cosmos.from, nonce: cosmos.sequence }
    : { from: evm.from, nonce: evm.nonce }
}
