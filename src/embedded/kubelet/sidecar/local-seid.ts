import { ports } from '../../../contract/ports.ts'
import type { Clock } from '../../clock.ts'
import { http } from '../../node-http.ts'
import { ownAgent } from '../../open-requests.ts'
import { whileHeld, type Wall } from '../../wall.ts'
import { nextChange } from '../changes.ts'
import type { Gate } from './gate.ts'
import { isObject, path, type Params } from './params.ts'

/** The seid of the pod as its sidecar sees it: a process in a table they share, and an RPC on localhost. */
export interface LocalSeid {
  /** Open while a seid process runs; one that waits at the start gate is none yet. */
  readonly up: Gate
  /** Held while a request to seid is under way. */
  readonly wall: Wall
  signal(signal: 'SIGTERM' | 'SIGKILL'): void
  /** Loopback port that stands for one of the pod's. */
  port(published: number): Promise<number>
}

/** What `/status` says, as far as the sidecar looks at it. */
export interface SeidStatus {
  readonly network: string
  readonly height: number
  readonly catchingUp: boolean
}

/** Limit of one request to seid, in ms of wall time. */
const askMs = 5_000

/** Real milliseconds that are at least between two looks: a clock that is fast must not make a busy loop of a poll. */
const leastMs = 20

/** Waits for one period of a poll; resolves to the simulated ms that were waited. */
export async function pollPause(clock: Clock, periodMs: number, signal: AbortSignal): Promise<number> {
  const pauseMs = Math.max(periodMs, leastMs * clock.rate)
  await clock.sleep(pauseMs, signal)
  return pauseMs
}

/** Asks seid for `/status`; `undefined` while it does not answer. */
export async function statusOf(seid: LocalSeid, signal: AbortSignal): Promise<SeidStatus | undefined> {
  try {
    const answer = await askSeid(seid, '/status', signal)
    if (!isObject(answer)) return undefined
    const status = isObject(answer['result']) ? answer['result'] : answer
    const height = Number(path(status, 'sync_info', 'latest_block_height'))
    return {
      network: String(path(status, 'node_info', 'network')),
      height: Number.isFinite(height) ? height : 0,
      catchingUp: path(status, 'sync_info', 'catching_up') !== false,
    }
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}

/** An answer of seid's RPC: a result, or what its error says. */
export interface RpcAnswer {
  readonly result?: Params
  readonly error?: string
}

/** One JSON-RPC call. Throws when seid gives no answer. */
export async function callSeid(
  seid: LocalSeid,
  method: string,
  params: Params,
  signal: AbortSignal,
): Promise<RpcAnswer> {
  const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const answer = await askSeid(seid, '/', signal, call)
  if (!isObject(answer)) throw new Error(`${method}: no JSON-RPC answer`)
  const { result, error } = answer
  if (error === undefined || error === null) return isObject(result) ? { result } : {}
  return { error: isObject(error) ? [error['message'], error['data']].join(': ') : String(error) }
}

/** JSON from seid's RPC: GET, or POST of a body. Throws when there is no such answer. */
function askSeid(seid: LocalSeid, path: string, signal: AbortSignal, body?: string): Promise<unknown> {
  return whileHeld(seid.wall, () => exchange(seid, path, signal, body))
}

async function exchange(seid: LocalSeid, path: string, signal: AbortSignal, body?: string): Promise<unknown> {
  const port = await seid.port(ports.rpc)
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const request =
    body === undefined
      ? { method: 'GET', headers: { 'user-agent': ownAgent } }
      : {
          method: 'POST',
          headers: {
            'user-agent': ownAgent,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        }
  const options = { host: '127.0.0.1', port, path, timeout: askMs, signal, ...request }
  const sent = http.request(options, (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => (text += chunk))
    response.on('error', reject)
    response.on('end', () => {
      try {
        resolve(JSON.parse(text))
      } catch {
        reject(new Error(`${path}: ${response.statusCode} ${text.slice(0, 200)}`))
      }
    })
  })
  sent.on('timeout', () => sent.destroy(new Error(`${path}: context deadline exceeded`)))
  sent.on('error', reject)
  sent.end(body)
  return promise
}

/** Whether the process is gone within `limitMs` of simulated time. */
export async function isDownWithin(
  { up }: LocalSeid,
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (!up.isOpen()) return true
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const down = nextChange(up.onChange, either).then(() => true)
  const late = clock.sleep(limitMs, either).then(() => false)
  try {
    return await Promise.race([down, late])
  } finally {
    over.abort()
    await Promise.allSettled([down, late])
  }
}

export function heightParam(params: Params, key: string): number {
  const value = params[key]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    throw new Error(`${key} must be a positive integer`)
  return value
}
