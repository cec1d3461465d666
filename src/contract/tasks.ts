import type { SeiNodeTaskOutputs, SeiNodeTaskSpec } from './crds/head/seinodetask.ts'
import type { NetworkHandle, NodeHandle, WaitOptions } from './handles.ts'
import type { Place } from './kinds.ts'

/** Every kind of task that some era of the definitions knows, by the payload that belongs to it. */
export const taskPayloads = {
  GovSoftwareUpgrade: 'govSoftwareUpgrade',
  GovVote: 'govVote',
  GovParamChange: 'govParamChange',
  AwaitCondition: 'awaitCondition',
  AwaitNodesAtHeight: 'awaitNodesAtHeight',
  UpdateNodeImage: 'updateNodeImage',
  RestartSeid: 'restartSeid',
  MarkReady: 'markReady',
  DiscoverPeers: 'discoverPeers',
  RestartPod: 'restartPod',
} as const

export type TaskKind = keyof typeof taskPayloads

/** The `spec` of a SeiNodeTask, in its own words; the last two kinds are those of June 2026. */
export type TaskSpec =
  | SeiNodeTaskSpec
  | (JuneSpec & { kind: 'DiscoverPeers'; discoverPeers: Record<string, never> })
  | (JuneSpec & { kind: 'RestartPod'; restartPod: { podUID: string } })

type JuneSpec = Pick<SeiNodeTaskSpec, 'target' | 'timeoutSeconds'>

/** A node as an operation names it: a handle, or its place. */
export type NodeRef = Pick<NodeHandle, 'name' | 'namespace'>
export type NetworkRef = Pick<NetworkHandle, 'name' | 'namespace' | 'validators'>

/** What a cluster's definition of SeiNodeTask allows, and how that was found out. */
export interface TaskCapabilities {
  readonly kinds: readonly string[]
  readonly source: 'definition' | 'openapi' | 'dry-run'
}

/** How an operation was carried out: by a task of its kind, or by what does the same where the cluster has no such kind. */
export type TaskWay = 'task' | 'pod-deletion' | 'restart' | 'spec'

export interface TaskOptions extends WaitOptions {
  /**
   * Deadline of the whole operation, its proof included, in ms of wall time. @default `taskBudgetMs` of the mode. A task of a
   * kind without a limit of its own gets it as `timeoutSeconds`, so that none runs on unseen.
   */
  timeoutMs?: number
}

/** What every operation tells of itself. */
export interface TaskResult {
  readonly node: string
  readonly namespace: string
  readonly kind: TaskKind
  readonly way: TaskWay
  /** The SeiNodeTasks that were created, in order. */
  readonly tasks: readonly string[]
  readonly outputs: SeiNodeTaskOutputs
  readonly startedAt: string
  readonly endedAt: string
}

/** A restart that was proven: what was there before and after, Ready and caught up. */
export interface RestartResult extends TaskResult {
  readonly podUID: { readonly before: string; readonly after: string }
  /** Restarts of the seid container of the pod that is there. */
  readonly restartCount: { readonly before: number; readonly after: number }
  /** Height that the node had when it had caught up. */
  readonly height: number
}

export interface DiscoverPeersResult extends TaskResult {
  /** `<node id>@<host>:<port>`, as the controller resolved them; never empty. */
  readonly resolvedPeers: readonly string[]
  /** Node ids of the links seid holds; never empty. What DiscoverPeers wrote acts from seid's next start on. */
  readonly connectedPeers: readonly string[]
  /** Where finding peers took a restart. */
  readonly restart?: RestartResult | undefined
}

export interface UpdateImageResult extends TaskResult {
  readonly image: { readonly before: string; readonly after: string }
  /** Nodes that run the image now, each Ready and caught up. */
  readonly nodes: readonly string[]
  /** Pods that had to be deleted because the controller had left them with the old image. */
  readonly deletedPods: readonly string[]
}

export interface ProposalResult extends TaskResult {
  readonly proposalId: number
  readonly txHash: string
  readonly height: number
}

export interface VoteResult extends TaskResult {
  readonly txHash: string
  readonly height: number
}

export interface HeightResult extends TaskResult {
  /** Height that the node had when the wait was over; at least the one asked for. */
  readonly height: number
}

/** What the governance operations share; amounts are coins in usei. */
export interface GovOptions extends TaskOptions {
  /** @default the node's chain id */
  chainId?: string
  /** @default `taskDefaults.fees` */
  fees?: string
  /** @default `taskDefaults.proposalGas`, for a vote `taskDefaults.voteGas` */
  gas?: number
  /** Key in the node's keyring. @default the operator keyring's, else `validator` */
  keyName?: string
  memo?: string
}

