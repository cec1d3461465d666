import { deliver } from './app/deliver.ts'
import { Governance, type Block } from './app/governance.ts'
import { Params } from './app/params.ts'
import { bech32Address, emptyHash, rfc3339Nano, sha256Hex } from './encoding.ts'
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
  TxTerm,
} from './messages.ts'
import { sdkError, type TxError } from './tx/errors.ts'
import { UpgradePlans } from './upgrade/plans.ts'
import type { ChainGenesis } from './types.ts'
import { createValidatorSet, initialPriorities, rotate, type ValidatorSet } from './validator-set.ts'

/** Blocks kept in memory; older heights are pruned, as on a node with `min-retain-blocks`. */
const keptBlocks = 10_000

/** The decided history of one chain and the state after it. Knows nothing of nodes, votes or time. */
export interface BlockChain {
  readonly validators: ValidatorSet
  readonly ledger: Ledger
  readonly mempool: Mempool
  readonly governance: Governance
  readonly params: Params
  readonly plans: UpgradePlans
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
  /** Transactions of kept blocks that fit all terms, oldest first. */
  search(terms: readonly TxTerm[]): readonly IncludedTx[]
  evmTx(hash: string): IncludedTx | PendingTx | undefined
  broadcast(tx: NewTx): CheckedTx
  /** What `broadcast` would answer; the transaction is not kept. */
  check(tx: NewTx): CheckedTx
  /** Appends the block that `proposer` proposed in `round` and `signed` precommitted. */
  append(decision: Decision): ChainBlock
}

export interface Decision {
  readonly timeMs: number
  readonly round: number
  readonly proposer: string
  readonly signed: readonly boolean[]
}

export interface BlockChainOptions {
  /** Blocks kept; older ones are pruned. @default 10000 */
  readonly kept?: number | undefined
  /** Milliseconds of block time that a period of governance lasts. @default as long as it says */
  readonly periodMs?: ((ms: number) => number) | undefined
}

export function createBlockChain(genesis: ChainGenesis, options: BlockChainOptions = {}): BlockChain {
  return new MemoryChain(genesis, options)
}

/** Identity of a genesis document: nodes with another one are on another chain, whatever its id. */
export function genesisHash(genesis: ChainGenesis): string {
  return sha256Hex(JSON.stringify(genesis))
}

class MemoryChain implements BlockChain {
  readonly validators: ValidatorSet
  readonly ledger: Ledger
  readonly mempool: Mempool = new Mempool()
  readonly governance: Governance
  readonly params: Params
  readonly plans: UpgradePlans = new UpgradePlans()
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

  constructor(genesis: ChainGenesis, { kept = keptBlocks, periodMs = (ms) => ms }: BlockChainOptions) {
    this.#chainId = genesis.chainId
    this.#kept = kept
    this.validators = createValidatorSet(genesis.validators)
    this.priorities = initialPriorities(this.validators)
    this.ledger = new Ledger(genesis.accounts)
    this.params = new Params(genesis)
    const { ledger, params, plans } = this
    this.governance = new Governance({
      ledger,
      params,
      plans,
      validators: this.validators.members,
      periodMs,
    })
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

  search(terms: readonly TxTerm[]): readonly IncludedTx[] {
    return [...this.#txs.values()].filter((one) => terms.every((term) => fits(one, term)))
  }

  evmTx(hash: string): IncludedTx | PendingTx | undefined {
    const known = this.#cosmosHashes.get(hash)
    if (known === undefined) return undefined
    const tx = this.mempool.waiting.get(known)
    return this.#txs.get(known) ?? (tx === undefined ? undefined : { tx, height: undefined })
  }

  broadcast(tx: NewTx): CheckedTx {
    const checked = this.check(tx)
    if (checked.code !== 0) return checked
    const { hash } = checked
    const full = this.mempool.add({ ...tx, hash })
    if (full !== undefined) return { code: 19, log: full, codespace: 'sdk', hash }
    if (tx.evm !== undefined) this.#cosmosHashes.set(tx.evm.hash, hash)
    return checked
  }

  check(tx: NewTx): CheckedTx {
    const hash = sha256Hex(Buffer.from(tx.bytes, 'base64'))
    const isKnown = this.#txs.has(hash) || this.mempool.waiting.has(hash)
    // A Cosmos transaction that is known meets the cache before its sequence can be called wrong.
    const refused = isKnown && tx.cosmos !== undefined ? undefined : this.#refusal(tx)
    if (refused !== undefined)
      return { code: refused.code, log: refused.message, codespace: refused.codespace, hash }
    return isKnown
      ? { code: 19, log: 'tx already exists in cache', codespace: 'sdk', hash }
      : { code: 0, log: '', codespace: '', hash }
  }

  /** Why CheckTx refuses it. What waits already has taken the sequences before it. */
  #refusal({ evm, cosmos }: NewTx): Pick<TxError, 'code' | 'codespace' | 'message'> | undefined {
    if (evm !== undefined) {
      const log = this.ledger.refusal(evm)
      return log === undefined ? undefined : { code: 1, codespace: 'sdk', message: log }
    }
    if (cosmos.timeoutHeight > 0 && cosmos.timeoutHeight <= this.tip)
      return sdkError(
        'tx timeout height',
        `block height: ${this.tip}, timeout height: ${cosmos.timeoutHeight}`,
      )
    const { sequence } = this.ledger.account(cosmos.account)
    const expected = this.mempool.pendingNonce(cosmos.from, sequence)
    return this.ledger.refusalOf(cosmos, expected, bech32Address('sei', cosmos.account))
  }

  append(decision: Decision): ChainBlock {
    const height = this.tip + 1
    const txs = this.mempool.take(this.ledger)
    const app: Block = { height, time: { ms: decision.timeMs, salt: height } }
    const results = txs.map((tx) => this.#execute(tx, app))
    this.plans.close(height)
    this.governance.endBlock(app)
    const previous = this.#blocks.get(this.tip)
    this.priorities = rotate(this.validators, this.priorities).priorities
    const block = this.#seal(height, decision, txs, results, previous)
    this.tip = height
    this.stateHash = block.stateHash
    this.#blocks.set(height, block)
    this.#heights.set(block.commit.hash, height)
    for (const [index, tx] of txs.entries()) {
      const result = results[index]
      if (result !== undefined) this.#txs.set(tx.hash, { tx, height, index, result })
    }
    this.#prune()
    return block
  }

  #execute({ evm, cosmos }: ChainTx, block: Block): TxResult {
    if (evm !== undefined) return this.ledger.apply(evm)
    return deliver(cosmos, { ledger: this.ledger, governance: this.governance, block })
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

function fits({ tx, height, result }: IncludedTx, term: TxTerm): boolean {
  if ('hash' in term) return tx.hash === term.hash
  if ('height' in term) return height === term.height
  return (result.events ?? []).some(
    ({ type, attributes }) => type === term.event && attributes[term.key] === term.value,
  )
}
