import { hexToBase64 } from '../encoding.ts'
import type { SeidNode } from '../seid-node.ts'
import type { ChainBlock, ChainCommit } from '../messages.ts'
import type { GenesisValidator } from '../types.ts'
import { headerFields, setHash } from '../header.ts'
import { RestError } from './errors.ts'
import type { RestRoute } from './route.ts'

const base = '/cosmos/base/tendermint/v1beta1'
const flags = { absent: 'BLOCK_ID_FLAG_ABSENT', commit: 'BLOCK_ID_FLAG_COMMIT' } as const

export const blockRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: `${base}/blocks/latest`,
    run: ({ node }) => blockAt(node, node.view.height),
  },
  {
    method: 'GET',
    path: `${base}/blocks/{height}`,
    run: ({ node, parts: [height] }) => blockAt(node, heightOf(height)),
  },
  { method: 'GET', path: '/blocks/latest', run: ({ node }) => blockAt(node, node.view.height) },
  {
    method: 'GET',
    path: '/blocks/{height}',
    run: ({ node, parts: [height] }) => blockAt(node, heightOf(height)),
  },
  {
    method: 'GET',
    path: `${base}/validatorsets/latest`,
    run: ({ node }) => validatorSet(node, node.view.height),
  },
  {
    method: 'GET',
    path: `${base}/validatorsets/{height}`,
    run: ({ node, parts: [height] }) => validatorSet(node, heightOf(height)),
  },
]

function heightOf(text: string | undefined): number {
  const height = Number(text)
  if (!Number.isInteger(height)) throw new RestError(3, `type mismatch, parameter: height, error: ${text}`)
  return height
}

async function blockAt(node: SeidNode, height: number): Promise<unknown> {
  const block = await known(node, height)
  const { members } = await node.session.query('validators', height)
  return { block_id: blockId(block.commit), block: printBlock(node, block, members) }
}

async function known(node: SeidNode, height: number): Promise<ChainBlock> {
  if (height > node.view.height)
    throw new RestError(3, 'requested block height is bigger then the chain length')
  const block = await node.session.query('block', height)
  if (block === undefined) throw new RestError(5, `height ${height} is not available`)
  return block
}

function printBlock(node: SeidNode, block: ChainBlock, members: readonly GenesisValidator[]): unknown {
  const { last_block_id: _id, ...hex } = headerFields(node.config.genesis, block, members)
  const { version, chain_id, height, time, proposer_address, ...hashes } = hex
  return {
    header: {
      version,
      chain_id,
      height,
      time,
      last_block_id: blockId(block.lastCommit),
      ...Object.fromEntries(Object.entries(hashes).map(([key, value]) => [key, hexToBase64(value)])),
      proposer_address: hexToBase64(proposer_address),
    },
    data: { txs: block.txs.map((tx) => tx.bytes) },
    evidence: { evidence: [] },
    last_commit: lastCommit(block, members),
  }
}

function lastCommit({ lastCommit: commit }: ChainBlock, members: readonly GenesisValidator[]): unknown {
  return {
    height: String(commit?.height ?? 0),
    round: commit?.round ?? 0,
    block_id: blockId(commit),
    signatures: members.flatMap((validator, i) => {
      if (commit === undefined) return []
      const signed = commit.signed[i] === true
      return [
        {
          block_id_flag: signed ? flags.commit : flags.absent,
          validator_address: signed ? hexToBase64(validator.address) : null,
          timestamp: signed ? commit.time : '0001-01-01T00:00:00Z',
          signature: signed ? hexToBase64(setHash([commit.hash, validator.address]).repeat(2)) : null,
        },
      ]
    }),
  }
}

function blockId(commit: ChainCommit | undefined): unknown {
  return {
    hash: commit === undefined ? null : hexToBase64(commit.hash),
    part_set_header: {
      total: commit === undefined ? 0 : 1,
      hash: commit === undefined ? null : hexToBase64(commit.partsHash),
    },
  }
}

async function validatorSet(node: SeidNode, height: number): Promise<unknown> {
  if (height > node.view.height)
    throw new RestError(3, 'requested block height is bigger then the chain length')
  const { members, priorities } = await node.session.query('validators', height)
  return {
    block_height: String(height),
    validators: members.map((validator, i) => ({
      address: validator.address,
      pub_key: { '@type': '/cosmos.crypto.ed25519.PubKey', key: validator.pubKey },
      voting_power: String(validator.power),
      proposer_priority: String(priorities[i] ?? 0),
    })),
    pagination: { next_key: null, total: String(members.length) },
  }
}
