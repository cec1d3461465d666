import { pathOf, type ObjectRef, type ResourceType } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import { isSeiError } from '../errors/guards.ts'
import { refusedError, statusOf } from './errors.ts'
import { lineSplitter } from './lines.ts'
import { listAll } from './listing.ts'
import { describeTarget, keyOf, queryOf, selectorsOf } from './objects.ts'
import { backoffMs, pause } from './retry.ts'
import type { Transport } from './transport.ts'
import type { ListOptions, WatchEvent } from './types.ts'

export interface ReflectorOptions {
  /** Milliseconds without a byte after which a stream counts as dead. Servers send a bookmark about once a minute. */
  readonly stallMs: number
}

/** A cache of one list, kept current by list and watch until stopped. */
export interface Reflector<T extends KubeObject> {
  readonly ready: Promise<void>
  items(): readonly T[]
  get(ref: ObjectRef): T | undefined
  subscribe(listener: (event: WatchEvent<T>) => void): () => void
  /** What keeps the stream from running now, if anything. */
  trouble(): unknown
  stop(): void
}

/** What one line of a watch stream says. */
interface Line {
  readonly type: string
  readonly object: unknown
}

/** A stream that held this long was a good one; shorter ones without an event are backed off. In ms. */
const settledMs = 1_000

export function createReflector<T extends KubeObject>(
  transport: Transport,
  type: ResourceType,
  options: ListOptions,
  { stallMs }: ReflectorOptions,
): Reflector<T> {
  const cache = createCache<T>()
  const stopping = new AbortController()
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  // Nobody has to wait for readiness: a refusal also reaches those who wait for a condition.
  ready.catch(() => undefined)
  const what = `watch ${describeTarget(type, { namespace: options.namespace })}`
  let version: string | undefined
  let listed = false
  let trouble: unknown
  let failures = 0

  const relist = async (): Promise<void> => {
    const list = await listAll<T>(transport, type, options, { signal: stopping.signal, single: true })
    cache.replace(list.items)
    version = list.metadata.resourceVersion
    trouble = undefined
    listed = true
    resolve()
  }

  const onLine = (text: string): void => {
    const line = JSON.parse(text) as Line
    if (line.type === 'ERROR') {
      // A Status: 410 when our version is older than the history; relisting answers every other one as well.
      version = undefined
      const code = (line.object as { code?: number }).code ?? 500
      throw refusedError({ method: 'GET', path: pathOf(type), what }, code, JSON.stringify(line.object))
    }
    const object = line.object as T
    failures = 0
    if (line.type !== 'BOOKMARK') cache.apply(line.type, object)
    version = object.metadata.resourceVersion ?? version
  }

  const follow = async (): Promise<void> => {
    const started = performance.now()
    const query = queryOf({
      ...selectorsOf(options),
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: version,
      timeoutSeconds: 300 + Math.floor(Math.random() * 300),
    })
    const path = pathOf(type, { namespace: options.namespace }) + query
    const call = { method: 'GET', path, what, signal: stopping.signal, repeatable: true }
    const onOpen = (): void => {
      trouble = undefined
    }
    await transport.stream(call, stallMs, { onOpen, onChunk: lineSplitter(onLine) })
    failures = performance.now() - started < settledMs ? failures + 1 : 0
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        if (version === undefined) await relist()
        await follow()
      } catch (error) {
        if (stopping.signal.aborted) return
        trouble = error
        failures += 1
        const code = statusOf(error)?.code
        if (code === 410) version = undefined
        if (!listed && (code === 401 || code === 403 || code === 404)) {
          reject(error)
          return
        }
      }
      // The first reconnection is immediate: servers end watches as a matter of course.
      const waitMs = Math.max(failures > 1 ? backoffMs(failures - 2, 50, 30_000) : 0, askedToWaitMs(trouble))
      if (waitMs > 0) await pause(waitMs, stopping.signal)
    }
  }
  void run()

  return {
    ready,
    items: cache.items,
    get: cache.get,
    subscribe: cache.subscribe,
    trouble: () => trouble,
    stop: () => {
      stopping.abort()
      reject(new Error(`${what}: closed`))
    },
  }
}

function askedToWaitMs(trouble: unknown): number {
  const ms = isSeiError(trouble) ? trouble.details?.['retryAfterMs'] : undefined
  return typeof ms === 'number' ? ms : 0
}

interface Cache<T extends KubeObject> {
  items(): readonly T[]
  get(ref: ObjectRef): T | undefined
  /** Takes over a whole list and reports how it differs from what was held. */
  replace(items: readonly T[]): void
  /** Takes over one event, reported as what it means for this cache: a repeated one means nothing. */
  apply(type: string, object: T): void
  subscribe(listener: (event: WatchEvent<T>) => void): () => void
}

function createCache<T extends KubeObject>(): Cache<T> {
  const held = new Map<string, T>()
  const listeners = new Set<(event: WatchEvent<T>) => void>()
  let snapshot: readonly T[] | undefined

  const report = (event: WatchEvent<T>): void => {
    snapshot = undefined
    for (const listener of listeners) {
      try {
        listener(event)
      } catch (error) {
        // A listener's mistake must not end the stream of the others; it surfaces as an uncaught exception.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
  const remove = (key: string, object: T): void => {
    if (held.delete(key)) report({ type: 'DELETED', object })
  }
  const put = (key: string, object: T): void => {
    const old = held.get(key)
    if (old !== undefined && old.metadata.uid !== object.metadata.uid) remove(key, old)
    else if (old?.metadata.resourceVersion === object.metadata.resourceVersion && old !== undefined) return
    const known = held.has(key)
    held.set(key, object)
    report({ type: known ? 'MODIFIED' : 'ADDED', object })
  }
  return {
    items: () => (snapshot ??= [...held.values()]),
    get: (ref) => held.get(keyOf(ref)),
    replace: (items) => {
      const fresh = new Map(items.map((item) => [keyOf(item.metadata), item]))
      for (const [key, old] of held) if (!fresh.has(key)) remove(key, old)
      for (const [key, item] of fresh) put(key, item)
    },
    apply: (type, object) => {
      const key = keyOf(object.metadata)
      if (type === 'DELETED') remove(key, object)
      else put(key, object)
    },
    subscribe: (listener) => {
      for (const object of held.values()) listener({ type: 'ADDED', object })
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
