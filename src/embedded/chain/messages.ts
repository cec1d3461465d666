import type { AccountFacts } from './ledger.ts'
import type { Proposal, ProposalId } from './app/proposal.ts'
import type { TxMessage } from './tx/messages.ts'
import type { GenesisValidator } from './types.ts'

/** Requests of a front end, by kind. Answers are never copied in process: readers must not change them. */
export interface ChainQueries {
  /** `undefined` above this node's height or below the kept history. */
  block: { args: [height: number]; result: ChainBlock | undefined }
  /** Block hash, upper-case hex. */
  blockByHash: { args: [hash: string]; result: ChainBlock | undefined }
  /** The validator set that decides `height`, with its proposer priorities. */
  validators: { args: [height: number]; result: ValidatorsAt }
  consensusState: { args: []; result: RoundState }
  peers: { args: []; result: PeerBook }
  broadcast: { args: [tx: NewTx]; result: CheckedTx }
  /** CheckTx alone: nothing waits for a block afterwards. */
  check: { args: [tx: NewTx]; result: CheckedTx }
  mempool: { args: []; result: readonly ChainTx[] }
  /** Cosmos hash, upper-case hex. */
  tx: { args: [hash: string]; result: IncludedTx | undefined }
  /** Ethereum hash, `0x` and lower-case hex. Also finds what still waits in the mempool, without a height. */
  evmTx: { args: [hash: string]; result: IncludedTx | PendingTx | undefined }
  /** 40 lower-case hex digits of an EVM address; `pending` counts waiting transactions too. */
  evmAccount: { args: [address: string]; result: { wei: bigint; nonce: number; pendingNonce: number } }
  /** Transactions that fit all of `terms`, oldest first. */
  txs: { args: [terms: readonly TxTerm[]]; result: readonly IncludedTx[] }
  /** 40 lower-case hex digits of an account address. */
  account: { args: [address: string]; result: AccountFacts }
  proposals: { args: []; result: readonly Proposal[] }
  proposal: { args: [id: ProposalId]; result: Proposal | undefined }
  /** A section of the genesis `app_state.gov`, as it is by now. */
  govParams: { args: []; result: Readonly<Record<string, unknown>> }
  /** A module's parameter, as JSON; empty when there is none of that name. */
  param: { args: [subspace: string, key: string]; result: string }
  consensusParams: { args: []; result: Readonly<Record<string, unknown>> }
  /** Pending at this node's height. */
  plan: { args: []; result: UpgradePlan | undefined }
  /** Height at which the upgrade was applied, as this node knows it; 0: never. */
  appliedPlan: { args: [name: string]; result: number }
  /** 40 lower-case hex digits of an account address; amounts by denom. */
  balances: { args: [address: string]; result: readonly Coin[] }
  supply: { args: []; result: readonly Coin[] }
  association: {
    args: [address: string]
    result: { evm: string | undefined; sei: string | undefined }
  }
}
export type ChainQuery = keyof ChainQueries

export interface Coin {
  readonly denom: string
  readonly amount: string
}

/** Who signed one block, and at which round it was decided. */
export interface ChainCommit {
  readonly height: number
  readonly round: number
  readonly hash: string
  readonly partsHash: string
  readonly time: string
  /** By index in the validator set. */
  readonly signed: readonly boolean[]
}

/** A committed block. Hashes are upper-case hex of SHA-256. */
export interface ChainBlock {
  readonly height: number
  readonly time: string
  readonly timeMs: number
  /** The header's: state after the previous block. */
  readonly appHash: string
  readonly stateHash: string
  readonly dataHash: string
  readonly lastCommitHash: string
  readonly lastResultsHash: string
  readonly proposer: string
  readonly priorities: readonly number[]
  readonly txs: readonly ChainTx[]
  readonly results: readonly TxResult[]
  readonly commit: ChainCommit
  readonly lastCommit: ChainCommit | undefined
}

