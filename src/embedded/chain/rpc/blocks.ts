import { blockIdOf, headerFields, setHash, type HeaderFields } from '../header.ts'
import type { SeidNode } from '../seid-node.ts'
import type { ChainBlock, ChainCommit } from '../messages.ts'
import type { GenesisValidator } from '../types.ts'
import { internalError } from './errors.ts'
import type { RpcMethods } from './method.ts'
import type { RpcArgs } from './params.ts'
import { knownBlock, resolveHeight } from './heights.ts'
import { pageOf } from './pages.ts'
import { printResult } from './tx-result.ts'

/** Headers in one answer of `/blockchain`. */
const maxHeaders = 20
const zeroTime = '0001-01-01T00:00:00Z'

export const blockMethods: RpcMethods = {
  block: {
    params: { height: 'int' },
    run: async (node, args) => printBlock(node, await blockAt(node, args)),
  },
  block_by_hash: {
    params: { hash: 'bytes' },
    run: async (node, args) => printBlock(node, await byHash(node, args)),
  },
  header: {
    params: { height: 'int' },
    run: async (node, args) => ({ header: await printHeader(node, await blockAt(node, args)) }),
  },
  header_by_hash: {
    params: { hash: 'bytes' },
    run: async (node, args) => ({ header: await printHeader(node, await byHash(node, args)) }),
  },
  commit: { params: { height: 'int' }, run: commit },
  blockchain: { params: { minHeight: 'int', maxHeight: 'int' }, run: blockchain },
  block_results: { params: { height: 'int' }, run: blockResults },
  validators: { params: { height: 'int', page: 'int', per_page: 'int' }, run: validators },
}

/** `undefined` only before the first block. */
async function blockAt(node: SeidNode, args: RpcArgs): Promise<ChainBlock | undefined> {
  const height = resolveHeight(node, args.int('height'))
  return height === 0 ? undefined : knownBlock(node, height)
}

function byHash(node: SeidNode, args: RpcArgs): Promise<ChainBlock | undefined> {
  return node.session.query(
    'blockByHash',
    (args.bytes('hash') ?? Buffer.alloc(0)).toString('hex').toUpperCase(),
  )
}

async function membersAt(node: SeidNode, height: number): Promise<readonly GenesisValidator[]> {
  return (await node.session.query('validators', height)).members
}

async function printHeader(node: SeidNode, block: ChainBlock | undefined): Promise<HeaderFields | null> {
  if (block === undefined) return null
  return headerFields(node.config.genesis, block, await membersAt(node, block.height))
}

/** An unknown block is no error: its id is empty and the block `null`. */
export async function printBlock(node: SeidNode, block: ChainBlock | undefined): Promise<unknown> {
  if (block === undefined) return { block_id: blockIdOf(undefined), block: null }
  const members = await membersAt(node, block.height)
  return {
    block_id: blockIdOf(block.commit),
    block: {
      header: headerFields(node.config.genesis, block, members),
      data: { txs: block.txs.map((tx) => tx.bytes) },
      evidence: { evidence: [] },
      last_commit: printCommit(block.lastCommit, members),
    },
  }
}

function printCommit(commit: ChainCommit | undefined, members: readonly GenesisValidator[]): unknown {
  if (commit === undefined) return { height: '0', round: 0, block_id: blockIdOf(undefined), signatures: [] }
  return {
    height: String(commit.height),
    round: commit.round,
    block_id: blockIdOf(commit),
    signatures: members.map(({ address }, i) =>
      commit.signed[i] === true
        ? {
            block_id_flag: 2,
            validator_address: address,
            timestamp: commit.time,
            signature: signature(commit, address),
          }
        : { block_id_flag: 1, validator_address: '', timestamp: zeroTime, signature: null },
    ),
  }
}

/** Looks like an ed25519 signature and differs by block and signer; nothing here can verify one. */
function signature(commit: ChainCommit, address: string): string {
  const half = (name: string): Buffer => Buffer.from(setHash([commit.hash, address, name]), 'hex')
  return Buffer.concat([half('r'), half('s')]).toString('base64')
}

async function commit(node: SeidNode, args: RpcArgs): Promise<unknown> {
  const block = await blockAt(node, args)
  if (block === undefined) return { signed_header: null, canonical: false }
  const members = await membersAt(node, block.height)
  return {
    signed_header: {
      header: headerFields(node.config.genesis, block, members),
      commit: printCommit(block.commit, members),
    },
    // At the tip the node answers with the votes that it saw itself.
    canonical: block.height < node.view.height,
  }
}

async function blockchain(node: SeidNode, args: RpcArgs): Promise<unknown> {
  const { earliestHeight, height: tip } = node.view
  const max = Math.min(args.int('maxHeight') ?? tip, tip)
  const min = Math.max(args.int('minHeight') ?? 1, earliestHeight, max - maxHeaders + 1)
  if (min > max)
    throw internalError(`invalid request: min height ${min} can't be greater than max height ${max}`)
  const metas = []
  for (let height = max; height >= min && height > 0; height -= 1) {
    const block = await knownBlock(node, height)
    metas.push({
      block_id: blockIdOf(block.commit),
      block_size: String(760 + block.txs.reduce((sum, tx) => sum + tx.bytes.length, 0)),
      header: await printHeader(node, block),
      num_txs: String(block.txs.length),
    })
  }
  return { last_height: String(tip), block_metas: metas }
}

async function blockResults(node: SeidNode, args: RpcArgs): Promise<unknown> {
  const height = resolveHeight(node, args.int('height'))
  const block = height === 0 ? undefined : await knownBlock(node, height)
  const results = block?.results ?? []
  return {
    height: String(height),
    txs_results: results.length === 0 ? null : results.map(printResult),
    total_gas_used: String(results.reduce((sum, result) => sum + result.gasUsed, 0)),
    finalize_block_events: null,
    validator_updates: null,
    consensus_param_updates: null,
  }
}

/** Without a height: the set that decides the next one, or while syncing the tip's. */
async function validators(node: SeidNode, args: RpcArgs): Promise<unknown> {
  const { height: tip, catchingUp } = node.view
  const next = catchingUp ? Math.max(1, tip) : tip + 1
  const asked = args.int('height')
  const height = asked === tip + 1 || asked === undefined ? next : resolveHeight(node, asked)
  const { members, priorities } = await node.session.query('validators', height)
  const page = pageOf(members.length, args)
  const shown = members.slice(page.from, page.to)
  return {
    block_height: String(height),
    validators: shown.map((validator, i) => ({
      address: validator.address,
      pub_key: { type: 'tendermint/PubKeyEd25519', value: validator.pubKey },
      voting_power: String(validator.power),
      proposer_priority: String(priorities[page.from + i] ?? 0),
    })),
    count: String(shown.length),
    total: String(members.length),
  }
}
