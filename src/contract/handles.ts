import type { SeiNetwork } from './crds/head/seinetwork.ts'
import type { SeiNode } from './crds/head/seinode.ts'
import type { NetworkEndpoints, NodeEndpoints } from './endpoints.ts'
import type {
  ExpectDisruptionOptions,
  ExpectedDisruption,
  ExpectedHalt,
  ExpectHaltOptions,
} from './expectations.ts'
import type { GateTrace } from './gates.ts'
import type { HaltVerdict } from './halts.ts'
import type { Role } from './labels.ts'
import type { DeletePermit } from './seal.ts'
import type { NetworkSpec, NodeSpec } from './spec.ts'
import type { Tasks } from './tasks.ts'

export interface WaitOptions {
  /** Deadline in milliseconds of wall time. @default the mode's budget, `readinessBudgets` in defaults.ts */
  timeoutMs?: number
  signal?: AbortSignal
}

/** The part of seid's `/status` that tests and gates read; numbers are parsed from their decimal strings. */
export interface NodeStatus {
  chainId: string
  nodeId: string
  moniker: string
  latestHeight: number
  earliestHeight: number
  latestBlockHash: string
  latestBlockTime: string
  catchingUp: boolean
  votingPower: number
  /** The answer as the node gave it, out of its envelope if it had one. */
  raw: Record<string, unknown>
}

/**
 * One Sei node, whichever side of the lease API holds it. Reads go straight to the node; verbs that need the
 * Kubernetes API go through the cluster's connection (main process) or the lease API (worker).
 */
export interface NodeHandle {
  readonly name: string
  readonly namespace: string
  readonly role: Role
  readonly chainId: string
  readonly endpoints: NodeEndpoints
  /** The SeiNode as last read; `refresh()` reads it again. `undefined` when attached without a cluster. */
  readonly object: SeiNode | undefined
  refresh(): Promise<SeiNode>
  /** Passes every gate of the node, in order. Throws READINESS_TIMEOUT or READINESS_FAILED with the gate, value and cause. */
  waitReady(options?: WaitOptions): Promise<GateTrace>
  status(options?: WaitOptions): Promise<NodeStatus>
  latestHeight(options?: WaitOptions): Promise<number>
  earliestHeight(options?: WaitOptions): Promise<number>
  /** Waits until the node itself has `height`; resolves to the height seen. */
  waitHeight(height: number, options?: WaitOptions): Promise<number>
  /** Waits until the height has risen by `delta` over what the first read showed. @default delta 1 */
  waitHeightAdvances(delta?: number, options?: WaitOptions): Promise<number>
  evmBlockNumber(options?: WaitOptions): Promise<number>
  evmChainId(options?: WaitOptions): Promise<number>
  /** Any EVM JSON-RPC method; throws PROBE_FAILED with the node's error when it answers with one. */
  evm<T = unknown>(method: string, params?: readonly unknown[], options?: WaitOptions): Promise<T>
  /** Any CometBFT RPC method by GET; errors that arrive with HTTP 200 are thrown as PROBE_FAILED. */
  rpc<T = unknown>(
    method: string,
    params?: Readonly<Record<string, string>>,
    options?: WaitOptions,
  ): Promise<T>
  /** Any REST path by GET, parsed. */
  rest<T = unknown>(path: string, options?: WaitOptions): Promise<T>
  /** Idempotent. Needs what was kept of the node, or a named reason why nothing was. */
  delete(permit: DeletePermit): Promise<void>
}

/** A SeiNetwork and its validators. */
export interface NetworkHandle {
  readonly name: string
  readonly namespace: string
  readonly chainId: string
  readonly endpoints: NetworkEndpoints
  readonly object: SeiNetwork | undefined
  /** The genesis validators, by ordinal. */
  readonly validators: readonly NodeHandle[]
  refresh(): Promise<SeiNetwork>
  /** Passes every gate of every validator, in parallel. */
  waitReady(options?: WaitOptions): Promise<readonly GateTrace[]>
  /**
   * Highest height that validators holding more than two thirds of the voting power have all reached: a height that
   * is committed, whichever single validator is ahead or behind.
   */
  latestHeight(options?: WaitOptions): Promise<number>
  earliestHeight(options?: WaitOptions): Promise<number>
  waitHeight(height: number, options?: WaitOptions): Promise<number>
  waitHeightAdvances(delta?: number, options?: WaitOptions): Promise<number>
  delete(permit: DeletePermit): Promise<void>
}

/** What a test sees of its network: the handle, and a signal that aborts when the network is lost. */
export interface LeasedNetwork extends NetworkHandle {
  readonly signal: AbortSignal
  /**
   * Tells the watchdog that the test is about to disrupt a node, or the network: its nodes may end, fall silent and stand until
   * the window is closed. A fork, an upgrade halt and the end of any other node still abort. With `body` the window is
   * closed when it settles. Throws NETWORK_SHARED while another file holds the network, BAD_INPUT for an unknown node.
   */
  expectDisruption(options: ExpectDisruptionOptions): Promise<ExpectedDisruption>
  expectDisruption<T>(options: ExpectDisruptionOptions, body: () => Promise<T>): Promise<T>
  /**
   * Tells the watchdog that the test is about to halt the chain or a node. With `body`, which brings the halt about and may
   * heal it, resolves to the verdict; see `ExpectedHalt` for what it throws beside what `expectDisruption` does.
   */
  expectHalt(options: ExpectHaltOptions): Promise<ExpectedHalt>
  expectHalt(options: ExpectHaltOptions, body: (halt: ExpectedHalt) => Promise<unknown>): Promise<HaltVerdict>
}

/** The client: `open()` in the main process or a script, the `sei` fixture in a test. */
export interface SeiClient {
  readonly mode: string
  /** False only where real nodes answer. */
  readonly simulated: boolean
  readonly namespace: string
  /** Validates, applies and returns at once; never waits. */
  createNetwork(spec: NetworkSpec): Promise<NetworkHandle>
  createNode(spec: NodeSpec): Promise<NodeHandle>
  getNetwork(name: string, namespace?: string): Promise<NetworkHandle>
  getNode(name: string, namespace?: string): Promise<NodeHandle>
  /**
   * Lets `ms` of the cluster's wall time pass, in a moment where nothing happens in it; resolves then, or early once `signal`
   * aborts. Throws CAPABILITY_MISSING where the clock is not virtual (`embedded.clock`), BAD_INPUT for what is no time.
   */
  advance(ms: number, signal?: AbortSignal): Promise<void>
  /** Operations on live nodes. */
  readonly tasks: Tasks
}
