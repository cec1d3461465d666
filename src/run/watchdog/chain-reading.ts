import type { NodeHandle } from '../../contract/handles.ts'
import { parseConsensusState, type ConsensusReading } from '../../probe/consensus-state.ts'
import type { ChainFacts } from '../../probe/halt/chain-facts.ts'
import { decisiveVotes } from './vote-watch.ts'
import { isRecord, readNumber } from '../../probe/json.ts'

/** The reads that tell why a chain stands, each with its deadline. A node that does not answer says nothing. */
export interface ReadOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export type ReadableNode = Pick<NodeHandle, 'name' | 'rpc' | 'rest'>

/** `/consensus_state` of each node that answers. */
export async function readVotes(
  nodes: readonly ReadableNode[],
  options: ReadOptions,
): Promise<readonly ConsensusReading[]> {
  const reads = nodes.map(async (node) => parseConsensusState(await node.rpc('consensus_state', {}, options)))
  return (await Promise.allSettled(reads)).flatMap((read) =>
    read.status === 'fulfilled' ? [read.value] : [],
  )
}

/** The plan that is pending, from the first node that serves REST. */
export async function readPlan(
  nodes: readonly ReadableNode[],
  options: ReadOptions,
): Promise<ChainFacts['plan']> {
  const reads = nodes.map(async (node) =>
    parsePlan(await node.rest('/cosmos/upgrade/v1beta1/current_plan', options)),
  )
  return await Promise.any(reads).catch(() => undefined)
}

function parsePlan(body: unknown): ChainFacts['plan'] {
  const plan = isRecord(body) ? body.plan : undefined
  if (!isRecord(plan) || typeof plan.name !== 'string') return undefined
  const height = readNumber(plan.height)
  return height === undefined ? undefined : { name: plan.name, height }
}

export interface ChainNodes {
  /** The one whose application is looked at. */
  readonly node: ReadableNode
  /** Who may serve REST as well. */
  readonly others: readonly ReadableNode[]
  /** Who is asked for votes. */
  readonly validators: readonly ReadableNode[]
}

/** Everything about a chain that stands at `tip` and has done so for `quietMs`, as one of its nodes shows it. */
export async function readChain(
  { node, others, validators }: ChainNodes,
  { tip, quietMs }: { readonly tip: number; readonly quietMs: number },
  options: ReadOptions,
): Promise<ChainFacts> {
  const [appHeight, readings, plan] = await Promise.all([
    readAppHeight(node, options),
    readVotes(validators, options),
    readPlan([node, ...others], options),
  ])
  const votes = decisiveVotes(readings, tip)
  return {
    tip,
    apartMs: quietMs,
    ...(appHeight === undefined ? {} : { appHeight }),
    ...(plan === undefined ? {} : { plan }),
    ...(votes === undefined
      ? {}
      : { prevoteShare: votes.prevoteShare, precommitShare: votes.precommitShare, step: votes.step }),
  }
}

async function readAppHeight(node: ReadableNode, options: ReadOptions): Promise<number | undefined> {
  try {
    const info = await node.rpc<unknown>('abci_info', {}, options)
    return isRecord(info) && isRecord(info.response) ? readNumber(info.response.last_block_height) : undefined
  } catch {
    return undefined
  }
}
