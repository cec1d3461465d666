import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { Pool, type Dispatcher } from 'undici'
import { createServerTls } from '../../src/embedded/apiserver/tls.ts'
import type { ConnectionInfo } from '../../src/kube/types.ts'
import type { Asked, Fault, FaultKind, Schedule } from './fault-schedule.ts'
import { expired, statusOf, type Refusal } from './kube-status.ts'
import { spoilWatch } from './spoilt-watch.ts'

/** One request as it came, and what became of it. */
export interface Handled extends Asked {
  readonly at: string
  readonly query: string
  readonly fault: FaultKind | undefined
}

export interface FaultyProxy {
  /** The server behind it, by way of the proxy. */
  readonly info: ConnectionInfo
  readonly handled: readonly Handled[]
  close(): Promise<void>
}

/** What it takes to spoil one request. */
interface Exchange {
  readonly asked: Asked
  readonly upstream: () => Promise<Dispatcher.ResponseData>
  readonly response: ServerResponse
  /** Ends the connection as a machine does that has crashed: by RST. */
  readonly reset: () => void
  /** Aborted when the client has gone, and when the proxy closes. */
  readonly gone: AbortSignal
}

/** Longest that a slow answer is held back, in ms. */
const slowMs = 1_500

const tls = createServerTls()

/**
 * An HTTPS server on loopback, with a certificate of its own, that hands requests on to the API server of `target` and
 * spoils those that the schedule names.
 */
export async function startFaultyProxy(target: ConnectionInfo, schedule: Schedule): Promise<FaultyProxy> {
  const pool = new Pool(target.server, { connect: { ca: target.ca }, headersTimeout: 0, bodyTimeout: 0 })
  const sockets = new Map<number, Socket>()
  const handled: Handled[] = []
  const closing = new AbortController()
  const server = createServer(
    { key: tls.key, cert: tls.cert, keepAliveTimeout: 90_000 },
    (request, response) => void handle(request, response),
  )
  // The TLS socket of a request cannot send an RST; the one below it can.
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket
    if (remotePort === undefined) return
    sockets.set(remotePort, socket)
    socket.on('close', () => sockets.delete(remotePort))
  })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request).catch(() => undefined)
    if (body === undefined) return
    const left = new AbortController()
    response.on('close', () => left.abort())
    const gone = AbortSignal.any([left.signal, closing.signal])
    const { asked, query } = describe(request)
    const fault = schedule.next(asked)
    const url = new URL(request.url ?? '/', target.server)
    const size = schedule.pageSize(asked)
    if (size !== undefined && url.searchParams.has('limit')) url.searchParams.set('limit', String(size))
    handled.push({ ...asked, query, at: new Date().toISOString(), fault: fault?.kind })
    const upstream = (): Promise<Dispatcher.ResponseData> =>
      pool.request({
        method: asked.method as Dispatcher.HttpMethod,
        path: url.pathname + url.search,
        headers: endToEnd(request.headers),
        body: body.length === 0 ? null : body,
        signal: gone,
      })
    const reset = (): void => void sockets.get(request.socket.remotePort ?? 0)?.resetAndDestroy()
    const exchange = { asked, upstream, response, reset, gone }
    await (fault === undefined ? pass(exchange) : spoil(exchange, fault)).catch(reset)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    info: { ...target, server: `https://127.0.0.1:${port}`, ca: tls.ca },
    handled,
    close: async () => {
      closing.abort()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      await pool.destroy()
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Collections end in their plural; which paths are collections follows from their length. */
function describe(request: IncomingMessage): { asked: Asked; query: string } {
  const { method = 'GET', url = '/' } = request
  const { pathname: path, searchParams, search: query } = new URL(url, 'https://proxy')
  if (method !== 'GET') return { asked: { kind: 'write', method, path }, query }
  if (searchParams.get('watch') === 'true') return { asked: { kind: 'watch', method, path }, query }
  if (searchParams.has('continue')) return { asked: { kind: 'page', method, path }, query }
  return { asked: { kind: searchParams.has('limit') ? 'list' : 'read', method, path }, query }
}

const hopByHop: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host'])

type Headers = Readonly<Record<string, string | string[] | undefined>>

function endToEnd(headers: Headers): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopByHop.has(name)) kept[name] = value
  }
  return kept
}

