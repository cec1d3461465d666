import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'

import type { ConnectionInfo } from '../../kube/types.ts'
import { writeKubeconfig } from '../../kube/write-kubeconfig.ts'
import { Access } from './access/access.ts'
import { aggregateClusterRoles } from './access/aggregation.ts'
import { Admission } from './admission/admission.ts'
import { createBootstrapPolicy } from './access/bootstrap.ts'
import { Rbac, rbacGroup } from './access/rbac.ts'
import { createClock, type Clock } from '../clock.ts'
import type { ServerContext } from './context.ts'
import { Definitions } from './definitions.ts'
import { createHandler } from './http/handler.ts'
import { RequestMetrics } from './http/metrics.ts'
import { registerBuiltInKinds } from './kinds/built-in-kinds.ts'
import { expireEvents } from './kinds/event-expiry.ts'
import { initialNamespaces, namespaceObject } from './kinds/namespace.ts'
import { ownService } from './kinds/service.ts'
import type { ApiObject } from './object.ts'
import { Registry } from './registry.ts'
import { Store } from './store.ts'
import { createServerTls } from './tls.ts'
import { createObject } from './verbs/create.ts'
import { ownWrite } from './verbs/write-request.ts'

export interface ApiServerOptions {
  /** Folder for the kubeconfig; made if it is missing. */
  readonly stateDir: string
  /** Of the cluster: what timestamps are taken from. @default the wall clock */
  readonly clock?: Clock | undefined
  /** On 127.0.0.1. @default any free one */
  readonly port?: number | undefined
  /** The bearer token of the cluster's administrator. @default a random one */
  readonly token?: string | undefined
  /** Changes kept per resource to resume watches. @default 2000 */
  readonly historySize?: number | undefined
  /** Real milliseconds between bookmarks. @default 60000 */
  readonly bookmarkIntervalMs?: number | undefined
  /** Bytes a slow watcher may lag behind before its watch is closed. @default 16 MiB */
  readonly watchBufferBytes?: number | undefined
  /** Freezes stored objects, to find a writer that changes them in place. For tests: it costs time. @default false */
  readonly freeze?: boolean | undefined
}

export interface ApiServer {
  readonly info: ConnectionInfo
  readonly kubeconfigPath: string
  readonly port: number
  /** Forgets all history: watches and snapshots of older resourceVersions are answered with 410. */
  compact(): void
  /** Ends every connection and stops listening. */
  close(): Promise<void>
}

/**
 * Starts a Kubernetes API server on loopback: HTTPS with a certificate authority of its own, all state in memory,
 * authentication and role-based access as on a real one. Throws when the port is taken.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const token = options.token ?? randomBytes(24).toString('base64url')
  const tls = createServerTls()
  const context = await createContext(options, token)
  const server = createServer(
    { key: tls.key, cert: tls.cert, keepAliveTimeout: 90_000, noDelay: true },
    createHandler(context, new RequestMetrics()),
  )
  const port = await listen(server, options.port ?? 0)
  await createOwn(context, 'services', ownService(port))
  const info: ConnectionInfo = {
    server: `https://127.0.0.1:${port}`,
    ca: tls.ca,
    token,
    namespace: 'default',
  }
  const kubeconfigPath = await writeKubeconfig(options.stateDir, info, 'embedded')
  return {
    info,
    kubeconfigPath,
    port,
    compact: () => context.store.compact(),
    close() {
      context.admission.close()
      return close(server)
    },
  }
}

async function createContext(options: ApiServerOptions, token: string): Promise<ServerContext> {
  const store = new Store({ historySize: options.historySize, freeze: options.freeze })
  const { clock = createClock(1) } = options
  const now = (): Date => clock.now()
  const registry = new Registry()
  const context: ServerContext = {
    store,
    registry,
    access: new Access({ store, now }, new Rbac(store), token),
    admission: new Admission({ store, registry }),
    kubeletToken: token,
    now,
    wall: clock.wall,
    bookmarkIntervalMs: options.bookmarkIntervalMs ?? 60_000,
    watchBufferBytes: options.watchBufferBytes ?? 16 * 1024 * 1024,
  }
  registerBuiltInKinds(context, new Definitions(context))
  expireEvents(context.store.collection('events'), context.now)
  for (const name of initialNamespaces) await createOwn(context, 'namespaces', namespaceObject(name))
  createBootstrapPolicy(store, now())
  aggregateClusterRoles(store.collection(`clusterroles.${rbacGroup}`), now)
  return context
}

/** Creates an object of the server's own. */
async function createOwn(context: ServerContext, plural: string, object: ApiObject): Promise<void> {
  const resource = context.registry.find('v1', plural)
  if (resource === undefined) throw new Error(`${plural} are not registered`)
  await createObject(context, resource, object, ownWrite('kube-apiserver'))
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
