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

/** The genesis document that the ceremony assembles; `appState` is what REST and EVM balances are read from. */
export interface ChainGenesis {
  readonly chainId: string
  readonly genesisTime: string
  readonly validators: readonly GenesisValidator[]
  readonly accounts: readonly { readonly address: string; readonly balance: string }[]
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
  /** The chain commits no block above this height. */
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
  /** Where the engine of this chain is reached; see transport.ts. */
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
  readonly haltAtHeight?: number | undefined
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
  query(request: ChainQuery): Promise<unknown>
  /** Leaves the chain: peers see the node gone, its power no longer votes. */
  leave(): void
}

/** A node's own state after each change: what its `/status` is made of. */
export interface NodeView {
  readonly height: number
  readonly appHeight: number
  readonly blockHash: string
  readonly appHash: string
  readonly blockTime: string
  readonly earliestHeight: number
  readonly catchingUp: boolean
  readonly maxPeerHeight: number
  readonly peers: readonly string[]
  readonly votingPower: number
}

export type ChainQuery =
  | { readonly kind: 'block'; readonly height: number }
  | { readonly kind: 'blockByHash'; readonly hash: string }
  | { readonly kind: 'commit'; readonly height: number }
  | { readonly kind: 'validators'; readonly height: number }
  | { readonly kind: 'consensusState' }
  | { readonly kind: 'broadcast'; readonly tx: string }
  | { readonly kind: 'tx'; readonly hash: string }
  | { readonly kind: 'mempool' }
