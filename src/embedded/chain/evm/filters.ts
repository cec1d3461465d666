import { randomBytes } from 'node:crypto'
import type { SeidNode } from '../seid-node.ts'
import { refused } from './errors.ts'
import type { EvmMethods, EvmScope } from './method.ts'
import { blockParam, evmHash } from './values.ts'

/** Blocks a log query may span. */
const maxLogBlocks = 2_000
/** Simulated milliseconds after which an unread filter is gone. */
const filterTimeoutMs = 120_000

interface Filter {
  readonly kind: 'logs' | 'blocks'
  /** First height its next read covers. */
  from: number
  readonly query: unknown
  cancelExpiry: () => void
}

/** Filters live on the node that made them. */
export interface FilterStore {
  add(node: SeidNode, kind: Filter['kind'], query?: unknown): string
  get(node: SeidNode, id: unknown): Filter
  remove(id: unknown): boolean
}

export function createFilterStore(): FilterStore {
  const filters = new Map<string, Filter>()
  const arm = (node: SeidNode, id: string): (() => void) =>
    node.clock.after(filterTimeoutMs, () => filters.delete(id))
  return {
    add: (node, kind, query) => {
      const id = `0x${randomBytes(16).toString('hex')}`
      filters.set(id, { kind, from: node.view.height + 1, query, cancelExpiry: arm(node, id) })
      return id
    },
    get: (node, id) => {
      const filter = filters.get(String(id))
      if (filter === undefined) throw refused('filter does not exist')
      filter.cancelExpiry()
      filter.cancelExpiry = arm(node, String(id))
      return filter
    },
    remove: (id) => {
      filters.get(String(id))?.cancelExpiry()
      return filters.delete(String(id))
    },
  }
}

/** Transfers emit nothing, so every log query that is well formed is empty. */
export const filterMethods: EvmMethods = {
  eth_getLogs: ({ node }, [query]) => logs(node, query),
  eth_newFilter: ({ node, filters }, [query]) => {
    logs(node, query)
    return filters.add(node, 'logs', query)
  },
  eth_newBlockFilter: ({ node, filters }) => filters.add(node, 'blocks'),
  eth_getFilterLogs: ({ node, filters }, [id]) => {
    const filter = filters.get(node, id)
    if (filter.kind !== 'logs') throw refused('filter not found')
    return logs(node, filter.query)
  },
  eth_getFilterChanges: filterChanges,
  eth_uninstallFilter: ({ filters }, [id]) => filters.remove(id),
}

async function filterChanges({ node, filters }: EvmScope, [id]: readonly unknown[]): Promise<unknown> {
  const filter = filters.get(node, id)
  if (filter.kind === 'logs') return []
  const { from } = filter
  const { height } = node.view
  filter.from = height + 1
  const hashes: string[] = []
  for (let at = from; at <= height; at += 1) {
    const block = await node.session.query('block', at)
    if (block !== undefined) hashes.push(evmHash(block.commit.hash))
  }
  return hashes
}

function logs(node: SeidNode, query: unknown): readonly never[] {
  const { fromBlock, toBlock, blockHash } = (typeof query === 'object' && query !== null ? query : {}) as {
    fromBlock?: unknown
    toBlock?: unknown
    blockHash?: unknown
  }
  if (blockHash !== undefined) {
    if (fromBlock !== undefined || toBlock !== undefined)
      throw refused('cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other')
    return []
  }
  const from = blockParam(node, [fromBlock], 0)
  const to = blockParam(node, [toBlock], 0)
  if (from > to) throw refused(`fromBlock (${from}) is after toBlock (${to})`)
  if (to - from + 1 > maxLogBlocks)
    throw refused(`block range too large (${to - from + 1}), maximum allowed is ${maxLogBlocks} blocks`)
  return []
}
