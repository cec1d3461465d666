import type { ServerResponse } from 'node:http'

import type { ServerContext } from './context.ts'
import { jsonOf, toJson } from './json.ts'
import type { ApiObject } from './object.ts'
import { viewOf, type Resource } from './resource-type.ts'
import { expired, StatusError } from './status-error.ts'
import type { Change, ChangeType } from './store.ts'
import { badRevision, parseRevision, type ListOptions } from './verbs/list-options.ts'

/** Makes the `object` of one event from an object of the resource; the JSON text of it. */
export type EventEncoder = (object: ApiObject) => string

export interface WatchRequest {
  readonly resource: Resource
  readonly namespace: string | undefined
  readonly options: ListOptions
  readonly response: ServerResponse
  /** `undefined` for plain JSON, which all watches of a resource share. */
  readonly encode: EventEncoder | undefined
}

interface Watcher extends WatchRequest {
  /** Ends the stream cleanly. */
  close: () => void
  /** Changes up to this revision are known to the client. */
  revision: number
  /** Bytes of what it began with that the client has not taken yet: nobody is slow for having much to read at first. */
  backlog: number
}

/** Real servers choose between this and twice as long, so that clients do not all come back at once. */
const defaultTimeoutMs = 30 * 60_000

/**
 * Streams the changes of a collection until the client goes, the time is up or the client lags too far behind. Events
 * before the first await are written in order: what happens meanwhile cannot slip in between.
 */
export function startWatch(context: ServerContext, request: WatchRequest): void {
  const { resource, options, response } = request
  const start = startRevision(resource, options)
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-cache, private',
  })
  // At once: clients time out waiting for headers.
  response.flushHeaders()
  if (start !== undefined && start < resource.collection.compacted) {
    const text = `too old resource version: ${start} (${resource.collection.compacted})`
    response.end(eventLine('ERROR', toJson(expired(text).toBody())))
    return
  }
  const watcher = register(context, request)
  replay(watcher, start)
  watcher.backlog = response.writableLength
  response.once('drain', () => (watcher.backlog = 0))
}

/** The revision to resume after; `undefined` to begin with everything there is. */
function startRevision(resource: Resource, options: ListOptions): number | undefined {
  const { resourceVersion, sendInitialEvents } = options
  const revision = resourceVersion === '' ? 0 : parseRevision(resourceVersion)
  if (revision === undefined) {
    const why = badRevision(resourceVersion)
    const text = JSON.stringify(resourceVersion)
    throw new StatusError(500, '', `resourceVersion: Invalid value: ${text}: ${why}`)
  }
  if (sendInitialEvents === true) return undefined
  // Without initial events an unset revision means "from now on".
  if (revision === 0) return sendInitialEvents === false ? resource.collection.revision : undefined
  return revision
}

function register(context: ServerContext, request: WatchRequest): Watcher {
  const { resource, options, response } = request
  const watcher: Watcher = { ...request, revision: 0, backlog: 0, close: () => undefined }
  const stopListening = resource.collection.listen((change) => {
    deliver(watcher, change)
    // A slow reader must not hold up others, nor fill memory: it comes back with its last resourceVersion.
    if (response.writableLength > watcher.backlog + context.watchBufferBytes) watcher.close()
  })
  const stopBookmarks = startBookmarks(context, watcher)
  const timer = setTimeout(
    () => {
      if (options.allowBookmarks) bookmark(watcher)
      watcher.close()
    },
    options.timeoutMs ?? defaultTimeoutMs * (1 + Math.random()),
  )
  timer.unref()
  const stop = (): void => {
    clearTimeout(timer)
    stopBookmarks()
    stopListening()
  }
  watcher.close = () => {
    stop()
    response.end()
  }
  response.once('close', stop)
  return watcher
}

function startBookmarks(context: ServerContext, watcher: Watcher): () => void {
  if (!watcher.options.allowBookmarks) return () => undefined
  const timer = setInterval(() => bookmark(watcher), context.bookmarkIntervalMs)
  timer.unref()
  return () => clearInterval(timer)
}

function replay(watcher: Watcher, start: number | undefined): void {
  const { collection } = watcher.resource
  if (start !== undefined) {
    watcher.revision = start
    for (const change of collection.since(start)) deliver(watcher, change)
    return
  }
  for (const object of collection.list()) {
    if (selects(watcher, object)) send(watcher, 'ADDED', object)
  }
  watcher.revision = collection.revision
  if (watcher.options.sendInitialEvents === true && watcher.options.allowBookmarks) {
    bookmark(watcher, { 'k8s.io/initial-events-end': 'true' })
  }
}

function selects(watcher: Watcher, object: ApiObject): boolean {
  if (watcher.namespace !== undefined && object.metadata.namespace !== watcher.namespace) return false
  const { matches } = watcher.options
  return matches === undefined || matches(viewOf(watcher.resource, object))
}

function deliver(watcher: Watcher, change: Change): void {
  if (change.revision <= watcher.revision) return
  watcher.revision = change.revision
  const now = change.type !== 'DELETED' && selects(watcher, change.object)
  const before = change.previous !== undefined && selects(watcher, change.previous)
  if (now) send(watcher, before ? 'MODIFIED' : 'ADDED', change.object)
  else if (before) send(watcher, 'DELETED', departed(change))
}

const departures = new WeakMap<Change, ApiObject>()

/** What leaves a selection: the last state in it, under the revision of the change that took it out. */
function departed(change: Change): ApiObject {
  if (change.type === 'DELETED' || change.previous === undefined) return change.object
  const known = departures.get(change)
  if (known !== undefined) return known
  const { resourceVersion = '' } = change.object.metadata
  const object = {
    ...change.previous,
    metadata: { ...change.previous.metadata, resourceVersion },
  }
  departures.set(change, object)
  return object
}

interface Line {
  readonly object: ApiObject
  readonly type: string
  readonly bytes: Buffer
}

/** The line written last: watchers of one collection get the same change one after another. */
let lastLine: Line | undefined

function send(watcher: Watcher, type: ChangeType, stored: ApiObject): void {
  const object = viewOf(watcher.resource, stored)
  if (watcher.encode !== undefined) {
    watcher.response.write(eventLine(type, watcher.encode(object)))
    return
  }
  if (lastLine?.object !== object || lastLine.type !== type) {
    lastLine = { object, type, bytes: Buffer.from(eventLine(type, jsonOf(object))) }
  }
  watcher.response.write(lastLine.bytes)
}

function bookmark(watcher: Watcher, annotations?: Record<string, string>): void {
  const { resource } = watcher
  const resourceVersion = String(Math.max(watcher.revision, resource.collection.revision))
  const object = {
    kind: resource.kind,
    apiVersion: resource.apiVersion,
    metadata: { resourceVersion, creationTimestamp: null, ...(annotations && { annotations }) },
  }
  watcher.response.write(eventLine('BOOKMARK', toJson(object)))
}

function eventLine(type: string, objectJson: string): string {
  return `{"type":"${type}","object":${objectJson}}\n`
}
