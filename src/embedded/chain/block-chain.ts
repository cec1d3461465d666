import { emptyHash, rfc3339Nano, sha256Hex } from './encoding.ts'
import { Ledger } from './ledger.ts'
import { Mempool } from './mempool.ts'
import type {
  ChainBlock,
  ChainCommit,
  ChainTx,
  CheckedTx,
  IncludedTx,
  NewTx,
  PendingTx,
  TxResult,
} from './messages.ts'
import type { ChainGenesis } from './types.ts'
import { createValidatorSet, initialPriorities, rotate, type ValidatorSet } from './validator-set.ts'

/** Blocks kept in memory; older heights are pruned, as on a node with `min-retain-blocks`. */
const keptBlocks = 10_000

const acceptedOpaque: TxResult = { code: 0, log: '', codespace: '', gasWanted: 0, gasUsed: 0 }

/** The decided history of one chain and the state after it. Knows nothing of nodes, votes or time. */
export interface BlockChain {
  readonly validators: ValidatorSet
  readonly ledger: Ledger
  readonly mempool: Mempool
  readonly tip: number
  readonly earliest: number
  /** Priorities after the tip's turn: what the next height's rotation starts from. */
  readonly priorities: readonly number[]
  /** Priorities of the height after the tip. */
  readonly nextPriorities: readonly number[]
  /** State hash after the tip; that of the genesis document before block 1. */
  readonly stateHash: string
  at(height: number): ChainBlock | undefined
  byHash(hash: string): ChainBlock | undefined
  tx(hash: string): IncludedTx | undefined
  evmTx(hash: string): IncludedTx | PendingTx | undefined
  broadcast(tx: NewTx): CheckedTx
  /** Appends the block that `proposer` proposed in `round` and `signed` precommitted. */
  append(decision: Decision): ChainBlock
}

export interface Decision {
  readonly timeMs: number
  readonly round: number
  readonly proposer: string
  readonly signed: readonly boolean[]
}

export function createBlockChain(genesis: ChainGenesis, kept: number = keptBlocks): BlockChain {
  return new MemoryChain(genesis, kept)
}

/** Identity of a genesis document: nodes with another one are on another chain, whatever its id. */
export function genesisHash(genesis: ChainGenesis): string {
  return sha256Hex(JSON.stringify(genesis))
}

class MemoryChain implements BlockChain {
  readonly validators: ValidatorSet
  readonly ledger: Ledger
  readonly mempool: Mempool = new Mempool()
  readonly #chainId: string
  readonly #kept: number
  readonly #blocks = new Map<number, ChainBlock>()
  readonly #heights = new Map<string, number>()
  readonly #txs = new Map<string, IncludedTx>()
  readonly #cosmosHashes = new Map<string, string>()
  tip = 0
  earliest = 1
  priorities: readonly number[]
  stateHash: string

  constructor(genesis: ChainGenesis, kept: number) {
    this.#chainId = genesis.chainId
    this.#kept = kept
    this.validators = createValidatorSet(genesis.validators)
    this.priorities = initialPriorities(this.validators)
    this.ledger = new Ledger(genesis.accounts)
    this.stateHash = genesisHash(genesis)
  }

  get nextPriorities(): readonly number[] {
    return rotate(this.validators, this.priorities).priorities
  }

  at(height: number): ChainBlock | undefined {
    return this.#blocks.get(height)
  }

  byHash(hash: string): ChainBlock | undefined {
    const height = this.#heights.get(hash)
    return height === undefined ? undefined : this.#blocks.get(height)
  }

  tx(hash: string): IncludedTx | undefined {
    return this.#txs.get(hash)
  }

  evmTx(hash: string): IncludedTx | PendingTx | undefined {
    const known = this.#cosmosHashes.get(hash)
    if (known === undefined) return undefined
    const tx = this.mempool.waiting.get(known)
    return this.#txs.get(known) ?? (tx === undefined ? undefined : { tx, height: undefined })
  }

  broadcast(tx: NewTx): CheckedTx {
    const hash = sha256Hex(Buffer.from(tx.bytes, 'base64'))
    const refused = tx.evm === undefined ? undefined : this.ledger.refusal(tx.evm)
    if (refused !== undefined) return { code: 1, log: refused, codespace: 'sdk', hash }
    const known = this.#txs.has(hash) ? 'tx already exists in cache' : this.mempool.add({ ...tx, hash })
    if (known !== undefined) return { code: 19, log: known, codespace: 'sdk', hash }
    if (tx.evm !== undefined) this.#cosmosHashes.set(tx.evm.hash, hash)
    return { code: 0, log: '', codespace: '', hash }
  }

  append(decision: Decision): ChainBlock {
    const height = this.tip + 1
    const txs = this.mempool.take(this.ledger)
    const results = txs.map((tx) => (tx.evm === undefined ? acceptedOpaque : this.ledger.apply(tx.evm)))
    const previous = this.#blocks.get(this.tip)
    this.priorities = rotate(this.validators, this.priorities).priorities
    const block = this.#seal(height, decision, txs, results, previous)
    this.tip = height
    this.stateHash = block.stateHash
    this.#blocks.set(height, block)
    this.#heights.set(block.commit.hash, height)
    for (const [index, tx] of txs.entries())
      this.#txs.set(tx.hash, { tx, height, index, result: results[index] ?? acceptedOpaque })
    this.#prune()
    return block
  }

  #seal(
    height: number,
    { timeMs, round, proposer, signed }: Decision,
    txs: readonly ChainTx[],
    results: readonly TxResult[],
    previous: ChainBlock | undefined,
  ): ChainBlock {
    const time = rfc3339Nano(timeMs, height)
    const lastCommit = previous?.commit
    const appHash = previous?.stateHash ?? emptyHash
    const dataHash = txs.length === 0 ? emptyHash : sha256Hex(txs.map((tx) => tx.hash).join())
    const lastCommitHash = lastCommit === undefined ? emptyHash : sha256Hex(JSON.stringify(lastCommit))
    const lastResultsHash =
      previous === undefined || previous.results.length === 0
        ? emptyHash
        : sha256Hex(JSON.stringify(previous.results))
    const header = [
      this.#chainId,
      height,
      time,
      lastCommit?.hash,
      lastCommitHash,
      appHash,
      dataHash,
      proposer,
    ]
    const hash = sha256Hex(header.join('|'))
    const commit: ChainCommit = { height, round, hash, partsHash: sha256Hex(`${hash}|parts`), time, signed }
    return {
      height,
      time,
      timeMs,
      appHash,
      stateHash: sha256Hex(`${this.stateHash}|${height}|${dataHash}|${results.map((r) => r.code).join()}`),
      dataHash,
      lastCommitHash,
      lastResultsHash,
      proposer,
      priorities: this.priorities,
      txs,
      results,
      commit,
      lastCommit,
    }
  }

  #prune(): void {
    if (this.tip - this.earliest < this.#kept) return
    const old = this.#blocks.get(this.earliest)
    this.#blocks.delete(this.earliest)
    this.earliest += 1
    if (old === undefined) return
    this.#heights.delete(old.commit.hash)
    for (const tx of old.txs) {
      this.#txs.delete(tx.hash)
      if (tx.evm !== undefined) this.#cosmosHashes.delete(tx.evm.hash)
    }
  }
}
