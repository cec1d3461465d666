import type { SeidNode } from '../seid-node.ts'
import type { IncludedTx } from '../messages.ts'
import { awaitInclusion } from '../inclusion.ts'
import { RestError } from './errors.ts'
import type { RestRequest, RestRoute } from './route.ts'

const base = '/cosmos/tx/v1beta1/txs'

export const txRoutes: readonly RestRoute[] = [
  { method: 'POST', path: base, run: broadcast },
  {
    method: 'GET',
    path: `${base}/{hash}`,
    run: async ({ node, parts: [hash = ''] }) => {
      requireIndex(node)
      const found = await node.session.query('tx', hash.toUpperCase())
      if (found === undefined) throw new RestError(5, `tx not found: ${hash}`)
      const block = await node.session.query('block', found.height)
      return { tx: null, tx_response: { ...txResponse(found), timestamp: block?.time ?? '' } }
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
  const checked = await node.session.query('broadcast', { bytes })
  const answer = {
    height: '0',
    txhash: checked.hash,
    codespace: checked.codespace,
    code: checked.code,
    data: '',
    raw_log: checked.log,
    logs: [],
    info: '',
    gas_wanted: '0',
    gas_used: '0',
    tx: null,
    timestamp: '',
    events: [],
  }
  if (mode !== 'BROADCAST_MODE_BLOCK' || checked.code !== 0) return { tx_response: answer }
  const found = await awaitInclusion(node, checked.hash)
  if (found === undefined) throw new RestError(2, 'timed out waiting for tx to be included in a block')
  return { tx_response: txResponse(found) }
}

function txResponse({ tx, height, result }: IncludedTx): Record<string, unknown> {
  return {
    height: String(height),
    txhash: tx.hash,
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
    throw new RestError(3, error instanceof Error ? error.message : String(error))
  }
}