async function pass({ upstream, response }: Exchange): Promise<void> {
  const answer = await upstream()
  response.writeHead(answer.statusCode, endToEnd(answer.headers))
  response.flushHeaders()
  for await (const chunk of answer.body as AsyncIterable<Buffer>) response.write(chunk)
  response.end()
}

async function spoil(exchange: Exchange, fault: Fault): Promise<void> {
  const { upstream, response, reset, gone, asked } = exchange
  const { kind, chances } = fault
  const [first, second] = chances
  if (/^\d+( with Retry-After)?$/.test(kind)) return refuse(response, kind, first)
  switch (kind) {
    case 'reset before':
      return reset()
    case 'reset after':
      await (await upstream()).body.text()
      return reset()
    case '504 after':
      await (await upstream()).body.text()
      return refuse(response, '504', first)
    case '410 watch':
    case '410 page':
      return answerStatus(response, expired)
    case 'slow headers':
      await pause(slowMs * first, gone)
      return pass(exchange)
    case 'slow body':
      return trickle(exchange, slowMs * first)
    case 'half a body':
      return cutBody(exchange, first)
  }
  if (asked.kind !== 'watch') throw new Error(`${kind} is for watches`)
  const answer = await upstream()
  response.writeHead(answer.statusCode, endToEnd(answer.headers))
  response.flushHeaders()
  const limits = { lines: Math.floor(4 * first), ms: 50 + 1_500 * second }
  await spoilWatch({ kind, body: answer.body, response, reset, gone, chance: chances[2], ...limits })
}

const reasons: Readonly<Record<number, string>> = {
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

/** Half of them as an API server says it, the other half as something in front of it does. */
function refuse(response: ServerResponse, kind: string, chance: number): void {
  const code = Number.parseInt(kind, 10)
  if (kind.endsWith('Retry-After')) response.setHeader('retry-after', chance < 0.75 ? '1' : '0')
  if ((chance * 8) % 1 < 0.5) {
    answerStatus(response, { code, reason: reasons[code] ?? '', message: 'injected by the faulty proxy' })
  } else {
    response.writeHead(code, { 'content-type': 'text/plain' })
    response.end('injected by the faulty proxy\n')
  }
}

function answerStatus(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.code, { 'content-type': 'application/json' })
  response.end(JSON.stringify(statusOf(refusal)))
}

/** In pieces of a few bytes to a few hundred, so that lines, and characters, come apart. */
async function trickle({ upstream, response, gone }: Exchange, ms: number): Promise<void> {
  const answer = await upstream()
  response.writeHead(answer.statusCode, endToEnd(answer.headers))
  response.flushHeaders()
  let leftMs = ms
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    const size = Math.ceil(chunk.length / 7)
    for (let at = 0; at < chunk.length; at += size) {
      response.write(chunk.subarray(at, at + size))
      const pauseMs = Math.min(leftMs, ms / 7)
      leftMs -= pauseMs
      await pause(pauseMs, gone)
    }
  }
  response.end()
}

/** Headers that promise all of it, a part, and no more. */
async function cutBody({ upstream, response, reset, gone }: Exchange, chance: number): Promise<void> {
  const answer = await upstream()
  const body = Buffer.from(await answer.body.arrayBuffer())
  response.writeHead(answer.statusCode, {
    ...endToEnd(answer.headers),
    'content-length': String(body.length),
  })
  response.write(body.subarray(0, Math.floor(body.length * chance)))
  // What is written and then reset at once never leaves this machine.
  await pause(20, gone)
  reset()
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    if (signal.aborted) done()
    signal.addEventListener('abort', done)
  })
}
