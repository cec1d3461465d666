import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type {
  CallAnswer,
  CallCreated,
  LeaseAnswer,
  LeaseCall,
  LeaseCreated,
  LeaseRequest,
  LossAnswer,
} from '../contract/lease.ts'
import { toWire } from '../errors/wire.ts'
import { SeiError } from '../errors/sei-error.ts'

/** What the lease API asks of the supervisor. What takes a `waitMs` answers within it. */
export interface LeaseBackend {
  lease(request: LeaseRequest): LeaseCreated
  leaseAnswer(id: string, waitMs: number): Promise<LeaseAnswer>
  /** `gone` aborts when the asker went away unanswered. */
  loss(id: string, gone: AbortSignal): Promise<LossAnswer>
  call(id: string, call: LeaseCall): CallCreated
  callAnswer(id: string, waitMs: number): Promise<CallAnswer>
  cancelCall(id: string): void
}

export interface LeaseServer {
  readonly url: string
  readonly token: string
  close(): Promise<void>
}

/** Longest time a request is held open, whatever it asks for, in ms. */
const maxWaitMs = 30_000
const maxBodyBytes = 4 * 1024 * 1024

/** Serves the lease API on a loopback port, to those who hold its token. It does not keep the process alive. */
export async function startLeaseServer(backend: LeaseBackend): Promise<LeaseServer> {
  const token = randomBytes(24).toString('base64url')
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void answer(backend, token, request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // A connection that could not be accepted is its client's affair.
  server.on('error', () => {})
  server.unref()
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, token, close: () => closeServer(server) }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function answer(
  backend: LeaseBackend,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    authorize(request, token)
    send(response, 200, await route(backend, request, response))
  } catch (error) {
    send(response, statusOf(error), toWire(error))
  }
}

async function route(
  backend: LeaseBackend,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://lease')
  const [collection, id, verb] = url.pathname.split('/').slice(1)
  const waitMs = Math.min(Number(url.searchParams.get('waitMs') ?? 0) || 0, maxWaitMs)
  const target = `${request.method} /${collection}${id === undefined ? '' : '/:id'}${verb === undefined ? '' : `/${verb}`}`
  switch (target) {
    case 'POST /leases':
      return backend.lease((await readBody(request)) as LeaseRequest)
    case 'GET /leases/:id':
      return backend.leaseAnswer(id ?? '', waitMs)
    case 'GET /leases/:id/loss': {
      const gone = new AbortController()
      response.once('close', () => gone.abort())
      return backend.loss(id ?? '', gone.signal)
    }
    case 'POST /leases/:id/calls':
      return backend.call(id ?? '', (await readBody(request)) as LeaseCall)
    case 'GET /calls/:id':
      return backend.callAnswer(id ?? '', waitMs)
    case 'DELETE /calls/:id':
      backend.cancelCall(id ?? '')
      return null
    default:
      throw new SeiError(`The lease API has no ${target}`, { class: 'usage', code: 'BAD_INPUT' })
  }
}

function authorize(request: IncomingMessage, token: string): void {
  const given = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return
  throw new SeiError('The lease API was asked without its token', { class: 'usage', code: 'LEASE_FAILED' })
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes)
      throw new SeiError('Request body too large', { class: 'usage', code: 'BAD_INPUT' })
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

function statusOf(error: unknown): number {
  if (!(error instanceof SeiError)) return 500
  if (error.code === 'LEASE_FAILED') return 401
  return error.class === 'usage' ? 400 : 500
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(text)
}
