import type { Agent, IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Place } from '../../../../contract/kinds.ts'
import { annotations } from '../../../../contract/labels.ts'
import type { Service } from '../../../../contract/objects.ts'
import type { Watch } from '../../../../kube/types.ts'
import { http } from '../../../node-http.ts'

/** Loopback HTTP proxies through which programs reach the Services of the cluster by name. */
export interface ServiceProxies {
  /** URL of the proxy for pods of a namespace: short names mean its Services. */
  url(namespace: string): Promise<string>
  close(): void
}

interface Target {
  readonly host: string
  readonly port: number
}

/** Names that no Service has go to where the machine's own resolver sends them. */
export function createServiceProxies(services: Watch<Service>): ServiceProxies {
  const proxies = new Map<string, Promise<Server>>()
  const agent = new http.Agent({ keepAlive: true })
  const sockets = new Set<Socket>()
  const start = (namespace: string): Promise<Server> => {
    const server = createProxy(agent, (host, port) => resolve(services, namespace, host, port))
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    return new Promise((done, fail) => {
      server.once('error', fail)
      server.listen(0, '127.0.0.1', () => done(server))
    })
  }
  return {
    async url(namespace) {
      let server = proxies.get(namespace)
      if (server === undefined) proxies.set(namespace, (server = start(namespace)))
      return `http://127.0.0.1:${((await server).address() as AddressInfo).port}`
    },
    close() {
      for (const proxy of proxies.values()) void proxy.then((server) => server.close())
      for (const socket of sockets) socket.destroy()
      agent.destroy()
    },
  }
}

type Resolve = (host: string, port: number) => Target | undefined

function createProxy(agent: Agent, resolve: Resolve): Server {
  const server = http.createServer((request, response) => forward(agent, resolve, request, response))
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    const { hostname, port } = new URL(`http://${request.url ?? ''}`)
    tunnel(resolve(hostname, Number(port || 80)), client, head)
  })
  return server
}

/** Where nothing answers the connection is closed without an answer: what a refused one looks like through a proxy. */
function forward(agent: Agent, resolve: Resolve, request: IncomingMessage, response: ServerResponse): void {
  const { method, url: asked = '' } = request
  const url = URL.canParse(asked) ? new URL(asked) : undefined
  if (url?.protocol !== 'http:') {
    response.writeHead(400, { 'content-type': 'text/plain' }).end('this is a proxy for http and CONNECT\n')
    return
  }
  const target = resolve(url.hostname, Number(url.port || 80))
  if (target === undefined) {
    request.socket.destroy()
    return
  }
  const path = `${url.pathname}${url.search}`
  const sent = http.request({ ...target, method, path, headers: endToEnd(request.headers), agent })
  sent.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headers))
    answer.pipe(response)
    answer.once('error', () => response.destroy())
  })
  sent.once('error', () => request.socket.destroy())
  response.once('close', () => sent.destroy())
  request.pipe(sent)
}

/** Headers that are about one connection stay on it. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const left = { ...headers }
  for (const name of ['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization'])
    delete left[name]
  return left
}

function tunnel(target: Target | undefined, client: Socket, head: Buffer): void {
  client.on('error', () => client.destroy())
  if (target === undefined) {
    client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    return
  }
  const upstream = connect({ ...target, noDelay: true })
  upstream.once('connect', () => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    upstream.write(head)
    client.pipe(upstream)
    upstream.pipe(client)
  })
  upstream.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
  upstream.once('close', () => client.destroy())
  client.once('close', () => upstream.destroy())
}

/** Where a name leads; undefined for one of the cluster's that nothing answers for. */
function resolve(services: Watch<Service>, own: string, host: string, port: number): Target | undefined {
  const { ref, isCluster } = serviceOf(host, own)
  const service = ref === undefined ? undefined : services.get(ref)
  if (service === undefined) return isCluster ? undefined : { host, port }
  const published = service.metadata.annotations?.[annotations.loopback] ?? '{}'
  const address = (JSON.parse(published) as Record<string, string>)[String(port)]
  return address === undefined ? undefined : { host: '127.0.0.1', port: Number(address.split(':').at(-1)) }
}

/** `<service>`, `<service>.<namespace>`, with `.svc` and what follows it, and a pod's name before any of the latter. */
function serviceOf(host: string, own: string): { ref?: Place; isCluster: boolean } {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.')
  const at = labels.indexOf('svc')
  const isCluster = at >= 2
  const parts = isCluster ? labels.slice(0, at) : labels
  if (parts.length > (isCluster ? 3 : 2)) return { isCluster }
  const [namespace = own, name = ''] = parts.length === 1 ? [own, parts[0]] : parts.toReversed()
  return { ref: { namespace, name }, isCluster }
}