export interface ProposalOptions extends GovOptions {
  /** @default what the proposal does, in a few words */
  title?: string
  /** @default the title */
  description?: string
  /** @default `taskDefaults.deposit` */
  initialDeposit?: string
}

export interface UpgradeProposal extends ProposalOptions {
  /** Name of the plan: what the handler in the new binary is called. */
  upgradeName: string
  /** Height before which every old binary stops; must be ahead of the chain when the votes are counted. */
  upgradeHeight: number
  /** JSON such as `{"upgradeType":"minor"}`, or empty: other text makes seid log an error at every block. */
  upgradeInfo?: string
}

export interface ParamChangeProposal extends ProposalOptions {
  changes: { subspace: string; key: string; value: unknown }[]
}

export interface Vote extends GovOptions {
  proposalId: number
  /** @default 'yes' */
  option?: NonNullable<SeiNodeTaskSpec['govVote']>['option']
}

export interface NetworkUpgrade extends Omit<UpgradeProposal, 'upgradeHeight'> {
  /** Image whose binary has the plan's handler. */
  image: string
  /** Followers that get the image too: with the old one they stop at the same height. */
  followers?: readonly NodeRef[]
  /** @default far enough by the measured block rate for the votes to be counted before */
  upgradeHeight?: number
}

export interface NetworkUpgradeResult {
  readonly plan: { readonly name: string; readonly height: number }
  readonly proposal: ProposalResult
  readonly votes: readonly VoteResult[]
  /** Real milliseconds between blocks, measured before the height was chosen. */
  readonly blockMs: number
  readonly images: readonly UpdateImageResult[]
  /** Where the plan was applied, by the chain's own record. */
  readonly appliedHeight: number
  /** Height of each validator and follower at the end: ten blocks past the plan's at least. */
  readonly heights: Readonly<Record<string, number>>
}

/**
 * Operations on live nodes. Each one changes the network: it takes the network for the file alone, opens an expected
 * disruption until its proof, and throws TASK_FAILED with the task's reason, `task.err` and the target's state; BAD_INPUT
 * for what can be judged before anything is sent; CAPABILITY_MISSING where the cluster has no way to do it.
 */
export interface Tasks {
  capabilities(): Promise<TaskCapabilities>
  /** Creates the SeiNodeTask as given and waits for its end. Proves nothing beyond what the controller says. */
  run(spec: TaskSpec, options?: TaskOptions & { namespace?: string }): Promise<TaskResult>
  /**
   * Replaces the node's pod: by RestartPod, else by deleting exactly the pod that is there. Proves another UID, Ready, and
   * caught up. A restart that changed nothing is an error. `podUID` makes it refuse any other pod than that one.
   */
  restartPod(node: NodeRef, options?: TaskOptions & { podUID?: string }): Promise<RestartResult>
  /** Restarts seid within its pod. Proves the same UID, one more restart, and caught up. */
  restartSeid(node: NodeRef, options?: TaskOptions): Promise<RestartResult>
  /**
   * Has the node's peers found again: by DiscoverPeers, whose result acts from seid's next start on; else by what the controller
   * resolved, a restart, and the links seen after. Proves that the node was not left without peers.
   */
  discoverPeers(node: NodeRef, options?: TaskOptions): Promise<DiscoverPeersResult>
  /** Tells the sidecar that seid may start. */
  markReady(node: NodeRef, options?: TaskOptions): Promise<TaskResult>
  /** Waits in the cluster until the node itself has `height`, through outages of its RPC. */
  awaitHeight(node: NodeRef, height: number, options?: TaskOptions): Promise<HeightResult>
  /**
   * Swaps an image: of a lone node by UpdateNodeImage; of a network on the SeiNetwork, which its validators follow. Proves
   * that each pod runs it, Ready and caught up. Refuses a validator, whose network would put the old image back.
   */
  updateImage(target: NodeRef | NetworkRef, image: string, options?: TaskOptions): Promise<UpdateImageResult>
  /** Submits a software upgrade proposal with the node's key. */
  govUpgrade(node: NodeRef, proposal: UpgradeProposal): Promise<ProposalResult>
  govParamChange(node: NodeRef, proposal: ParamChangeProposal): Promise<ProposalResult>
  /** Votes with the node's key. Safe to repeat: the last vote counts. */
  govVote(node: NodeRef, vote: Vote): Promise<VoteResult>
  /**
   * A whole upgrade: measures the block rate, proposes a height far enough, has every validator vote, waits short of it,
   * lets the chain stop, swaps the image, and proves the plan applied and every node ten blocks past it.
   */
  networkUpgrade(network: NetworkRef, upgrade: NetworkUpgrade): Promise<NetworkUpgradeResult>
  /** Runs an operation on each of `nodes` at once; see `FanOut` for when it counts as done. */
  each<N extends NodeRef, T>(
    nodes: readonly N[],
    operation: (node: N, signal: AbortSignal) => Promise<T>,
    fanOut?: FanOut,
  ): Promise<FanOutResult<T>>
}

