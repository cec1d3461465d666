import { baseFeeWei } from '../ledger.ts'
import type { SeidNode } from '../seid-node.ts'
import type { ChainBlock, IncludedTx } from '../messages.ts'
import type { EvmMethods } from './method.ts'
import { evmReceipt, evmTransaction } from './transactions.ts'
import { blockParam, evmHash, hashParam, quantity, zeroBloom, zeroHash } from './values.ts'

const emptyUncles = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
const emptyTrie = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'
/** Bytes of a block without transactions, about. */
const headerBytes = 760

export const blockMethods: EvmMethods = {
  eth_getBlockByNumber: async ({ node }, params) => {
    const height = blockParam(node, params, 0)
    if (height === 0) return genesisBlock(node)
    const block = await node.session.query('block', height)
    return block === undefined ? null : evmBlock(block, params[1] === true)
  },
  eth_getBlockByHash: async ({ node }, params) => {
    const block = await node.session.query('blockByHash', cosmosHash(hashParam(params, 0)))
    return block === undefined ? null : evmBlock(block, params[1] === true)
  },
  eth_getBlockTransactionCountByNumber: async ({ node }, params) =>
    count(await node.session.query('block', blockParam(node, params, 0))),
  eth_getBlockTransactionCountByHash: async ({ node }, params) =>
    count(await node.session.query('blockByHash', cosmosHash(hashParam(params, 0)))),
  eth_getBlockReceipts: async ({ node }, params) => {
    const [given] = params
    const block =
      typeof given === 'string' && given.length === 66
        ? await node.session.query('blockByHash', cosmosHash(hashParam(params, 0)))
        : await node.session.query('block', blockParam(node, params, 0))
    return block === undefined ? null : evmTxs(block).map((tx) => evmReceipt(tx, block))
  },
  eth_getTransactionByBlockNumberAndIndex: async ({ node }, params) =>
    atIndex(await node.session.query('block', blockParam(node, params, 0)), params[1]),
  eth_getTransactionByBlockHashAndIndex: async ({ node }, params) =>
    atIndex(await node.session.query('blockByHash', cosmosHash(hashParam(params, 0))), params[1]),
}

/** The block as Sei shows it: its hash is CometBFT's, and what has no meaning here is zero. */
function evmBlock(block: ChainBlock, full: boolean): Record<string, unknown> {
  const txs = evmTxs(block)
  const gasUsed = block.results.reduce((sum, result) => sum + result.gasUsed, 0)
  const gasLimit = block.results.reduce((sum, result) => sum + result.gasWanted, 0)
  return {
    baseFeePerGas: quantity(baseFeeWei),
    difficulty: '0x0',
    extraData: '0x',
    gasLimit: quantity(gasLimit),
    gasUsed: quantity(gasUsed),
    hash: evmHash(block.commit.hash),
    logsBloom: zeroBloom,
    miner: `0x${block.proposer.toLowerCase()}`,
    mixHash: zeroHash,
    nonce: '0x0000000000000000',
    number: quantity(block.height),
    parentHash: block.lastCommit === undefined ? zeroHash : evmHash(block.lastCommit.hash),
    receiptsRoot: evmHash(block.lastResultsHash),
    sha3Uncles: emptyUncles,
    size: quantity(headerBytes + block.txs.reduce((sum, tx) => sum + tx.bytes.length, 0)),
    stateRoot: evmHash(block.appHash),
    timestamp: quantity(Math.floor(block.timeMs / 1_000)),
    ...(full ? { totalDifficulty: '0x0' } : {}),
    transactions: txs.map((tx) => (full ? evmTransaction(tx, block) : tx.tx.evm?.hash)),
    transactionsRoot: evmHash(block.dataHash),
    uncles: [],
  }
}

/** What `newHeads` pushes: the header, with a few more fields that have no meaning on Sei. */
export function evmHeader(block: ChainBlock): Record<string, unknown> {
  const { size: _size, transactions: _txs, uncles: _uncles, ...header } = evmBlock(block, false)
  return {
    ...header,
    baseFeePerGas: '0x0',
    blobGasUsed: '0x0',
    excessBlobGas: '0x0',
    parentBeaconBlockRoot: zeroHash,
    sha3Uncles: zeroHash,
    withdrawalsRoot: zeroHash,
    withdrawlsRoot: zeroHash,
  }
}

function genesisBlock(node: SeidNode): Record<string, unknown> {
  return {
    baseFeePerGas: '0x0',
    difficulty: '0x0',
    extraData: '0x',
    gasLimit: '0x0',
    gasUsed: '0x0',
    hash: zeroHash.replace(/0$/, '1'),
    logsBloom: zeroBloom,
    miner: `0x${'0'.repeat(40)}`,
    mixHash: zeroHash,
    nonce: '0x0000000000000000',
    number: '0x0',
    parentHash: zeroHash,
    receiptsRoot: emptyTrie,
    sha3Uncles: emptyUncles,
    size: '0x0',
    stateRoot: zeroHash,
    timestamp: quantity(Math.floor(Date.parse(node.config.genesis.genesisTime) / 1_000)),
    transactions: [],
    transactionsRoot: emptyTrie,
    uncles: [],
  }
}

function evmTxs(block: ChainBlock): IncludedTx[] {
  return block.txs.flatMap((tx, index) => {
    const result = block.results[index]
    return tx.evm === undefined || result === undefined ? [] : [{ tx, height: block.height, index, result }]
  })
}

function count(block: ChainBlock | undefined): string | null {
  return block === undefined ? null : quantity(evmTxs(block).length)
}

function atIndex(block: ChainBlock | undefined, index: unknown): unknown {
  if (block === undefined) return null
  const tx = evmTxs(block)[Number(index)]
  return tx === undefined ? null : evmTransaction(tx, block)
}

/** Block hashes are CometBFT's, which writes them in upper case. */
function cosmosHash(hash: string): string {
  return hash.slice(2).toUpperCase()
}
