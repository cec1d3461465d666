import type { SeidNode } from '../seid-node.ts'
import type { ChainBlock } from '../messages.ts'
import { RpcError, internalError } from './errors.ts'

/** The height asked for, the tip without one; throws as the node does for heights it cannot have. */
export function resolveHeight({ view }: SeidNode, asked: number | undefined): number {
  if (asked === undefined) return view.height
  if (asked <= 0) throw new RpcError(-32600, `height must be greater than 0 (requested height: ${asked})`)
  if (asked > view.height)
    throw internalError(
      `height must be less than or equal to the head of the node's blockchain (requested height: ${asked}, blockchain height: ${view.height})`,
    )
  if (asked < view.earliestHeight) throw pruned(asked, view.earliestHeight)
  return asked
}

export async function knownBlock(node: SeidNode, height: number): Promise<ChainBlock> {
  const block = await node.session.query('block', height)
  if (block === undefined) throw pruned(height, node.view.earliestHeight)
  return block
}

function pruned(height: number, base: number): RpcError {
  return internalError(`height is not available (requested height: ${height}, base height: ${base})`)
}
