import type { ClockKind, ImageCommands } from './embedded.ts'
import type { GenesisAccount } from './crds/head/seinetwork.ts'
import type { HaltOptions } from './halt-actions.ts'

/** What a user asks for, in `sei(options)` and, merged over it, in a file's `@vitest-environment-options`. */
export interface SpecOptions {
  network?: {
    /** Genesis validators, 1…100; two never start (each would have one peer). @default 4 */
    validators?: number
    /** seid image. @default `defaults.image` */
    image?: string
    /** sei-config overrides of every validator, dotted keys to strings; merged over `defaults.config`. */
    config?: Record<string, string>
    /** Genesis overrides, dotted snake_case paths. */
    genesis?: Record<string, unknown>
    /** Accounts funded at genesis beside the admin's. */
    accounts?: GenesisAccount[]
    sidecarImage?: string
  }
  /**
   * Followers: their number, 0…100, or number, image, config and namespace. One follower of a single validator is
   * refused: it never reports caught up, which takes two peers. @default 2
   */
  followers?: number | FollowerOptions
  /** `file` gives this file a network of its own. @default 'shared' */
  isolation?: 'shared' | 'file'
  /** Naming any of these three asks for an exclusive lease: they change the network. */
  tasks?: boolean | Record<string, unknown>
  faults?: boolean | Record<string, unknown>
  workflow?: boolean | Record<string, unknown>
}

export interface FollowerOptions {
  /** @default 2 */
  count?: number
  /** @default the network's image */
  image?: string
  /** sei-config overrides, merged over `defaults.config`; those of the validators do not apply. */
  config?: Record<string, string>
  /** Namespace of the followers when it is not the network's. */
  namespace?: string
}

/** Options of the run, beside the spec: only in the plugin, never in a docblock. */
export interface RunOptions {
  /** @default from the environment, `resolveMode` */
  mode?: string
  /** Kubernetes namespace. @default POD_NAMESPACE, the service account's, else `default` */
  namespace?: string
  /** kubeconfig context to use; production-looking ones are refused unless in `allowContexts`. */
  context?: string
  allowContexts?: string[]
  /** @default `defaults.maxNetworks` on real clusters, unlimited on simulated ones that are started for the run */
  maxNetworks?: number
  /** Stops the whole run when one network is lost. @default false */
  haltRun?: boolean
  /** Folder of run folders, relative to the project root. @default `defaults.runFolder` */
  runFolder?: string
  /** Budgets in ms that replace the mode's. */
  readiness?: { phaseMs?: number; gateMs?: number }
  /** What counts as the loss of a network that was ready. */
  watchdog?: {
    /** Whether a loss ends the network's tests; containers' ends are recorded all the same. @default true */
    enabled?: boolean
    /** For how long a network may make no block, ms. @default 20 block times as measured, at least `defaults.stallMs`, or `defaults.stallSimulatedMs` on a simulated cluster */
    stallMs?: number
  }
  /** What to do when a node halts for an upgrade. @default nothing */
  halts?: HaltOptions
  embedded?: {
    /** Simulated milliseconds per real one, 1…1000. @default `defaults.embeddedRate` */
    rate?: number
    /** Real milliseconds between blocks, 10…60000. @default `defaults.embeddedBlockMs` */
    blockMs?: number
    /** `virtual`: time in which nothing happens is leapt over while something waits for it to pass. @default 'real' */
    clock?: ClockKind
    /** Definitions of an era, `head` or `june`, or those of a folder, relative to the project root. @default `head` */
    definitions?: string
    /**
     * By image, whole or without tag and digest: the command that runs in its place on this machine, in pods that run for real.
     * Words that begin with `./` or `../` are paths relative to the project root. @default none
     */
    images?: ImageCommands
  }
}

export type PluginOptions = SpecOptions & RunOptions

/** A spec with every default filled in. Equal hashes share one network. */
export interface ResolvedSpec {
  readonly network: {
    readonly validators: number
    readonly image: string
    readonly config: Readonly<Record<string, string>>
    readonly genesis: Readonly<Record<string, unknown>>
    readonly accounts: readonly GenesisAccount[]
    readonly sidecarImage?: string | undefined
  }
  readonly followers: {
    readonly count: number
    readonly image: string
    readonly config: Readonly<Record<string, string>>
    readonly namespace?: string | undefined
  }
  /** True when the lease must not be shared with another file. */
  readonly exclusive: boolean
  /** SHA-256 of the canonical form, lower-case hex, without `exclusive`. */
  readonly hash: string
}

/** One network to create. Names are the Go SDK's, camelCase. */
export interface NetworkSpec {
  /** Also the genesis chain id. */
  name: string
  namespace?: string | undefined
  /** @default `defaults.image` */
  image?: string | undefined
  /** 1…100, not 2. @default `defaults.validators` */
  validators?: number | undefined
  accounts?: readonly GenesisAccount[] | undefined
  genesis?: Readonly<Record<string, unknown>> | undefined
  config?: Readonly<Record<string, string>> | undefined
  labels?: Readonly<Record<string, string>> | undefined
  annotations?: Readonly<Record<string, string>> | undefined
  /** @default 'Delete' */
  deletionPolicy?: 'Delete' | 'Retain' | undefined
  sidecarImage?: string | undefined
}

/** One follower to create: always a full node. */
export interface NodeSpec {
  name: string
  /** Network to follow: chain id, label and peer selector. */
  network: string
  namespace?: string | undefined
  /** @default the node's namespace */
  networkNamespace?: string | undefined
  /** @default `defaults.image` */
  image?: string | undefined
  config?: Readonly<Record<string, string>> | undefined
  labels?: Readonly<Record<string, string>> | undefined
  annotations?: Readonly<Record<string, string>> | undefined
  /** State sync from at least two distinct bare `host:port` witnesses. */
  stateSync?: { rpcServers: readonly string[] } | undefined
}
