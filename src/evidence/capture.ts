import { mkdir } from 'node:fs/promises'
import { defaults } from '../contract/defaults.ts'
import type { GateTrace } from '../contract/gates.ts'
import type { NodeEndpoints } from '../contract/endpoints.ts'
import type { NodeHandle, NodeStatus } from '../contract/handles.ts'
import type { Pod } from '../contract/objects.ts'
import type { MissingItem, Seal } from '../contract/seal.ts'
import type { KubeClient } from '../kube/types.ts'
import { isSeiError } from '../errors/guards.ts'
import { gather, type Gather, type Item } from './item.ts'
import { logItems } from './log-items.ts'
import { nodeItems } from './node-items.ts'
import { objectItems, readPods, type CaptureScope } from './object-items.ts'
import { createRedactor } from './redact.ts'
import { terminationItems, type EndedContainer } from './termination-items.ts'
import { captureFailed, sealFolder } from './seal.ts'
import { errorText } from '../errors/error-text.ts'

type Captured = Pick<NodeHandle, 'name' | 'namespace' | 'endpoints'>

/** Hears what the capture reads, so that nobody has to ask for it again. */
export interface CaptureObserver {
  /** Of each node that answered. */
  status?(node: string, status: NodeStatus): void
  /** Of the networks and nodes. */
  pods?(pods: readonly Pod[]): void
}

export interface CaptureOptions {
  /** Left out when attached: then only what the nodes say is kept. */
  readonly kube?: KubeClient | undefined
  /** Networks with their validators. */
  readonly networks: readonly {
    readonly name: string
    readonly namespace: string
    readonly validators: readonly Captured[]
  }[]
  /** Followers. */
  readonly nodes: readonly Captured[]
  readonly traces: readonly GateTrace[]
  /** Containers that have ended so far, with the log of each where it could be read. */
  readonly terminations?: readonly EndedContainer[] | undefined
  /** Further items, of what is no network's nor node's. */
  readonly items?: readonly Item[] | undefined
  /** What went wrong, if anything did; traces in its details are kept too. */
  readonly failure?: unknown
  /** Made if need be. What already lies in it is sealed too. */
  readonly folder: string
  /** All of it, ms. @default `defaults.captureBudgetMs` */
  readonly budgetMs?: number | undefined
  /** Ends the reading; what is there is sealed. */
  readonly signal?: AbortSignal | undefined
  /** Secrets to remove wherever they appear. */
  readonly secrets?: readonly string[] | undefined
  readonly observer?: CaptureObserver | undefined
}

/** Longest that one item may take, however large the budget: an API server that is in trouble answers late. Ms. */
const itemMs = 30_000
/** Longest that a node is asked for one thing: one that hangs says nothing later either. Ms. */
const nodeMs = 10_000

/**
 * Keeps what is known of a network in `folder` and seals it. Items are read in parallel, each within its own deadline;
 * those that could not be kept are listed with the reason and make the seal partial.
 * Throws only CAPTURE_FAILED, when the folder cannot be written.
 */
export async function captureEvidence(options: CaptureOptions): Promise<Seal> {
  const { folder, networks, failure, budgetMs = defaults.captureBudgetMs } = options
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw captureFailed(folder, cause)
  })
  const budget = new AbortController()
  const timer = setTimeout(
    () => budget.abort(new Error(`the capture's budget of ${budgetMs} ms is spent`)),
    budgetMs,
  )
  const onAbort = (): void => budget.abort(new Error('the capture was stopped'))
  if (options.signal?.aborted === true) onAbort()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const redactor = createRedactor(options.secrets)
    const gathering = { folder, redactor, signal: budget.signal, itemMs: Math.min(itemMs, budgetMs) }
    const missing = await gatherAll(options, gathering)
    return await sealFolder(folder, {
      networks: networks.map(({ name }) => name),
      reason: failure === undefined ? 'no failure' : redactor.text(errorText(failure)),
      missing,
    })
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
  }
}

/** Logs need the pods first; everything else is asked for at once. */
async function gatherAll(options: CaptureOptions, gathering: Gather): Promise<MissingItem[]> {
  const { kube, networks, observer } = options
  const nodes = [...networks.flatMap(({ validators }) => validators), ...options.nodes]
  const items: Item[] = [
    { path: 'gates.json', read: async () => allTraces(options) },
    ...terminationItems(options.terminations ?? []),
    ...(options.items ?? []),
    ...nodes.flatMap((node) =>
      nodeItems(node.name, knownEndpoints(node), Math.min(nodeMs, gathering.itemMs), (status) =>
        observer?.status?.(node.name, status),
      ),
    ),
  ]
  if (options.failure !== undefined) {
    items.push({ path: 'failure.json', read: async () => describeFailure(options.failure) })
  }
  if (kube === undefined) return await gather(items, gathering)
  const scope = { kube, networks, nodes }
  const [missing, missingLogs] = await Promise.all([
    gather([...items, ...objectItems(scope)], gathering),
    gatherLogs(scope, gathering, observer),
  ])
  return [...missing, ...missingLogs]
}

/** A node that never ran has no endpoints, which its handle says with a usage error. */
function knownEndpoints(node: Captured): NodeEndpoints | undefined {
  try {
    return node.endpoints
  } catch {
    return undefined
  }
}

/** A failed provisioning hands out no traces: they are in its error. */
function allTraces({ traces, failure }: CaptureOptions): unknown[] {
  const failed = isSeiError(failure) ? failure.details?.traces : undefined
  return [...traces, ...(Array.isArray(failed) ? failed : [])]
}

function describeFailure(failure: unknown): unknown {
  if (!isSeiError(failure)) return { message: errorText(failure) }
  const { class: kind, code, message, details } = failure
  return { class: kind, code, message, details }
}

async function gatherLogs(
  scope: CaptureScope,
  gathering: Gather,
  observer: CaptureObserver | undefined,
): Promise<MissingItem[]> {
  const found: Item[] = []
  const missing = await gather(
    [
      {
        path: 'logs',
        read: async () => {
          const pods = await readPods(scope)
          observer?.pods?.(pods)
          found.push(...logItems(scope.kube, pods))
          return undefined
        },
      },
    ],
    gathering,
  )
  return [...missing, ...(await gather(found, gathering))]
}