export interface ValidatorsAt {
  readonly members: readonly GenesisValidator[]
  readonly priorities: readonly number[]
}

/** Where the round of the next height stands, as one node sees it. */
export interface RoundState {
  readonly height: number
  readonly round: number
  readonly step: number
  readonly startTime: string
  readonly validators: readonly GenesisValidator[]
  readonly proposer: number
  /** Hash of the proposal under vote, empty without one. */
  readonly proposalHash: string
  readonly prevotes: readonly boolean[]
  readonly precommits: readonly boolean[]
}

export interface PeerBook {
  /** Every address heard of, up or not. */
  readonly known: readonly { readonly id: string; readonly address: string }[]
  readonly live: readonly string[]
}

/** A transaction that a front end has read: of the Ethereum side or of the Cosmos side. `bytes` is standard base64. */
export type NewTx =
  | { readonly bytes: string; readonly evm: EvmTx; readonly cosmos?: undefined }
  | { readonly bytes: string; readonly evm?: undefined; readonly cosmos: CosmosTx }

/** With `hash`: SHA-256 of the bytes, upper-case hex. */
export type ChainTx = NewTx & { readonly hash: string }

/** A decoded Cosmos transaction of one signer. Addresses are 40 lower-case hex digits. */
export interface CosmosTx {
  /** Who signs and pays. */
  readonly account: string
  /** EVM address of the same key. */
  readonly from: string
  /** Compressed, base64. */
  readonly publicKey: string
  readonly sequence: number
  /** Whether the signature fits the key, this chain, and the account's number. */
  readonly isSigned: boolean
  readonly messages: readonly TxMessage[]
  readonly fee: readonly Coin[]
  readonly gas: number
  /** In bytes. */
  readonly size: number
  readonly memo: string
  /** 0: none. */
  readonly timeoutHeight: number
}

/** One condition of a search: a hash, a height, or an event's attribute. */
export type TxTerm =
  | { readonly hash: string }
  | { readonly height: number }
  | { readonly event: string; readonly key: string; readonly value: string }

/** A scheduled software upgrade. */
export interface UpgradePlan {
  readonly name: string
  readonly height: number
  readonly info: string
}

/** A decoded Ethereum transaction with its recovered sender. Addresses are 40 lower-case hex digits without prefix. */
export interface EvmTx {
  readonly type: 0 | 1 | 2
  /** `0x` and lower-case hex of Keccak-256. */
  readonly hash: string
  readonly from: string
  /** Account address of the same public key. */
  readonly fromAccount: string
  readonly to: string
  readonly value: bigint
  readonly nonce: number
  readonly gas: bigint
  /** `gasPrice`, or `maxFeePerGas` of type 2. */
  readonly feeCap: bigint
  readonly tipCap: bigint
  /** Absent in pre-EIP-155 signatures. */
  readonly chainId: bigint | undefined
  /** `0x`-prefixed. */
  readonly data: string
  readonly v: bigint
  readonly r: bigint
  readonly s: bigint
  readonly yParity: number
}

/** CheckTx's verdict; code 0 accepts. */
export interface CheckedTx {
  readonly code: number
  readonly log: string
  readonly codespace: string
  readonly hash: string
}

/** What a transaction tells the index. */
export interface ChainEvent {
  readonly type: string
  readonly attributes: Readonly<Record<string, string>>
}

export interface TxResult {
  readonly code: number
  readonly log: string
  readonly codespace: string
  readonly gasWanted: number
  readonly gasUsed: number
  /** Base64 of what the messages answer. */
  readonly data?: string | undefined
  readonly events?: readonly ChainEvent[] | undefined
}

export interface IncludedTx {
  readonly tx: ChainTx
  readonly height: number
  readonly index: number
  readonly result: TxResult
}

export interface PendingTx {
  readonly tx: ChainTx
  readonly height: undefined
}
