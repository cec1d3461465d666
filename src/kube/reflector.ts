import { pause, realTime } from '../contract/time.ts'
import { pathOf, type ObjectRef, type ResourceType } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import { isSeiError } from '../errors/guards.ts'
import { createCache, type Cache } from './cache.ts'
import { refusedError, statusOf } from './errors.ts'
import { lineSplitter } from './lines.ts'
import { listAll } from './listing.ts'
import { describeTarget, queryOf, selectorsOf } from './objects.ts'
import { backoffMs } from './retry.ts'
import type { Transport } from './transport.ts'
import type { ListOptions } from './types.ts'

export interface ReflectorOptions {
  /** Milliseconds without a byte after which a stream counts as dead; with less than a minute streams are kept short. */
  readonly stallMs: number
}

/** A cache of one list, kept current by list and watch until stopped. */
export interface Reflector<T extends KubeObject> {
  readonly ready: Promise<void>
  /** Whether the first list is in the cache: only then what is not there does not exist. */
  listed(): boolean
  items(): readonly T[]
  get(ref: ObjectRef): T | undefined
  subscribe: Cache<T>['subscribe']
  follow: Cache<T>['follow']
  /** What keeps the stream from running now, if anything. */
  trouble(): unknown
  stop(): void
}

/** A reflector at work: what it was asked, and where it is. */
interface Work<T extends KubeObject> {
  readonly transport: Transport
  readonly type: ResourceType
  readonly options: ListOptions
  readonly stallMs: number
  readonly what: string
  readonly cache: Cache<T>
  readonly signal: AbortSignal
  /** Where to resume; `undefined` when a list must come first. */
  version: string | undefined
  listed: boolean
  trouble: unknown
  /** Attempts since the last event that came to nothing. */
  failures: number
}

/** Longest silence of a healthy stream, in ms. */
const bookmarkMs = 60_000

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
  const place = { transport, type, options, stallMs, what, cache, signal: stopping.signal }
  const work: Work<T> = { ...place, version: undefined, listed: false, trouble: undefined, failures: 0 }
  run(work, resolve).catch(reject)
  return {
    ready,
    listed: () => work.listed,
    items: cache.items,
    get: cache.get,
    subscribe: cache.subscribe,
    follow: cache.follow,
    trouble: () => work.trouble,
    stop: () => {
      stopping.abort()
      reject(new Error(`${what}: closed`))
    },
  }
}

/** Keeps the cache current until the signal aborts; throws only when the first list is refused for good. */
async function run<T extends KubeObject>(work: Work<T>, onListed: () => void): Promise<void> {
  while (!work.signal.aborted) {
    try {
      if (work.version === undefined) await relist(work)
      onListed()
      await follow(work)
    } catch (error) {
      if (work.signal.aborted) return
      work.trouble = error
      work.failures += 1
      const code = statusOf(error)?.code
      if (code === 410) work.version = undefined
      if (!work.listed && (code === 401 || code === 403 || code === 404)) throw error
    }
    // The first reconnection is immediate: servers end watches as a matter of course.
    const ownMs = work.failures > 1 ? backoffMs(work.failures - 2, 50, 30_000) : 0
    const waitMs = Math.max(ownMs, askedToWaitMs(work.trouble))
    if (waitMs > 0) await pause(realTime, waitMs, work.signal)
  }
}

async function relist<T extends KubeObject>(work: Work<T>): Promise<void> {
  const { transport, type, options, signal } = work
  const list = await listAll<T>(transport, type, options, { signal, single: true })
  work.version = list.metadata.resourceVersion
  work.trouble = undefined
  work.cache.replace(list.items)
  work.listed = true
}

/** Follows one stream from the last version seen to its end. */
async function follow<T extends KubeObject>(work: Work<T>): Promise<void> {
  const { transport, type, options, what, signal, stallMs } = work
  const started = performance.now()
  const query = queryOf({
    ...selectorsOf(options),
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: work.version,
    timeoutSeconds: streamSeconds(stallMs),
  })
  const path = pathOf(type, { namespace: options.namespace }) + query
  const onOpen = (): void => {
    work.trouble = undefined
  }
  const onChunk = lineSplitter((line) => takeLine(work, line))
  await transport.stream({ method: 'GET', path, what, signal, repeatable: true }, stallMs, {
    onOpen,
    onChunk,
  })
  work.failures = performance.now() - started < settledMs ? work.failures + 1 : 0
}

function takeLine<T extends KubeObject>(work: Work<T>, text: string): void {
  const line = JSON.parse(text) as { readonly type: string; readonly object: unknown }
  if (line.type === 'ERROR') {
    // A Status: 410 when our version is older than the history; relisting answers every other one as well.
    work.version = undefined
    const code = (line.object as { code?: number }).code ?? 500
    throw refusedError(
      { method: 'GET', path: pathOf(work.type), what: work.what },
      code,
      JSON.stringify(line.object),
    )
  }
  const object = line.object as T
  work.failures = 0
  work.version = object.metadata.resourceVersion ?? work.version
  if (line.type !== 'BOOKMARK') work.cache.apply(line.type, object)
}

/** Servers send bookmarks about once a minute; with less patience than that, streams have to end before they are given up. */
function streamSeconds(stallMs: number): number {
  if (stallMs > bookmarkMs) return 300 + Math.floor(Math.random() * 300)
  return Math.max(1, Math.floor(stallMs / 2_000))
}

function askedToWaitMs(trouble: unknown): number {
  const ms = isSeiError(trouble) ? trouble.details?.['retryAfterMs'] : undefined
  return typeof ms === 'number' ? ms : 0
}
