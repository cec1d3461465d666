import { sha256Hex } from './encoding.ts'
import type { ChainBlock, ChainCommit } from './messages.ts'
import type { Binary } from './upgrade/handlers.ts'

/** A block as a node has it: one that was ordered to fork has blocks of the same content under other hashes. */
export function asSeenBy({ forksAt }: Binary, block: ChainBlock): ChainBlock {
  if (block.height < forksAt) return block
  const { lastCommit } = block
  return {
    ...block,
    commit: forked(block.commit),
    lastCommit: lastCommit === undefined || lastCommit.height < forksAt ? lastCommit : forked(lastCommit),
  }
}

function forked(commit: ChainCommit): ChainCommit {
  return { ...commit, hash: sha256Hex(`${commit.hash}|fork`) }
}
