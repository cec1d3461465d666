import type { BlockChain } from './block-chain.ts'
import { sha256Hex } from './encoding.ts'
import type { EngineNode } from './engine-node.ts'
import type { RoundState } from './messages.ts'
import type { ChainGenesis } from './types.ts'
import { rotate, type ValidatorSet } from './validator-set.ts'

export interface RoundScope {
  readonly genesis: ChainGenesis
  /** Nodes that this one is linked with, itself included. */
  readonly linked: readonly EngineNode[]
  /** By validator index: who of them votes on the next block. */
  readonly votes: readonly boolean[]
}

/** By validator index: whether one of the nodes signs for it. */
export function flagsOf(validators: ValidatorSet, nodes: readonly EngineNode[]): boolean[] {
  const flags = validators.members.map(() => false)
  for (const node of nodes) if (node.signs) flags[node.validator] = true
  return flags
}

export function holdsQuorum(validators: ValidatorSet, votes: readonly boolean[]): boolean {
  return validators.isQuorum(
    validators.members.reduce((sum, validator, i) => sum + (votes[i] === true ? validator.power : 0), 0),
  )
}

/** Where the round of the next height stands, as this node sees it. */
export function roundStateOf(chain: BlockChain, node: EngineNode, scope: RoundScope): RoundState {
  const { genesis, linked, votes } = scope
  const { validators, priorities } = chain
  const nobody = validators.members.map(() => false)
  const height = node.height + 1
  const base = {
    height,
    round: 0,
    startTime: chain.at(node.height)?.time ?? genesis.genesisTime,
    validators: validators.members,
    proposer: rotate(validators, priorities).proposer,
  }
  const proposalHash = sha256Hex(`${genesis.chainId}|proposal|${height}`)
  if (node.waits) {
    const survivors = linked.filter((member) => member.waits)
    return { ...base, step: 6, proposalHash, ...votesOfSurvivors(validators, survivors) }
  }
  // Stopped before execution: the block is decided, so all that are there have voted for it.
  if (node.height >= node.haltAt || node.halt !== undefined) {
    const there = flagsOf(
      validators,
      linked.filter((member) => !member.catchingUp),
    )
    return { ...base, step: 8, proposalHash, prevotes: there, precommits: there }
  }
  const idle = { ...base, proposalHash: '', prevotes: nobody, precommits: nobody }
  if (node.catchingUp) return { ...idle, step: 1 }
  return holdsQuorum(validators, votes) ? { ...idle, step: 3 } : { ...idle, step: 4, prevotes: votes }
}

/**
 * As recorded: who died took the quorum for the block along. A prevote of the first of the dead had arrived, and too few
 * precommits for a decision.
 */
function votesOfSurvivors(
  validators: ValidatorSet,
  survivors: readonly EngineNode[],
): Pick<RoundState, 'precommits' | 'prevotes'> {
  const precommits = flagsOf(validators, survivors)
  const prevotes = [...precommits]
  const dead = prevotes.indexOf(false)
  if (dead >= 0) prevotes[dead] = true
  while (holdsQuorum(validators, precommits)) precommits[precommits.lastIndexOf(true)] = false
  return { prevotes, precommits }
}
