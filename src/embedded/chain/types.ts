import type { Clock } from '../clock.ts'
import type { ChainQueries, ChainQuery, UpgradePlan } from './messages.ts'
import type { NodeHalt } from './upgrade/decide.ts'
import type { Binary } from './upgrade/handlers.ts'

/** One validator as genesis lists it. */
export interface GenesisValidator {
  readonly moniker: string
  /** 40 upper-case hex digits, first 20 bytes of SHA-256 of the public key. */
  readonly address: string
  /** Standard base64 of 32 bytes. */
  readonly pubKey: string
  readonly power: number
  /**
   * Account that staked for it, `sei1…`: votes of this account count with the validator's power.
   * @default the account of the consensus address, for which there is no key
   */
  readonly operator?: string | undefined
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
  /** Private key of the validator's operator account, 64 hex digits: what a keyring holds. */
  readonly operatorKey?: string | undefined
  /** Height of the last block that this node has committed; the engine writes it. */
  height: number
  /** A block above that lies in its store, decided and not executed: the next start replays it. */
  storedHeight?: number | undefined
  /** First height of its block store: 1 unless it began from a peer's snapshot. @default 1 */
  base?: number | undefined
  /** `data/upgrade-info.json`, as the binary leaves it that lacks a handler; it outlives the upgrade. */
  upgradeInfo?: UpgradePlan | undefined
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
  /** `UPGRADE_VERSION_LIST` of its environment: replaces the upgrades that the image knows. */
  readonly upgradeVersionList?: string | undefined
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
  /** `freeze-height`: the node stays up and commits nothing from this height on. */
  readonly freezeAtHeight?: number | undefined
  /** Executing this block panics for a reason of its own: the node stays up, its application one block behind. */
  readonly zombieAtHeight?: number | undefined
  /** From this block on it shows other block hashes than the others: a fork. */
  readonly forkAtHeight?: number | undefined
  /** Its application hash of the block before differs from what the others decided: exit code 2. */
  readonly appHashDiffersAtHeight?: number | undefined
  /** It exits with this code once it has committed a block of at least this height; with 0 as `halt-height` does. */
  readonly exit?: { readonly code: number; readonly height: number } | undefined
  /** It halts at this block as if for an upgrade, `isIntent` by the proposed contract, else with today's panic. */
  readonly halt?:
    | { readonly reason: number; readonly height: number; readonly plan: string; readonly isIntent: boolean }
    | undefined
  /** Upgrades that the binary has a handler for beside those of its version. */
  readonly upgradeHandlers?: readonly string[] | undefined
  /** `--unsafe-skip-upgrades` */
  readonly skippedUpgrades?: readonly number[] | undefined
  /** Where nobody has the handler, it does not learn of the block's decision, and stays alive before it. */
  readonly survivesUpgrade?: boolean | undefined
  /** Halts for upgrades are announced in `/status` and by exit code 70–72 instead of by a panic. */
  readonly haltContract?: boolean | undefined
  /** After such a halt the servers stay up until SIGTERM. */
  readonly staysAlive?: boolean | undefined
  /** 64-bit numbers of the announcement are strings. */
  readonly haltStrings?: boolean | undefined
  /** Without an announcement `halt_intent` is null instead of absent. */
  readonly haltNull?: boolean | undefined
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
  /** Block that its store has beyond `height`. */
  readonly storedHeight?: number | undefined
  /** First height of its store. @default 1 */
  readonly base?: number | undefined
  /** An empty store is filled from a peer's snapshot, and waits until there is one. */
  readonly stateSync?: boolean | undefined
  /** Blocks between the snapshots that it keeps for others. @default it keeps none */
  readonly snapshotInterval?: number | undefined
  readonly binary: Binary
  /** A block that it cannot execute for reasons of its own; `isStored` where it lies in its store all the same. */
  readonly failsAt?:
    | { readonly height: number; readonly isStored: boolean; readonly isShown: boolean }
    | undefined
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
  /** From now on these pairs of nodes cannot reach each other, and all others can. */
  sever(links: readonly (readonly [string, string])[]): void
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
  /** First height of its own store, whatever has been pruned since. */
  readonly base: number
  readonly earliestHash: string
  readonly earliestAppHash: string
  readonly earliestTime: string
  readonly catchingUp: boolean
  /** Best height among live peers right now; nodes themselves refresh what they show of it every 10 s. */
  readonly maxPeerHeight: number
  /** Ids of live links. */
  readonly peers: readonly string[]
  readonly votingPower: number
  /** Upgrades applied so far. */
  readonly appVersion: number
  /** The upgrade that is pending after the last block. */
  readonly plan: UpgradePlan | undefined
  /** The block after `appHeight` was decided, and this node cannot execute it. */
  readonly halt: NodeHalt | undefined
}
