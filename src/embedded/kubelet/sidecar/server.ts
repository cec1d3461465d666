import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { http } from '../../node-http.ts'
import { holdWhileOpen } from '../../open-requests.ts'
import type { TaskContext } from './handler.ts'
import { handlerOf } from './handlers.ts'
import type { TaskLedger } from './ledger.ts'
import { isObject } from './params.ts'
import { errorText } from '../../../errors/error-text.ts'

export interface SidecarServerOptions {
  readonly context: TaskContext
  readonly ledger: TaskLedger
  /** What kube-rbac-proxy in front of it decides: whether this bearer token may pass. */
  readonly authorize: (token: string | undefined) => boolean
}

/** Paths that kube-rbac-proxy lets pass without a token. */
const open: ReadonlySet<string> = new Set(['/v0/healthz', '/v0/startupz', '/v0/livez', '/v0/metrics'])
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const bodyLimit = 1 << 20

/** The sidecar's HTTP surface as it is seen through kube-rbac-proxy on port 8443. It does not listen yet. */
export function createSidecarServer(options: SidecarServerOptions): Server {
  return http.createServer((request, response) => {
    holdWhileOpen(options.context.clock.wall, request, response)
    answer(options, request, response).catch((error: unknown) => {
      reply(response, 400, { error: errorText(error) })
    })
  })
}

async function answer(
  options: SidecarServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const path = url.split('?')[0] ?? '/'
  if (!open.has(path) && !options.authorize(bearerOf(request))) {
    response.writeHead(401, { 'content-type': 'text/plain; charset=utf-8' }).end('Unauthorized\n')
    return
  }
  if (path === '/v0/tasks' && method === 'POST') {
    await submit(options, request, response)
    return
  }
  const task = /^\/v0\/tasks\/([^/]+)$/.exec(path)?.[1]
  if (task !== undefined) answerTask(options.ledger, method, task, response)
  else if (method === 'GET') answerGet(options, path, response)
  else reply(response, 405, { error: 'method not allowed' })
}

function answerGet({ context, ledger }: SidecarServerOptions, path: string, response: ServerResponse): void {
  const ready = context.gate.isOpen()
  switch (path) {
    case '/v0/healthz':
    case '/v0/startupz':
      reply(response, ready ? 200 : 503)
      return
    case '/v0/livez':
      reply(response, 200)
      return
    case '/v0/metrics':
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics(ledger))
      return
    case '/v0/status':
      reply(response, 200, { status: ready ? 'Ready' : 'Initializing' })
      return
    case '/v0/node-id': {
      const nodeId = context.files.home?.nodeId
      if (nodeId === undefined) reply(response, 500, { error: 'node key not found' })
      else reply(response, 200, { nodeId })
      return
    }
    case '/v0/tasks':
      reply(response, 200, ledger.list())
      return
    default:
      reply(response, 404, { error: 'not found' })
  }
}

function answerTask(ledger: TaskLedger, method: string, id: string, response: ServerResponse): void {
  const record = ledger.get(id)
  if (record === undefined) reply(response, 404, { error: `task ${id} not found` })
  else if (method === 'GET') reply(response, 200, record)
  else if (method === 'DELETE') {
    ledger.delete(id)
    reply(response, 204)
  } else reply(response, 405, { error: 'method not allowed' })
}

async function submit(
  { context, ledger }: SidecarServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body: unknown = parseJson(await bodyOf(request))
  if (!isObject(body)) throw new Error('invalid JSON body')
  const { id, type, params = {} } = body
  if (typeof type !== 'string' || type === '') throw new Error('missing task type')
  if (handlerOf(type, context.era) === undefined) throw new Error(`unknown task type: ${type}`)
  if (id !== undefined && (typeof id !== 'string' || !uuid.test(id)))
    throw new Error('invalid task id: not a UUID')
  if (!isObject(params)) throw new Error('params must be an object')
  reply(response, 201, { id: ledger.submit(id, type, params) })
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  request.setEncoding('utf8')
  for await (const chunk of request) {
    body += String(chunk)
    if (body.length > bodyLimit) throw new Error('body too large')
  }
  return body
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function bearerOf(request: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
}

function metrics(ledger: TaskLedger): string {
  const counts = new Map<string, number>()
  for (const { type, status } of ledger.list()) {
    const key = `{type="${type}",status="${status}"}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const lines = [...counts].map(([key, count]) => `seictl_tasks${key} ${count}`)
  return ['# TYPE seictl_tasks gauge', ...lines, ''].join('\n')
}

function reply(response: ServerResponse, status: number, body?: unknown): void {
  if (body === undefined) response.writeHead(status).end()
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
