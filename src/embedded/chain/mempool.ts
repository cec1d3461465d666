import type { Ledger } from './ledger.ts'
import type { ChainTx } from './types.ts'

/** seid's default `mempool.size`. */
const capacity = 5_000
/** Keeps one block of the simulation small; the rest waits for the next. */
const perBlock = 1_000

/** Transactions that wait for a block. One per chain: what one node accepts, all have heard of. */
export interface Mempool {
  readonly waiting: ReadonlyMap<string, ChainTx>
  /** Why a transaction cannot wait here; `undefined` when it was added. */
  add(tx: ChainTx): string | undefined
  /** The sender's next nonce when everything that waits without a gap is counted. */
  pendingNonce(from: string, next: number): number
  /** Takes out what the next block holds: senders' nonces in order, later ones stay until the gap is filled. */
  take(ledger: Ledger): ChainTx[]
}

export function createMempool(): Mempool {
  const waiting = new Map<string, ChainTx>()
  /** By sender, then nonce. */
  const bySender = new Map<string, Map<number, ChainTx>>()

  function add(tx: ChainTx): string | undefined {
    if (waiting.has(tx.hash)) return 'tx already exists in cache'
    if (waiting.size >= capacity) return `mempool is full: number of txs ${waiting.size} (max: ${capacity})`
    if (tx.evm !== undefined) {
      const queue = bySender.get(tx.evm.from) ?? new Map<number, ChainTx>()
      const rival = queue.get(tx.evm.nonce)
      if (rival?.evm !== undefined && rival.evm.feeCap >= tx.evm.feeCap)
        return 'replacement transaction underpriced'
      if (rival !== undefined) waiting.delete(rival.hash)
      bySender.set(tx.evm.from, queue.set(tx.evm.nonce, tx))
    }
    waiting.set(tx.hash, tx)
    return undefined
  }

  function remove(tx: ChainTx): void {
    waiting.delete(tx.hash)
    if (tx.evm === undefined) return
    const queue = bySender.get(tx.evm.from)
    queue?.delete(tx.evm.nonce)
    if (queue?.size === 0) bySender.delete(tx.evm.from)
  }

  function take(ledger: Ledger): ChainTx[] {
    if (waiting.size === 0) return []
    const taken: ChainTx[] = []
    for (const tx of waiting.values()) if (tx.evm === undefined && taken.length < perBlock) taken.push(tx)
    for (const [from, queue] of bySender) {
      let next = ledger.evmAccount(from).nonce
      for (const [nonce, tx] of [...queue].sort(([a], [b]) => a - b)) {
        if (nonce < next) remove(tx)
        if (nonce > next || taken.length >= perBlock) break
        if (nonce === next) taken.push(tx)
        if (nonce === next) next += 1
      }
    }
    for (const tx of taken) remove(tx)
    return taken
  }

  return {
    waiting,
    add,
    pendingNonce: (from, next) => {
      const queue = bySender.get(from)
      let nonce = next
      while (queue?.has(nonce) === true) nonce += 1
      return nonce
    },
    take,
  }
}
