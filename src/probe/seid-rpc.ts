import type { HaltIntent } from '../contract/halts.ts'
import type { NodeStatus } from '../contract/handles.ts'
import { httpExchange, type HttpAnswer, type HttpOptions } from './http.ts'
import { parseHaltIntent } from './halt/intent.ts'
import { isRecord, parseBody, probeFailed, readNumber, readText, type Json } from './json.ts'

export type ProbeOptions = Pick<HttpOptions, 'timeoutMs' | 'signal'>

/** A `/status` answer with what the gates need beside it. */
export interface StatusReading {
  readonly status: NodeStatus
  readonly maxPeerHeight: number
  readonly haltIntent: HaltIntent | undefined
  readonly roundTripMs: number
}

/** `GET /status` of a CometBFT RPC listener, bare or in a JSON-RPC envelope. Throws PROBE_FAILED or PROBE_TIMEOUT. */
export async function readStatus(rpcUrl: string, options: ProbeOptions = {}): Promise<NodeStatus> {
  const { status } = await readStatusReading(rpcUrl, options)
  return status
}

export async function readStatusReading(rpcUrl: string, options: ProbeOptions = {}): Promise<StatusReading> {
  const url = `${trimSlash(rpcUrl)}/status`
  const answer = await httpExchange(url, options)
  return { ...parseStatus(url, parseBody(url, answer)), roundTripMs: answer.roundTripMs }
}

/** Reads either shape of `/status`. The envelope counts only if its height is there, as in the Go SDK. */
export function parseStatus(url: string, body: unknown): Omit<StatusReading, 'roundTripMs'> {
  const result = statusResult(body)
  if (result === undefined) throw probeFailed(url, describeError(body) ?? 'answered without sync_info')
  const sync = isRecord(result.sync_info) ? result.sync_info : {}
  const node = isRecord(result.node_info) ? result.node_info : {}
  const validator = isRecord(result.validator_info) ? result.validator_info : {}
  const height = readNumber(sync.latest_block_height)
  if (height === undefined || typeof sync.catching_up !== 'boolean') {
    throw probeFailed(url, 'answered with a sync_info that lacks height or catching_up')
  }
  const status: NodeStatus = {
    chainId: readText(node.network),
    nodeId: readText(node.id),
    moniker: readText(node.moniker),
    latestHeight: height,
    earliestHeight: readNumber(sync.earliest_block_height) ?? 0,
    latestBlockHash: readText(sync.latest_block_hash),
    latestBlockTime: readText(sync.latest_block_time),
    catchingUp: sync.catching_up,
    votingPower: readNumber(validator.voting_power) ?? 0,
    raw: result,
  }
  return {
    status,
    maxPeerHeight: readNumber(sync.max_peer_block_height) ?? 0,
    haltIntent: parseHaltIntent(result),
  }
}

function statusResult(body: unknown): Json | undefined {
  if (!isRecord(body)) return undefined
  const { result } = body
  if (isRecord(result) && isRecord(result.sync_info) && readText(result.sync_info.latest_block_height) !== '')
    return result
  return isRecord(body.sync_info) ? body : undefined
}

/**
 * Any CometBFT method by GET, out of its envelope. Errors come with HTTP 200 and are told by their shape; `lag_status`
 * answers 417 with a result when the lag is high, which is an answer here. Throws PROBE_FAILED with the node's words.
 */
export async function rpcGet<T>(
  rpcUrl: string,
  method: string,
  params: Readonly<Record<string, string>> = {},
  options: ProbeOptions = {},
): Promise<T> {
  const query = new URLSearchParams(params).toString()
  const url = `${trimSlash(rpcUrl)}/${method}${query === '' ? '' : `?${query}`}`
  const answer = await httpExchange(url, options)
  const body = parseBody(url, answer)
  const error = rpcError(body)
  if (error !== undefined) throw probeFailed(url, describeError(body) ?? 'answered with an error', error)
  if (!isAnswer(answer)) throw probeFailed(url, `answered HTTP ${answer.status}`)
  return (isEnvelope(body) ? body.result : body) as T
}

function isAnswer(answer: HttpAnswer): boolean {
  return answer.status === 200 || answer.status === 417
}

function isEnvelope(body: unknown): body is Json & { result: unknown } {
  return isRecord(body) && body.jsonrpc === '2.0' && 'result' in body
}

/** A JSON-RPC error in either framing, as details of ours. `broadcast_tx_*` results also have a code, but no message. */
function rpcError(body: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(body)) return undefined
  const error = isRecord(body.error) && !('result' in body) ? body.error : body
  if (typeof error.code !== 'number' || typeof error.message !== 'string') return undefined
  return { rpcCode: error.code, rpcMessage: error.message, rpcData: error.data }
}

function describeError(body: unknown): string | undefined {
  const error = rpcError(body)
  if (error === undefined) return undefined
  const data = typeof error.rpcData === 'string' && error.rpcData !== '' ? `: ${error.rpcData}` : ''
  return `answered with error ${String(error.rpcCode)}, ${String(error.rpcMessage)}${data}`
}

export function trimSlash(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url
}
