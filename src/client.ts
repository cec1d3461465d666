import './contract/node-version.ts'
import { createClient } from './client/client.ts'
import { attachClient } from './client/attach.ts'
import { openCluster } from './clusters/open.ts'
import type { SeiClient } from './contract/handles.ts'
import { resolveMode } from './contract/modes.ts'
import type { RunOptions } from './contract/spec.ts'
import { throwIfCancelled } from './probe/http.ts'
import { usageError } from './errors/sei-error.ts'

export type { Endpoints, NetworkEndpoints, NodeEndpoints } from './contract/endpoints.ts'
export type { GateName, GateState, GateStep, GateTrace, StuckGate } from './contract/gates.ts'
export type { NetworkHandle, NodeHandle, NodeStatus, SeiClient, WaitOptions } from './contract/handles.ts'
export type { DeletePermit, Seal, Waiver } from './contract/seal.ts'
export type { NetworkSpec, NodeSpec } from './contract/spec.ts'
export type {
  DiscoverPeersResult,
  FanOut,
  FanOutResult,
  HeightResult,
  NetworkUpgrade,
  NetworkUpgradeResult,
  ParamChangeProposal,
  ProposalResult,
  RestartResult,
  TaskCapabilities,
  TaskFailure,
  TaskKind,
  TaskOptions,
  TaskResult,
  Tasks,
  TaskSpec,
  UpdateImageResult,
  UpgradeProposal,
  Vote,
  VoteResult,
} from './contract/tasks.ts'
export { quorum } from './contract/tasks.ts'
export type { ErrorClass, ErrorCode } from './errors/codes.ts'
export { isCancelled, isSeiError, isTimeout, isUsage } from './errors/guards.ts'
export { SeiError } from './errors/sei-error.ts'

export interface OpenOptions extends Pick<
  RunOptions,
  'mode' | 'namespace' | 'context' | 'allowContexts' | 'readiness' | 'embedded'
> {
  /** Ends the opening; the client outlives it. */
  readonly signal?: AbortSignal
}

/** A client and the cluster it opened: `await using sei = await open()`, or `close()`. */
export interface OpenedClient extends SeiClient, AsyncDisposable {
  /** Ends the connection, and the cluster where `open()` started it. What was created is not deleted. Idempotent. */
  close(): Promise<void>
}

/**
 * Opens a client for scripts: the cluster of `mode`, else of the one mode that the environment selects. Throws
 * BAD_ENVIRONMENT when the environment selects none or several, BAD_OPTIONS for an unknown mode,
 * CLUSTER_UNAVAILABLE or CONTEXT_REFUSED when it cannot be opened.
 */
export async function open(options: OpenOptions = {}): Promise<OpenedClient> {
  throwIfCancelled(options.signal)
  const resolved = resolveMode(options.mode, process.env)
  if (!resolved.ok) {
    throw usageError(resolved.problems, options.mode === undefined ? 'BAD_ENVIRONMENT' : 'BAD_OPTIONS')
  }
  if (resolved.value.mode === 'attach') return withClose(attachClient(process.env), async () => {})
  const cluster = await openCluster(resolved.value, options)
  const client = createClient(cluster, { readiness: options.readiness })
  return withClose(client, async () => {
    client.close()
    await cluster.close()
  })
}

function withClose(client: SeiClient, end: () => Promise<void>): OpenedClient {
  let ended: Promise<void> | undefined
  const close = (): Promise<void> => (ended ??= end())
  return { ...client, close, [Symbol.asyncDispose]: close }
}
