import { awaitInclusion } from '../inclusion.ts'
import type { CheckedTx, IncludedTx, TxResult } from '../messages.ts'
import { printEvents } from '../rpc/tx-result.ts'
import type { SeidNode } from '../seid-node.ts'
import { broadcastTx } from '../tx/broadcast.ts'
import { txJson } from '../tx/json.ts'
import { parseTxQuery } from '../tx/query.ts'
import { RestError } from './errors.ts'
import type { RestRequest, RestRoute } from './route.ts'
import { errorText } from '../../../errors/error-text.ts'

const base = '/cosmos/tx/v1beta1/txs'

export const txRoutes: readonly RestRoute[] = [
  { method: 'POST', path: base, run: broadcast },
  { method: 'GET', path: base, run: search },
  {
    method: 'GET',
    path: `${base}/{hash}`,
    run: async ({ node, parts: [hash = ''] }) => {
      requireIndex(node)
      const found = await node.session.query('tx', hash.toUpperCase())
      if (found === undefined) throw new RestError(5, `tx not found: ${hash}`)
      const response = await includedResponse(node, found)
      return { tx: response['tx'], tx_response: response }
    },
  },
]

/** A refused transaction is HTTP 200 with a code; BLOCK waits for the transaction's block. */
async function broadcast({ node, body }: RestRequest): Promise<unknown> {
  const { tx_bytes: bytes, mode = 'BROADCAST_MODE_UNSPECIFIED' } = parse(body)
  if (typeof bytes !== 'string' || bytes === '') throw new RestError(3, 'invalid empty tx')
  if (mode === 'BROADCAST_MODE_UNSPECIFIED')
    throw new RestError(3, 'unsupported broadcast mode BROADCAST_MODE_UNSPECIFIED')
  if (mode === 'BROADCAST_MODE_BLOCK') requireIndex(node)
  const checked = await broadcastTx(node, Buffer.from(bytes, 'base64'))
  if (mode !== 'BROADCAST_MODE_BLOCK' || checked.code !== 0) return { tx_response: checkedResponse(checked) }
  const found = await awaitInclusion(node, checked.hash)
  if (found === undefined) throw new RestError(2, 'timed out waiting for tx to be included in a block')
  return { tx_response: { ...(await includedResponse(node, found)), tx: null, timestamp: '' } }
}

/** `?events=<event>.<attribute>='…'`, repeatable, as grpc-gateway hands it to the index. */
async function search({ node, query }: RestRequest): Promise<unknown> {
  requireIndex(node)
  const asked = [...query.getAll('events'), ...query.getAll('query')]
  if (asked.length === 0) throw new RestError(3, 'must declare at least one event to search')
  const terms = parseTxQuery(asked.join(' AND '))
  if (terms === undefined) throw new RestError(3, `invalid event; ${asked.join()}`)
  const found = await node.session.query('txs', terms)
  const responses = await Promise.all(found.map((one) => includedResponse(node, one)))
  return {
    txs: responses.map(({ tx }) => tx),
    tx_responses: responses,
    pagination: { next_key: null, total: String(found.length) },
  }
}

function checkedResponse({ hash, codespace, code, log }: CheckedTx): Record<string, unknown> {
  return txResponse({ code, codespace, log, gasWanted: 0, gasUsed: 0 }, { txhash: hash })
}

async function includedResponse(node: SeidNode, found: IncludedTx): Promise<Record<string, unknown>> {
  const { tx, height, result } = found
  const block = await node.session.query('block', height)
  return txResponse(result, {
    height: String(height),
    txhash: tx.hash,
    data: result.data === undefined ? '' : Buffer.from(result.data, 'base64').toString('hex').toUpperCase(),
    logs: result.code === 0 ? logsOf(result) : [],
    // Ethereum transactions come as they were sent, not as the message that wraps them on a real chain.
    tx: tx.cosmos === undefined ? null : txJson(Buffer.from(tx.bytes, 'base64')),
    timestamp: block?.time ?? '',
    events: printEvents(result.events ?? []),
  })
}

function logsOf({ log }: TxResult): unknown[] {
  if (log === '') return []
  const logs = JSON.parse(log) as { msg_index?: number; events: unknown }[]
  return logs.map(({ msg_index = 0, events }) => ({ msg_index, log: '', events }))
}

function txResponse(result: TxResult, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    height: '0',
    txhash: '',
    codespace: result.codespace,
    code: result.code,
    data: '',
    raw_log: result.log,
    logs: [],
    info: '',
    gas_wanted: String(result.gasWanted),
    gas_used: String(result.gasUsed),
    tx: null,
    timestamp: '',
    events: [],
    ...fields,
  }
}

function requireIndex(node: SeidNode): void {
  if (!node.settings.indexesTxs)
    throw new RestError(13, 'transaction querying is disabled due to no kvEventSink')
}

function parse(body: string): { tx_bytes?: unknown; mode?: unknown } {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch (error) {
    throw new RestError(3, errorText(error))
  }
}
