import { mkdir } from 'node:fs/promises'
import { defaults } from '../contract/defaults.ts'
import type { GateTrace } from '../contract/gates.ts'
import type { MissingItem, Seal } from '../contract/seal.ts'
import type { KubeClient } from '../kube/types.ts'
import { gather, type Gather, type Item } from './item.ts'
import { logItems } from './log-items.ts'
import { nodeItems, type CaptureNode } from './node-items.ts'
import { objectItems, readPods, type CaptureScope } from './object-items.ts'
import { createRedactor } from './redact.ts'
import { captureFailed, sealFolder } from './seal.ts'

export interface CaptureOptions {
  /** Left out when attached: then only what the nodes say is kept. */
  readonly kube?: KubeClient | undefined
  readonly network: { readonly name: string; readonly namespace: string }
  /** Validators and followers. */
  readonly nodes: readonly CaptureNode[]
  readonly traces: readonly GateTrace[]
  /** Made if need be. What already lies in it is sealed too. */
  readonly folder: string
  /** Why the evidence is kept: `passed`, or what went wrong. */
  readonly reason: string
  /** All of it, ms. @default `defaults.captureBudgetMs` */
  readonly budgetMs?: number | undefined
  /** Ends the reading; what is there is sealed. */
  readonly signal?: AbortSignal | undefined
  /** Secrets to remove wherever they appear. */
  readonly secrets?: readonly string[] | undefined
}

/** Longest that one item may take, however large the budget, ms. */
const itemMs = 10_000

/**
 * Keeps what is known of a network in `folder` and seals it. Items are read in parallel, each within its own deadline;
 * those that could not be kept are listed with the reason and make the seal partial.
 * Throws only CAPTURE_FAILED, when the folder cannot be written.
 */
export async function captureEvidence(options: CaptureOptions): Promise<Seal> {
  const { folder, network, reason, budgetMs = defaults.captureBudgetMs } = options
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
    return await sealFolder(folder, { network: network.name, reason: redactor.text(reason), missing })
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
  }
}

/** Logs need the pods first; everything else is asked for at once. */
async function gatherAll(options: CaptureOptions, gathering: Gather): Promise<MissingItem[]> {
  const { kube, network, nodes, traces } = options
  const items: Item[] = [
    { path: 'gates.json', read: async () => traces },
    ...nodes.flatMap((node) => nodeItems(node, gathering.itemMs)),
  ]
  if (kube === undefined) return await gather(items, gathering)
  const scope = { kube, network, nodes }
  const [missing, missingLogs] = await Promise.all([
    gather([...items, ...objectItems(scope)], gathering),
    gatherLogs(scope, gathering),
  ])
  return [...missing, ...missingLogs]
}

async function gatherLogs(scope: CaptureScope, gathering: Gather): Promise<MissingItem[]> {
  const found: Item[] = []
  const missing = await gather(
    [
      {
        path: 'logs',
        read: async () => {
          found.push(...logItems(scope.kube, await readPods(scope)))
          return undefined
        },
      },
    ],
    gathering,
  )
  return [...missing, ...(await gather(found, gathering))]
}
