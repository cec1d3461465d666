import type { Clock } from '../clock.ts'

/** One validator as genesis lists it. */
export interface GenesisValidator {
  readonly moniker: string
  /** 40 upper-case hex digits, first 20 bytes of SHA-256 of the public key. */
  readonly address: string
  /** Standard base64 of 32 bytes. */
  readonly pubKey: string
  readonly power: number
}

/** A funded account of the genesis document. */
export interface GenesisAccount {
  readonly address: string
  /** Coins, e.g. `1000000usei,5uatom`. */
  readonly balance: string
  /** The EVM address that `address_associations` ties to it; left out, the two are tied by the account's first transaction. */
  readonly evmAddress?: string | undefined
}

/** The genesis document that the ceremony assembles; `appState` is what REST and EVM balances are read from. */
export interface ChainGenesis {
  readonly chainId: string
  readonly genesisTime: string
  readonly validators: readonly GenesisValidator[]
  readonly accounts: readonly GenesisAccount[]
  readonly overrides: Readonly<Record<string, unknown>>
}

/** What a node keeps on its volume: survives restarts and pod replacement, dies with the claim. */
export interface NodeHome {
  readonly nodeId: string
  readonly validator?: GenesisValidator | undefined
  /** Height of the last block in this node's store; the engine writes it. */
  height: number
}

/** A simulated `seid start`. Everything is data, so that a node can later be a process or a container. */
export interface SeidConfig {
  readonly moniker: string
  readonly mode: 'validator' | 'full' | 'archive' | 'seed'
  readonly home: NodeHome
  readonly genesis: ChainGenesis
  /** `<nodeId>@<host>:<port>`; only the id matters to the engine. */
  readonly persistentPeers: readonly string[]
  /** Effective dotted sei-config keys. */
  readonly config: Readonly<Record<string, string>>
  readonly image: string
  /** Loopback address and port per listener; a listener without a port is not opened. */
  readonly listen: {
    readonly host: string
    readonly rpc?: number | undefined
    readonly evm?: number | undefined
    readonly evmWs?: number | undefined
    readonly rest?: number | undefined
  }
  readonly faults: SeidFaults
}

/** Misbehaviour a test ordered for this node. */
export interface SeidFaults {
  /** `/status` says `catching_up: true` for ever. */
  readonly neverCaughtUp?: boolean | undefined
  readonly evmNeverBinds?: boolean | undefined
  /** This node commits no block above this height; ordered for every validator it stops the chain there. */
  readonly haltAtHeight?: number | undefined
  /** Every other `/status` shows a node back in block sync at height 1. */
  readonly statusFlaps?: boolean | undefined
}

export interface SeidExit {
  readonly exitCode: number
  readonly signal?: 'SIGTERM' | 'SIGKILL' | undefined
}

/** A running simulated seid. */
export interface SeidProcess {
  readonly exited: Promise<SeidExit>
  /** SIGTERM closes the listeners and exits 0; SIGKILL exits at once with 137. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void
}

export interface SeidStart {
  readonly clock: Clock
  readonly config: SeidConfig
  /** Where the engine of this chain is reached; see hub.ts. */
  readonly transport: ChainTransport
  /** Lines for the container's log. */
  readonly log: (line: string) => void
}

/** What a node tells the engine when it joins. */
export interface NodeHello {
  readonly nodeId: string
  readonly genesis: ChainGenesis
  readonly mode: SeidConfig['mode']
  readonly validator?: GenesisValidator | undefined
  readonly persistentPeers: readonly string[]
  /** Height its store already has. */
  readonly height: number
  readonly image: string
  /** Last height it commits: a fault or `freeze-height − 1`. It stays up, and votes for nothing above. */
  readonly haltAtHeight?: number | undefined
  /** `network.p2p.pex`: whether it learns and tells addresses. @default true */
  readonly peerExchange?: boolean | undefined
  /** `host:port` it is dialled at. @default what its peers' persistent peers say */
  readonly p2pAddress?: string | undefined
}

/**
 * Messages between a node's front end and its chain's engine: requests with structured-clone answers, and a stream of
 * views. In one process it is a function call; over a socket it is the same messages.
 */
export interface ChainTransport {
  join(hello: NodeHello, onView: (view: NodeView) => void): Promise<NodeSession>
}

export interface NodeSession {
  /** Anything a front end reads from the engine: blocks, commits, validators, consensus state, transactions. */
  query<K extends ChainQuery>(kind: K, ...args: ChainQueries[K]['args']): Promise<ChainQueries[K]['result']>
  /** Leaves the chain: peers see the node gone, its power no longer votes. */
  leave(): void
}

/** A node's own state after each change: what its `/status` is made of. */
export interface NodeView {
  readonly height: number
  readonly appHeight: number
  readonly blockHash: string
  readonly appHash: string
  /** Hash of the application's state after the last block: what `abci_info` shows, and the next header's app hash. */
  readonly stateHash: string
  readonly blockTime: string
  readonly earliestHeight: number
  readonly earliestHash: string
  readonly earliestAppHash: string
  readonly earliestTime: string
  readonly catchingUp: boolean
  /** Best height among live peers right now; nodes themselves refresh what they show of it every 10 s. */
  readonly maxPeerHeight: number
  /** Ids of live links. */
  readonly peers: readonly string[]
  readonly votingPower: number
}

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
  mempool: { args: []; result: readonly ChainTx[] }
  /** Cosmos hash, upper-case hex. */
  tx: { args: [hash: string]; result: IncludedTx | undefined }
  /** Ethereum hash, `0x` and lower-case hex. Also finds what still waits in the mempool, without a height. */
  evmTx: { args: [hash: string]; result: IncludedTx | PendingTx | undefined }
  /** 40 lower-case hex digits of an EVM address; `pending` counts waiting transactions too. */
  evmAccount: { args: [address: string]; result: { wei: bigint; nonce: number; pendingNonce: number } }
  /** 40 lower-case hex digits of an account address; amounts by denom. */
  balances: { args: [address: string]; result: readonly Coin[] }
  supply: { args: []; result: readonly Coin[] }
  association: {
    args: [address: string]
    result: { evm: string | undefined; sei: string | undefined; sequence: number; funded: boolean }
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

/** Bytes of a transaction as a client handed them in; `evm` where they are an Ethereum transaction. */
export interface NewTx {
  /** Standard base64. */
  readonly bytes: string
  readonly evm?: EvmTx | undefined
}

export interface ChainTx extends NewTx {
  /** SHA-256 of the bytes, upper-case hex. */
  readonly hash: string
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

export interface TxResult {
  readonly code: number
  readonly log: string
  readonly codespace: string
  readonly gasWanted: number
  readonly gasUsed: number
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
