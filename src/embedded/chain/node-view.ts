import type { BlockChain } from './block-chain.ts'
import { epochTime } from './encoding.ts'
import { storeHeight, type EngineNode } from './engine-node.ts'
import { asSeenBy } from './fork.ts'
import type { NodeView } from './types.ts'

/** A node's own state, as its `/status` is made of it. */
export function viewOf(
  chain: BlockChain,
  node: EngineNode,
  links: Pick<NodeView, 'maxPeerHeight' | 'peers'>,
): NodeView {
  const height = storeHeight(node)
  const block = chain.at(height)
  const earliest = node.height === 0 ? undefined : chain.at(Math.max(chain.earliest, node.base))
  return {
    height,
    appHeight: node.height,
    blockHash: block === undefined ? '' : asSeenBy(node.hello.binary, block).commit.hash,
    appHash: block?.appHash ?? '',
    stateHash: chain.at(node.height)?.stateHash ?? chain.stateHash,
    blockTime: block?.time ?? epochTime,
    earliestHeight: earliest?.height ?? 0,
    base: node.base,
    earliestHash: earliest?.commit.hash ?? '',
    earliestAppHash: earliest?.appHash ?? '',
    earliestTime: earliest?.time ?? epochTime,
    catchingUp: node.catchingUp,
    ...links,
    votingPower: chain.validators.members[node.validator]?.power ?? 0,
    appVersion: chain.plans.appVersion(node.height),
    plan: chain.plans.pendingAt(node.height),
    halt: node.halt,
  }
}
