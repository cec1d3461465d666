import type { BlockChain } from './block-chain.ts'
import { asSeenBy } from './fork.ts'
import type { ChainQueries, ChainQuery, PeerBook, RoundState } from './messages.ts'
import type { Binary } from './upgrade/handlers.ts'

/** What an answer is made of: the chain, and the asking node's place in it. */
export interface QueryScope {
  readonly chain: BlockChain
  /** Height of the asking node's own store: it knows nothing above. */
  readonly height: number
  /** Height of its application. */
  readonly appHeight: number
  readonly binary: Binary
  peers(): PeerBook
  roundState(): RoundState
}

type Answers = {
  readonly [K in ChainQuery]: (
    scope: QueryScope,
    ...args: ChainQueries[K]['args']
  ) => ChainQueries[K]['result']
}

const answers: Answers = {
  block: ({ binary, chain, height }, wanted) => {
    const block = wanted > height ? undefined : chain.at(wanted)
    return block === undefined ? undefined : asSeenBy(binary, block)
  },
  blockByHash: ({ binary, chain, height }, hash) => {
    const block = chain.byHash(hash)
    return block !== undefined && block.height <= height ? asSeenBy(binary, block) : undefined
  },
  validators: ({ chain }, height) => ({
    members: chain.validators.members,
    priorities: chain.at(height)?.priorities ?? chain.nextPriorities,
  }),
  consensusState: (scope) => scope.roundState(),
  peers: (scope) => scope.peers(),
  broadcast: ({ chain }, tx) => chain.broadcast(tx),
  check: ({ chain }, tx) => chain.check(tx),
  mempool: ({ chain }) => [...chain.mempool.waiting.values()],
  tx: ({ chain, height }, hash) => {
    const found = chain.tx(hash)
    return found !== undefined && found.height <= height ? found : undefined
  },
  evmTx: ({ chain, height }, hash) => {
    const found = chain.evmTx(hash)
    return found?.height !== undefined && found.height > height ? undefined : found
  },
  evmAccount: ({ chain }, address) => {
    const { wei, nonce } = chain.ledger.evmAccount(address)
    return { wei, nonce, pendingNonce: chain.mempool.pendingNonce(address, nonce) }
  },
  balances: ({ chain }, address) => chain.ledger.balances(address),
  supply: ({ chain }) => chain.ledger.supply(),
  association: ({ chain }, address) => ({
    evm: chain.ledger.evmOf(address),
    sei: chain.ledger.accountOf(address),
  }),
  txs: ({ chain, height }, terms) => chain.search(terms).filter((found) => found.height <= height),
  account: ({ chain }, address) => chain.ledger.account(address),
  proposals: ({ chain }) => chain.governance.list(),
  proposal: ({ chain }, id) => chain.governance.get(id),
  govParams: ({ chain }) => chain.params.gov,
  param: ({ chain }, subspace, key) => chain.params.get(subspace, key),
  consensusParams: ({ chain }) => chain.params.consensus,
  plan: ({ chain, appHeight }) => chain.plans.pendingAt(appHeight),
  appliedPlan: ({ chain, appHeight }, name) => chain.plans.appliedHeight(name, appHeight),
}

export function answerQuery<K extends ChainQuery>(
  kind: K,
  args: ChainQueries[K]['args'],
  scope: QueryScope,
): ChainQueries[K]['result'] {
  const answer = answers[kind] as (
    scope: QueryScope,
    ...args: ChainQueries[K]['args']
  ) => ChainQueries[K]['result']
  return answer(scope, ...args)
}
