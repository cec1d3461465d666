import { emptyHash, sha256Hex } from './encoding.ts'
import { consensusParams } from './genesis-document.ts'
import type { ChainBlock, ChainCommit } from './messages.ts'
import type { ChainGenesis, GenesisValidator } from './types.ts'

export interface BlockId {
  readonly hash: string
  readonly parts: { readonly total: number; readonly hash: string }
}

/** A block's header as CometBFT prints it: hashes in upper-case hex, numbers as strings. */
export interface HeaderFields {
  readonly version: { readonly block: string; readonly app: string }
  readonly chain_id: string
  readonly height: string
  readonly time: string
  readonly last_block_id: BlockId
  readonly last_commit_hash: string
  readonly data_hash: string
  readonly validators_hash: string
  readonly next_validators_hash: string
  readonly consensus_hash: string
  readonly app_hash: string
  readonly last_results_hash: string
  readonly evidence_hash: string
  readonly proposer_address: string
}

/** Hash over a list of texts; stands in for the Merkle roots whose leaves a simulation has not. */
export function setHash(leaves: readonly string[]): string {
  return sha256Hex(leaves.join('|'))
}

export function blockIdOf(commit: ChainCommit | undefined): BlockId {
  return commit === undefined
    ? { hash: '', parts: { total: 0, hash: '' } }
    : { hash: commit.hash, parts: { total: 1, hash: commit.partsHash } }
}

export function headerFields(
  genesis: ChainGenesis,
  block: ChainBlock,
  members: readonly GenesisValidator[],
): HeaderFields {
  const validatorsHash = setHash(members.map(({ address, power }) => `${address}/${power}`))
  return {
    version: { block: '11', app: '0' },
    chain_id: genesis.chainId,
    height: String(block.height),
    time: block.time,
    last_block_id: blockIdOf(block.lastCommit),
    last_commit_hash: block.lastCommitHash,
    data_hash: block.dataHash,
    validators_hash: validatorsHash,
    next_validators_hash: validatorsHash,
    consensus_hash: setHash([JSON.stringify(consensusParams(genesis))]),
    app_hash: block.appHash,
    last_results_hash: block.lastResultsHash,
    evidence_hash: emptyHash,
    proposer_address: block.proposer,
  }
}