export interface FanOut {
  /** How many must succeed: every one, none, or `quorum(n)`. @default 'all' */
  readonly require?: 'all' | 'best-effort' | { readonly quorum: number }
  /** What becomes of the rest once the requirement cannot be met. @default 'await' */
  readonly onFailure?: 'await' | 'cancel'
  readonly signal?: AbortSignal
}

/** At least `n` of the nodes. */
export function quorum(n: number): { readonly quorum: number } {
  return { quorum: n }
}

export interface FanOutResult<T> {
  readonly succeeded: readonly { readonly node: string; readonly value: T }[]
  /** What each of the others ended with; of a cancelled one, also which task was left to run. */
  readonly failed: readonly { readonly node: string; readonly error: Error }[]
}

/** The operations as data: what goes over the lease API. */
export interface TaskOperations {
  capabilities: { args: Record<string, never>; result: TaskCapabilities }
  run: { args: { namespace?: string | undefined; spec: TaskSpec; timeoutMs?: number }; result: TaskResult }
  restartPod: { args: OnNode & { podUID?: string }; result: RestartResult }
  restartSeid: { args: OnNode; result: RestartResult }
  discoverPeers: { args: OnNode; result: DiscoverPeersResult }
  markReady: { args: OnNode; result: TaskResult }
  awaitHeight: { args: OnNode & { height: number }; result: HeightResult }
  updateNodeImage: { args: OnNode & { image: string }; result: UpdateImageResult }
  updateNetworkImage: { args: OnNetwork & { image: string }; result: UpdateImageResult }
  govUpgrade: { args: OnNode & { proposal: UpgradeProposal }; result: ProposalResult }
  govParamChange: { args: OnNode & { proposal: ParamChangeProposal }; result: ProposalResult }
  govVote: { args: OnNode & { vote: Vote }; result: VoteResult }
  networkUpgrade: {
    args: OnNetwork & { upgrade: Omit<NetworkUpgrade, 'followers'>; followers: readonly Place[] }
    result: NetworkUpgradeResult
  }
}

interface OnNode {
  readonly node: Place
  readonly timeoutMs?: number | undefined
}

interface OnNetwork {
  readonly network: Place
  readonly timeoutMs?: number | undefined
}

export type TaskOperation = keyof TaskOperations

/** Carries out one operation, wherever the cluster's connection is. */
export type CallTask = <K extends TaskOperation>(
  operation: K,
  args: TaskOperations[K]['args'],
  signal: AbortSignal | undefined,
) => Promise<TaskOperations[K]['result']>

/** What was known of a target when its task failed: part of the error's details. */
export interface TargetState {
  readonly phase?: string | undefined
  readonly paused?: boolean | undefined
  readonly image?: string | undefined
  readonly currentImage?: string | undefined
  readonly pod?:
    | {
        readonly uid: string
        readonly phase?: string | undefined
        readonly ready: boolean
        readonly restartCount: number
        /** Of the seid container: what it waits for, or how it last ended. */
        readonly waiting?: string | undefined
        readonly lastExitCode?: number | undefined
      }
    | undefined
}

/** Details of a TASK_FAILED. */
export interface TaskFailure {
  readonly kind: TaskKind
  readonly node: string
  readonly namespace: string
  /** The SeiNodeTask, where one was created. */
  readonly task?: string | undefined
  /** Reason of its Failed condition, else ours: Timeout, NotProven, NoPeers, Cancelled. */
  readonly reason: string
  /** `status.task.err`. */
  readonly err?: string | undefined
  readonly target: TargetState
  readonly outputs?: SeiNodeTaskOutputs | undefined
  /** True when the SeiNodeTask has not ended: it goes on in the cluster until its own time limit. */
  readonly stillRunning: boolean
}
