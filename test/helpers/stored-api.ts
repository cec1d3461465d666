import type { ServerResponse } from 'node:http'
import { apiVersionOf, pathOf, type ResourceType } from '../../src/contract/kinds.ts'
import type { KubeObject } from '../../src/contract/objects.ts'
import { connect } from '../../src/kube/client.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import { answerJson, startServer, type Seen } from './http-server.ts'

/** An API server that lists and watches what a test put into it: enough for readers, and for nothing else. */
export interface StoredApi {
  readonly kube: KubeClient
  readonly seen: readonly Seen[]
  /** Adds or replaces an object, and tells watchers. */
  put(type: ResourceType, object: Stored): void
  remove(type: ResourceType, name: string): void
  /** Answers of the log subresource by `<pod>/<container>`, with `.previous` behind it for the previous run's. */
  readonly logs: Map<string, string>
  /** Plurals of kinds that the connection may not list: a 403, as RBAC gives it. */
  readonly forbidden: Set<string>
  /** Leaves every request without an answer. */
  silent: boolean
  /** Leaves open watches without a word about what happens. */
  stalled: boolean
  /** Called before each DELETE is answered. */
  onDelete: (path: string) => void
  close(): Promise<void>
}

export type Stored = Omit<KubeObject, 'apiVersion' | 'kind'> & Record<string, unknown>

const namespace = 'ns'

interface Kept {
  readonly type: ResourceType
  readonly objects: Map<string, KubeObject>
  readonly watchers: Set<ServerResponse>
  /** All that has happened, for watches that begin at an earlier version. */
  readonly history: { readonly version: number; readonly line: string }[]
}

export async function startStoredApi(): Promise<StoredApi> {
  const kinds = new Map<string, Kept>()
  const logs = new Map<string, string>()
  let version = 1
  const at = (path: string): Kept | undefined => kinds.get(path)
  const keptOf = (type: ResourceType): Kept => {
    const path = pathOf(type, { namespace })
    const kept = kinds.get(path) ?? { type, objects: new Map(), watchers: new Set(), history: [] }
    kinds.set(path, kept)
    return kept
  }
  const tell = (kept: Kept, type: string, object: KubeObject): void => {
    const line = `${JSON.stringify({ type, object })}\n`
    kept.history.push({ version, line })
    if (!api.stalled) for (const watcher of kept.watchers) watcher.write(line)
  }
  const onDelete: StoredApi['onDelete'] = () => {}
  const api = { logs, onDelete, forbidden: new Set<string>(), silent: false, stalled: false }
  const server = await startServer((request, response) => {
    if (api.silent) return
    const url = new URL(request.url, 'http://api')
    const plural = url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
    if (api.forbidden.has(plural)) return sendForbidden(plural, response)
    const log = /\/pods\/([^/]+)\/log$/.exec(url.pathname)
    if (log !== null) return sendLog(logs, log[1] ?? '', url, response)
    if (request.method === 'DELETE') {
      api.onDelete(url.pathname)
      return answerJson(response, 200, { kind: 'Status', apiVersion: 'v1', status: 'Success', metadata: {} })
    }
    const kept = at(url.pathname)
    if (url.searchParams.has('watch')) {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.flushHeaders()
      const since = Number(url.searchParams.get('resourceVersion'))
      const history = api.stalled ? [] : (kept?.history ?? [])
      for (const { version, line } of history) if (version > since) response.write(line)
      kept?.watchers.add(response)
      return
    }
    const [collection = '', name = ''] = splitName(url.pathname, kinds)
    if (kept === undefined && name !== '')
      return sendObject(kinds.get(collection)?.objects.get(name), response)
    const items = [...(kept?.objects.values() ?? [])]
    answerJson(response, 200, { kind: 'List', metadata: { resourceVersion: String(version) }, items })
  })
  const kube = connect({ server: server.url, namespace })
  return Object.assign(api, {
    kube,
    seen: server.seen,
    put: (type: ResourceType, object: Stored) => {
      version += 1
      const kept = keptOf(type)
      const { name } = object.metadata
      const stored: KubeObject = {
        apiVersion: apiVersionOf(type),
        kind: type.kind,
        ...object,
        metadata: {
          namespace,
          uid: `uid-${type.plural}-${name}`,
          ...object.metadata,
          resourceVersion: String(version),
        },
      }
      const known = kept.objects.has(name)
      kept.objects.set(name, stored)
      tell(kept, known ? 'MODIFIED' : 'ADDED', stored)
    },
    remove: (type: ResourceType, name: string) => {
      const kept = keptOf(type)
      const object = kept.objects.get(name)
      if (object === undefined || !kept.objects.delete(name)) return
      version += 1
      tell(kept, 'DELETED', { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } })
    },
    close: async () => {
      await kube.close()
      await server.close()
    },
  })
}

/** An object's path as its collection's and its name, where the collection is known. */
function splitName(path: string, kinds: ReadonlyMap<string, Kept>): [string, string] | [] {
  const at = path.lastIndexOf('/')
  const collection = path.slice(0, at)
  return kinds.has(collection) ? [collection, path.slice(at + 1)] : []
}

function sendObject(object: KubeObject | undefined, response: ServerResponse): void {
  if (object !== undefined) return answerJson(response, 200, object)
  answerJson(response, 404, {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: 'NotFound',
    code: 404,
  })
}

function sendForbidden(plural: string, response: ServerResponse): void {
  answerJson(response, 403, {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: `${plural} is forbidden: User "nightly" cannot list resource "${plural}"`,
    reason: 'Forbidden',
    code: 403,
  })
}

function sendLog(logs: ReadonlyMap<string, string>, pod: string, url: URL, response: ServerResponse): void {
  const previous = url.searchParams.get('previous') === 'true' ? '.previous' : ''
  const text = logs.get(`${pod}/${url.searchParams.get('container') ?? ''}${previous}`)
  if (text === undefined) {
    const message = `container in pod ${pod} has no log`
    return answerJson(response, 400, {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message,
      code: 400,
    })
  }
  response.writeHead(200, { 'content-type': 'text/plain' }).end(text)
}
