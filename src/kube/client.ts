import { pathOf, type ObjectRef, type ResourceType } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import type { Connection } from './credentials.ts'
import { isNotFound } from './errors.ts'
import { listAll } from './listing.ts'
import { readLogs } from './logs.ts'
import { describeTarget } from './objects.ts'
import { createTransport, type Transport } from './transport.ts'
import type { ConnectionInfo, KubeClient, RawOptions } from './types.ts'
import { createWatches } from './watch.ts'
import { createWrites } from './writes.ts'

export interface ConnectOptions {
  /** Sent with every request; up to its first `/` it is the field manager of writes that name none. @default 'sei' */
  readonly userAgent?: string
  /**
   * Milliseconds without a byte after which a watch reconnects. Servers send bookmarks about once a minute; with less
   * patience than that, watches are asked for in short streams. @default 90000
   */
  readonly watchStallMs?: number
  /** Milliseconds without a byte after which any other request counts as unanswered. @default 60000 */
  readonly requestIdleMs?: number
}

/**
 * A client for one API server: HTTP/1.1 over kept-alive connections, nothing sent before the first call.
 *
 * Repeats: 429 and 503 with Retry-After are waited out for every verb. After a reset, a time-out or another 5xx (but a 500
 * that names no reason: an apply of unknown fields) nobody
 * knows whether the request took effect; gets, lists, deletes, applies and merge patches are then simply repeated, since
 * doing them twice is doing them once. A create or replace first reads the object back: not there (or still at the old
 * resourceVersion) means it had no effect and is repeated; holding all that was sent means it succeeded and is returned;
 * anything else ends with 409. A create by generateName and JSON or strategic patches cannot be checked and are not
 * repeated: their error says that the outcome is unknown.
 */
export function connect(connection: Connection, options: ConnectOptions = {}): KubeClient {
  const transport = createTransport(connection, {
    userAgent: options.userAgent ?? 'sei',
    idleMs: options.requestIdleMs,
  })
  const watches = createWatches(transport, { stallMs: options.watchStallMs ?? 90_000 })
  const info = plainInfo(connection)
  const locate = (type: ResourceType, { namespace = info.namespace, name }: ObjectRef): ObjectRef =>
    type.namespaced ? { namespace, name } : { name }
  const find = <T extends KubeObject>(type: ResourceType, ref: ObjectRef): Promise<T | undefined> =>
    get<T>(transport, type, locate(type, ref)).catch((error: unknown) => {
      if (isNotFound(error)) return undefined
      throw error
    })
  return {
    info,
    get: (type, ref) => get(transport, type, locate(type, ref)),
    find,
    list: (type, listOptions = {}) => listAll(transport, type, listOptions),
    ...createWrites(transport, locate, find),
    watch: (type, listOptions = {}) => watches.open(type, listOptions),
    logs: (ref, logOptions = {}) => readLogs(transport, { namespace: info.namespace, ...ref }, logOptions),
    request: (method, path, raw = {}) => sendRaw(transport, method, path, raw),
    close: () => {
      watches.close()
      return transport.close()
    },
  }
}

/** Only the fields of the interface, so that it can cross to another process. */
function plainInfo(connection: Connection): ConnectionInfo {
  const { server, ca, token, clientCert, clientKey, skipTlsVerify, serverName, namespace } = connection
  return { server, ca, token, clientCert, clientKey, skipTlsVerify, serverName, namespace }
}

async function get<T extends KubeObject>(
  transport: Transport,
  type: ResourceType,
  place: ObjectRef,
): Promise<T> {
  const what = `get ${describeTarget(type, place)}`
  return JSON.parse(
    await transport.send({ method: 'GET', path: pathOf(type, place), what, repeatable: true }),
  ) as T
}

/** JSON bodies and answers are converted; an answer of another type is handed over as text. */
async function sendRaw<T>(transport: Transport, method: string, path: string, raw: RawOptions): Promise<T> {
  const { body, contentType, accept, signal } = raw
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const repeatable = method === 'GET' || method === 'HEAD' || method === 'DELETE'
  const answer = await transport.send({
    method,
    path,
    what: `${method} ${path}`,
    body: text,
    contentType,
    accept,
    signal,
    repeatable,
  })
  return parseIfJson(answer) as T
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
