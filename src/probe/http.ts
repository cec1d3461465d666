import type { Agent, IncomingMessage, request as HttpRequestFunction } from 'node:http'
import { defaults } from '../contract/defaults.ts'
import { cancelledError, SeiError, timeoutError } from '../errors/sei-error.ts'
import { nodeHttp, nodeHttps } from './node-http.ts'

export interface HttpOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE' | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  /** @default `defaults.probeTimeoutMs` */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly body: string
  /** From sending to the last byte, ms. */
  readonly roundTripMs: number
}

interface Transport {
  readonly request: typeof HttpRequestFunction
  readonly agent: Agent
}

/** One agent per scheme and process, made with the first probe. */
const transports = new Map<string, Transport>()

function transportOf(protocol: string): Transport {
  const known = transports.get(protocol)
  if (known !== undefined) return known
  const { request, Agent } = protocol === 'https:' ? nodeHttps() : nodeHttp()
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo' })
  const transport: Transport = { request, agent }
  transports.set(protocol, transport)
  return transport
}

/**
 * One HTTP exchange within a deadline. Any status is an answer. Throws PROBE_TIMEOUT, PROBE_FAILED (no answer; the
 * system's code is in `details.errno`), or RUN_CANCELLED when `signal` aborts.
 */
export async function httpExchange(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const target = parseUrl(url)
  const transport = transportOf(target.protocol)
  throwIfCancelled(options.signal)
  try {
    return await exchange(transport, target, options)
  } catch (error) {
    // A kept-alive connection that the server closed at the same moment: not an observation about the node.
    if (!(error instanceof StaleSocket)) throw error
    throwIfCancelled(options.signal)
    return await exchange(transport, target, options)
  }
}

class StaleSocket extends Error {}

function exchange(transport: Transport, url: URL, options: HttpOptions): Promise<HttpAnswer> {
  const { timeoutMs = defaults.probeTimeoutMs, signal } = options
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const request = transport.request(url, requestOptions(transport, options))
    const timer = setTimeout(() => {
      finish(() => reject(timedOut(url, timeoutMs)))
      request.destroy()
    }, timeoutMs)
    const onAbort = (): void => {
      finish(() => reject(cancellation(signal)))
      request.destroy()
    }
    let finished = false
    const finish = (settle: () => void): void => {
      if (finished) return
      finished = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      settle()
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      finish(() => reject(stale ? new StaleSocket() : noAnswer(url, error)))
    })
    request.on('response', (response) => {
      collect(response).then(
        (body) =>
          finish(() =>
            resolve({ status: response.statusCode ?? 0, body, roundTripMs: performance.now() - startedAt }),
          ),
        (error: NodeJS.ErrnoException) => finish(() => reject(noAnswer(url, error))),
      )
    })
    request.end(options.body)
  })
}

function requestOptions(transport: Transport, options: HttpOptions): object {
  const { method = 'GET', headers, body } = options
  const length: Record<string, string> =
    body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return { agent: transport.agent, method, headers: { ...headers, ...length } }
}

function collect(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      text += chunk
    })
    response.on('end', () => resolve(text))
    response.on('error', reject)
  })
}

/** A URL as errors and traces may show it: credentials and query are left out, they may hold keys. */
export function displayUrl(url: string | URL): string {
  const parsed = typeof url === 'string' ? URL.parse(url) : url
  if (parsed === null) return '(not a URL)'
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`
}

/** Throws what `signal` was aborted with, as RUN_CANCELLED unless it already is one of our errors. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancellation(signal)
}

export function cancellation(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof SeiError ? reason : cancelledError('the wait was cancelled', reason)
}

function parseUrl(url: string): URL {
  const parsed = URL.parse(url)
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return parsed
  throw new SeiError(`cannot probe ${JSON.stringify(displayUrl(url))}: not an http(s) URL`, {
    class: 'usage',
    code: 'BAD_INPUT',
  })
}

function timedOut(url: URL, timeoutMs: number): SeiError {
  return timeoutError(`${displayUrl(url)} did not answer within ${timeoutMs} ms`, {
    code: 'PROBE_TIMEOUT',
    details: { url: displayUrl(url), timeoutMs },
  })
}

function noAnswer(url: URL, error: NodeJS.ErrnoException): SeiError {
  const refused = error.code === 'ECONNREFUSED'
  const what = refused ? 'refuses connections' : `gave no answer (${error.code ?? error.message})`
  return new SeiError(`${displayUrl(url)} ${what}`, {
    class: 'infra',
    code: 'PROBE_FAILED',
    details: { url: displayUrl(url), errno: error.code ?? 'unknown' },
    cause: error,
  })
}
