import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { Pool, type Dispatcher } from 'undici'
import { createServerTls } from '../../src/embedded/apiserver/tls.ts'
import type { ConnectionInfo } from '../../src/kube/types.ts'
import type { Asked, FaultKind, Schedule } from './fault-schedule.ts'
import { endToEnd, pass, spoil } from './spoilt-answer.ts'

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
