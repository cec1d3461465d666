import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { TLSSocket } from 'node:tls'
import type { Pod } from '../../contract/objects.ts'
import type { Clock } from '../clock.ts'
import { holdWhileOpen } from '../open-requests.ts'
import type { ChaosDoor } from './chaos-door.ts'
import type { LogBuffer, LogLine } from './log-buffer.ts'
import type { PodWorker } from './pod.ts'
import { errorText } from '../../errors/error-text.ts'

export interface LogServerOptions {
  readonly tls: { readonly cert: string; readonly key: string }
  /** Bearer token of the cluster; a request with neither it nor a client certificate is refused. */
  readonly token: string | undefined
  /** PEM of the authority of client certificates. @default none is taken */
  readonly clientCa?: string | undefined
  readonly clock: Clock
  readonly find: (namespace: string, pod: string) => PodWorker | undefined
  /** @default nothing can be asked of it */
  readonly chaos?: ChaosDoor | undefined
}

/**
 * The part of a kubelet's HTTPS API that hands out container logs, and the door that stands for Chaos Mesh's daemon. It does not
 * listen yet.
 */
export function createLogServer(options: LogServerOptions): Server {
  const { tls, clientCa } = options
  // Asked for, not insisted on: without one there is still the token.
  const asking = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: false }
  return createServer({ ...tls, ...asking }, (request, response) => {
    holdWhileOpen(options.clock.wall, request, response)
    try {
      answer(options, request, response)
    } catch (error) {
      text(response, 500, errorText(error))
    }
  })
}

const logPath = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/

function answer(options: LogServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'https://kubelet')
  if (!isAllowed(options, request)) {
    text(response, 401, 'Unauthorized')
    return
  }
  if (url.pathname === '/healthz') {
    text(response, 200, 'ok')
    return
  }
  if (options.chaos !== undefined && request.method === 'POST' && url.pathname.startsWith(chaosPath)) {
    void askChaos(options.chaos, url.pathname.slice(chaosPath.length), request, response)
    return
  }
  const match = logPath.exec(url.pathname)
  if (request.method !== 'GET' || match === null) {
    text(response, 404, '404 page not found')
    return
  }
  const [namespace = '', pod = '', container = ''] = match.slice(1).map(decodeURIComponent)
  const worker = options.find(namespace, pod)
  if (worker === undefined) {
    text(response, 404, `pod "${pod}" not found`)
    return
  }
  const found = findLog(worker, container, isSet(url.searchParams, 'previous'))
  if (typeof found === 'string') text(response, 400, found)
  else send(found, url.searchParams, response, options.clock)
}

const chaosPath = '/chaos/'

async function askChaos(
  chaos: ChaosDoor,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    let body = ''
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) body += chunk
    const answer = chaos.ask(path, body)
    text(response, answer.code, answer.body)
  } catch (error) {
    text(response, 500, errorText(error))
  }
}

function isAllowed({ token, clientCa }: LogServerOptions, request: IncomingMessage): boolean {
  if (token === undefined || request.headers.authorization === `Bearer ${token}`) return true
  return clientCa !== undefined && request.socket instanceof TLSSocket && request.socket.authorized
}

/** The log asked for, or the sentence with which a kubelet says that there is none. */
function findLog(worker: PodWorker, container: string, previous: boolean): LogBuffer | string {
  const pod = worker.pod()
  const { name } = pod.metadata
  if (!containerNames(pod).includes(container)) return `container ${container} is not valid for pod ${name}`
  const found = worker.container(container)
  const log = found?.log(previous)
  if (log !== undefined) return log
  if (previous) return `previous terminated container "${container}" in pod "${name}" not found`
  const waiting = found?.status().state?.waiting?.reason ?? 'ContainerCreating'
  if (waiting === 'ErrImagePull' || waiting === 'ImagePullBackOff')
    return `container "${container}" in pod "${name}" is waiting to start: trying and failing to pull image`
  return `container "${container}" in pod "${name}" is waiting to start: ${waiting}`
}

function containerNames(pod: Pod): string[] {
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map((container) => container.name)
}

function send(log: LogBuffer, params: URLSearchParams, response: ServerResponse, clock: Clock): void {
  const timestamps = isSet(params, 'timestamps')
  let left = numberOf(params, 'limitBytes') ?? Infinity
  const render = (line: LogLine): Buffer => {
    const stamp = timestamps ? `${line.at.toISOString().replace('Z', '000000Z')} ` : ''
    const bytes = Buffer.from(`${stamp}${line.text}\n`)
    const part = bytes.length > left ? bytes.subarray(0, left) : bytes
    left -= part.length
    return part
  }
  response.writeHead(200, { 'content-type': 'text/plain' })
  const query = { tailLines: numberOf(params, 'tailLines'), sinceMs: sinceOf(params, clock) }
  for (const part of inParts(log.read(query))) if (left > 0) response.write(Buffer.concat(part.map(render)))
  if (!isSet(params, 'follow') || left <= 0) {
    response.end()
    return
  }
  response.flushHeaders()
  const stop = log.follow(
    (line) => {
      if (left > 0) response.write(render(line))
      if (left <= 0) response.end()
    },
    () => response.end(),
  )
  response.on('close', stop)
}

/** Lines that are sent together: one by one a long log is slow. */
const partLines = 500

function* inParts(lines: readonly LogLine[]): Iterable<readonly LogLine[]> {
  for (let at = 0; at < lines.length; at += partLines) yield lines.slice(at, at + partLines)
}

function isSet(params: URLSearchParams, name: string): boolean {
  const value = params.get(name)
  return value !== null && value !== 'false' && value !== '0'
}

function numberOf(params: URLSearchParams, name: string): number | undefined {
  const value = params.get(name)
  return value === null || !/^\d+$/.test(value) ? undefined : Number(value)
}

function sinceOf(params: URLSearchParams, clock: Clock): number | undefined {
  const seconds = numberOf(params, 'sinceSeconds')
  if (seconds !== undefined) return clock.now().getTime() - seconds * 1_000
  const time = Date.parse(params.get('sinceTime') ?? '')
  return Number.isNaN(time) ? undefined : time
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${body}\n`)
}
