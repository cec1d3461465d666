import type { ResourceType } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import { realTime, type Time } from '../contract/time.ts'
import { cancelledError, timeoutError, type SeiError } from '../errors/sei-error.ts'
import { isNotFound } from '../kube/errors.ts'
import type { KubeClient, Watch } from '../kube/types.ts'
import { closureOf, closureTypes, type ClosureScope, type FoundObject, type OwnedObject } from './closure.ts'
import { errorText } from '../errors/error-text.ts'

/** A kind that the connection may not read, or that the cluster does not have. */
export interface UnreadableKind {
  readonly kind: string
  readonly reason: string
}

/** The closure of a scope, kept current by watches: asking again costs no request. */
export interface ClosureWatch {
  /**
   * Resolves when every readable kind is listed. Throws WAIT_TIMEOUT when the API server does not answer within
   * `timeoutMs`, RUN_CANCELLED on `signal`.
   */
  listed(options: WaitOptions): Promise<void>
  readonly unreadable: readonly UnreadableKind[]
  owned(scope: ClosureScope): OwnedObject[]
  /** Like `owned`, by a list of now instead of what the watches have shown. Throws as `listed` does, and KUBE_REQUEST. */
  list(scope: ClosureScope, options: WaitOptions): Promise<OwnedObject[]>
  /** Resolves to what is left: nothing, as soon as nothing is; else what still is there after `timeoutMs`. */
  waitGone(scope: ClosureScope, options: WaitOptions): Promise<OwnedObject[]>
  /** Ends the watches, and every wait with RUN_CANCELLED. */
  close(): void
}

interface WaitOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

interface Kept {
  readonly type: ResourceType
  /** Undefined for kinds that are in none. */
  readonly namespace: string | undefined
  readonly watch: Watch<KubeObject>
}

/** Opens one watch per kind and namespace; kinds that cannot be read are noted and left out. */
export function watchClosure(
  kube: KubeClient,
  namespaces: readonly string[],
  time: Time = realTime,
  types: readonly ResourceType[] = closureTypes,
): ClosureWatch {
  const kept = new Set<Kept>()
  for (const type of types) {
    const places = type.namespaced ? [...new Set(namespaces)] : [undefined]
    for (const namespace of places) kept.add({ type, namespace, watch: kube.watch(type, { namespace }) })
  }
  const unreadable: UnreadableKind[] = []
  const closing = new AbortController()
  const ready = settleAll(kept, unreadable, closing.signal)
  const endOf = (signal: AbortSignal | undefined): AbortSignal =>
    signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])
  const owned = (scope: ClosureScope): OwnedObject[] => closureOf(objectsOf(kept), scope)
  return {
    listed: ({ timeoutMs, signal }) => inTime(ready, timeoutMs, endOf(signal)),
    unreadable,
    owned,
    list: async (scope, { timeoutMs, signal }) => {
      const by = performance.now() + timeoutMs
      await inTime(ready, timeoutMs, endOf(signal))
      const left = Math.max(0, by - performance.now())
      return closureOf(await inTime(listAll(kube, kept), left, endOf(signal)), scope)
    },
    waitGone: async (scope, { timeoutMs, signal }) => {
      const by = time.now() + timeoutMs
      await inTime(ready, timeoutMs, endOf(signal))
      const left = Math.max(0, by - time.now())
      return await waitGone(kept, () => owned(scope), { timeoutMs: left, signal: endOf(signal), time })
    },
    close: () => {
      closing.abort()
      for (const { watch } of kept) watch.close()
    },
  }
}

async function settleAll(kept: Set<Kept>, unreadable: UnreadableKind[], closing: AbortSignal): Promise<void> {
  await Promise.all([...kept].map((one) => settle(one, kept, unreadable, closing)))
}

async function settle(
  one: Kept,
  kept: Set<Kept>,
  unreadable: UnreadableKind[],
  closing: AbortSignal,
): Promise<void> {
  try {
    await one.watch.ready
  } catch (error) {
    kept.delete(one)
    one.watch.close()
    // A kind whose definition is not installed has no objects that could be left.
    if (!closing.aborted && !isNotFound(error)) {
      unreadable.push({ kind: one.type.kind, reason: errorText(error) })
    }
  }
}

/** The watches themselves try for ever. */
function inTime<T>(work: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    const onAbort = (): void => finish(() => reject(cancelledDeletion(signal)))
    const timer = setTimeout(
      () => finish(() => reject(timeoutError(`the API server listed nothing for ${timeoutMs} ms`, late))),
      timeoutMs,
    )
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => reject(error)),
    )
  })
}

const late = { code: 'WAIT_TIMEOUT' } as const

function cancelledDeletion(signal: AbortSignal): SeiError {
  return cancelledError('waiting for deletion was cancelled', signal.reason)
}

async function listAll(kube: KubeClient, kept: ReadonlySet<Kept>): Promise<FoundObject[]> {
  const lists = await Promise.all(
    [...kept].map(async ({ type, namespace }) => {
      const { items } = await kube.list<KubeObject>(type, { namespace })
      return items.map((object) => ({ type, object }))
    }),
  )
  return lists.flat()
}

function objectsOf(kept: ReadonlySet<Kept>): FoundObject[] {
  return [...kept].flatMap(({ type, watch }) => watch.items().map((object) => ({ type, object })))
}

function waitGone(
  kept: ReadonlySet<Kept>,
  owned: () => OwnedObject[],
  { timeoutMs, signal, time }: { timeoutMs: number; signal: AbortSignal; time: Time },
): Promise<OwnedObject[]> {
  return new Promise((resolve, reject) => {
    const stops: (() => void)[] = []
    let queued = false
    const finish = (settle: () => void): void => {
      for (const stop of stops) stop()
      cancel()
      signal.removeEventListener('abort', onAbort)
      settle()
    }
    const look = (): void => {
      queued = false
      if (owned().length === 0) finish(() => resolve([]))
    }
    // One look per turn: deletions come in bursts, and each look walks everything.
    const wake = (): void => {
      if (queued) return
      queued = true
      setImmediate(look)
    }
    const onAbort = (): void => finish(() => reject(cancelledDeletion(signal)))
    const cancel = time.after(timeoutMs, () => finish(() => resolve(owned())))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    for (const { watch } of kept) {
      stops.push(watch.subscribe((event) => (event.type === 'DELETED' ? wake() : undefined)))
    }
    look()
  })
}
