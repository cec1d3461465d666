import { awaitInclusion } from '../inclusion.ts'
import type { SeidNode } from '../seid-node.ts'
import type { CheckedTx, IncludedTx } from '../messages.ts'
import { broadcastTx, checkTx } from '../tx/broadcast.ts'
import { parseTxQuery } from '../tx/query.ts'
import { abciQuery } from './abci-query.ts'
import { printBlock } from './blocks.ts'
import { internalError } from './errors.ts'
import type { RpcMethods } from './method.ts'
import { pageOf } from './pages.ts'
import type { RpcArgs } from './params.ts'
import { printResult } from './tx-result.ts'

/** What a node whose indexer is off says to every lookup; it never heals. */
const indexingOff = 'transaction querying is disabled due to no kvEventSink'
const search = { query: 'string', prove: 'bool', page: 'int', per_page: 'int', order_by: 'string' } as const

export const txMethods: RpcMethods = {
  broadcast_tx: { params: { tx: 'bytes' }, run: broadcastSync },
  broadcast_tx_sync: { params: { tx: 'bytes' }, run: broadcastSync },
  broadcast_tx_async: {
    params: { tx: 'bytes' },
    run: async (node, args) =>
      printChecked({ ...(await broadcast(node, args)), code: 0, log: '', codespace: '' }),
  },
  broadcast_tx_commit: { params: { tx: 'bytes' }, run: broadcastCommit },
  check_tx: {
    params: { tx: 'bytes' },
    run: async (node, args) =>
      printResult({ ...(await checkTx(node, bytesOf(args))), gasWanted: 0, gasUsed: 0 }),
  },
  tx: { params: { hash: 'bytes', prove: 'bool' }, run: tx },
  tx_search: { params: search, run: txSearch },
  block_search: { params: search, run: blockSearch },
  unconfirmed_txs: {
    params: { page: 'int', per_page: 'int' },
    run: async (node, args) => {
      const txs = await node.session.query('mempool')
      const { from, to } = pageOf(txs.length, args)
      return { ...sizes(txs), txs: txs.slice(from, to).map(({ bytes }) => bytes) }
    },
  },
  num_unconfirmed_txs: {
    params: {},
    run: async (node) => ({ ...sizes(await node.session.query('mempool')), txs: null }),
  },
  abci_query: {
    params: { path: 'string', data: 'bytes', height: 'int', prove: 'bool' },
    run: async (node, args) => ({
      response: await abciQuery(node, args.string('path'), args.bytes('data') ?? Buffer.alloc(0)),
    }),
  },
  broadcast_evidence: {
    params: { evidence: 'string' },
    run: () => {
      throw internalError('no evidence was provided')
    },
  },
}

function broadcast(node: SeidNode, args: RpcArgs): Promise<CheckedTx> {
  return broadcastTx(node, bytesOf(args))
}

function bytesOf(args: RpcArgs): Buffer {
  const bytes = args.bytes('tx')
  if (bytes === undefined || bytes.length === 0) throw internalError('tx is empty')
  return bytes
}

async function broadcastSync(node: SeidNode, args: RpcArgs): Promise<unknown> {
  const checked = await broadcast(node, args)
  if (checked.code === 19) throw internalError(checked.log)
  return printChecked(checked)
}

async function broadcastCommit(node: SeidNode, args: RpcArgs): Promise<unknown> {
  if (!node.settings.indexesTxs)
    throw internalError('cannot confirm transaction because kvEventSink is not enabled')
  const checked = await broadcast(node, args)
  if (checked.code === 19) throw internalError(checked.log)
  const check_tx = printResult({ ...checked, gasWanted: 0, gasUsed: 0 })
  const found = checked.code === 0 ? await awaitInclusion(node, checked.hash) : undefined
  if (found === undefined && checked.code === 0)
    throw internalError('timeout waiting for commit of tx broadcast_tx_commit')
  const result = found?.result ?? { code: 0, log: '', codespace: '', gasWanted: 0, gasUsed: 0 }
  return {
    check_tx,
    tx_result: printResult(result),
    hash: checked.hash,
    height: String(found?.height ?? 0),
  }
}

function printChecked({ code, log, codespace, hash }: CheckedTx): unknown {
  return { code, data: '', log, codespace, hash }
}

function printTx({ tx, height, index, result }: IncludedTx): unknown {
  return { hash: tx.hash, height: String(height), index, tx_result: printResult(result), tx: tx.bytes }
}

async function tx(node: SeidNode, args: RpcArgs): Promise<unknown> {
  if (!node.settings.indexesTxs) throw internalError(indexingOff)
  const hash = (args.bytes('hash') ?? Buffer.alloc(0)).toString('hex').toUpperCase()
  const found = await node.session.query('tx', hash)
  if (found === undefined) throw internalError(`tx (${hash}) not found`)
  return printTx(found)
}

async function txSearch(node: SeidNode, args: RpcArgs): Promise<unknown> {
  if (!node.settings.indexesTxs) throw internalError(indexingOff)
  const query = args.string('query')
  if (query.length > 512) throw internalError('maximum query length exceeded')
  const terms = parseTxQuery(query)
  if (terms === undefined) throw internalError(`failed to parse query: ${query}`)
  const found = await node.session.query('txs', terms)
  const ordered = args.string('order_by') === 'desc' ? found.toReversed() : found
  const { from, to } = pageOf(found.length, args)
  return { txs: ordered.slice(from, to).map(printTx), total_count: String(found.length) }
}

/** Of CometBFT's query language what every block has: `block.height`. */
async function blockSearch(node: SeidNode, args: RpcArgs): Promise<unknown> {
  if (!node.settings.indexesTxs) throw internalError('block searching is disabled due to no kvEventSink')
  const height = /block\.height\s*=\s*(\d+)/.exec(args.string('query'))?.[1]
  const block = height === undefined ? undefined : await node.session.query('block', Number(height))
  const blocks = block === undefined ? [] : [await printBlock(node, block)]
  return { blocks, total_count: String(blocks.length) }
}

function sizes(txs: readonly { readonly bytes: string }[]): Record<string, string> {
  const bytes = txs.reduce((sum, one) => sum + Buffer.byteLength(one.bytes, 'base64'), 0)
  return { n_txs: String(txs.length), total: String(txs.length), total_bytes: String(bytes) }
}

/** Stores are not simulated; what the application says of itself is. */
