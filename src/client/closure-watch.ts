import type { ResourceType } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import { isSeiError } from '../errors/guards.ts'
import { cancelledError } from '../errors/sei-error.ts'
import type { KubeClient, Watch } from '../kube/types.ts'
import { closureOf, closureTypes, type ClosureScope, type FoundObject, type OwnedObject } from './closure.ts'

/** A kind that the connection may not read, or that the cluster does not have. */
export interface UnreadableKind {
  readonly kind: string
  readonly reason: string
}

/** The closure of a scope, kept current by watches: asking again costs no request. */
export interface ClosureWatch {
  /** Resolves when every readable kind is listed. */
  readonly ready: Promise<void>
  readonly unreadable: readonly UnreadableKind[]
  owned(scope: ClosureScope): OwnedObject[]
  /** Resolves to what is left: nothing, as soon as nothing is; else what still is there after `timeoutMs`. */
  waitGone(
    scope: ClosureScope,
    options: { timeoutMs: number; signal?: AbortSignal | undefined },
  ): Promise<OwnedObject[]>
  close(): void
}

interface Kept {
  readonly type: ResourceType
  readonly watch: Watch<KubeObject>
}

/** Opens one watch per kind and namespace; kinds that cannot be read are noted and left out. */
export function watchClosure(kube: KubeClient, namespaces: readonly string[]): ClosureWatch {
  const kept = new Set<Kept>()
  for (const type of closureTypes) {
    const places = type.namespaced ? [...new Set(namespaces)] : [undefined]
    for (const namespace of places)
      kept.add({ type, watch: kube.watch(type, namespace === undefined ? {} : { namespace }) })
  }
  const unreadable: UnreadableKind[] = []
  const ready = settleAll(kept, unreadable)
  const owned = (scope: ClosureScope): OwnedObject[] => closureOf(objectsOf(kept), scope)
  return {
    ready,
    unreadable,
    owned,
    waitGone: async (scope, { timeoutMs, signal }) => {
      await ready
      return await waitGone(kept, () => owned(scope), timeoutMs, signal)
    },
    close: () => {
      for (const { watch } of kept) watch.close()
    },
  }
}

async function settleAll(kept: Set<Kept>, unreadable: UnreadableKind[]): Promise<void> {
  await Promise.all([...kept].map((one) => settle(one, kept, unreadable)))
}

async function settle(one: Kept, kept: Set<Kept>, unreadable: UnreadableKind[]): Promise<void> {
  try {
    await one.watch.ready
  } catch (error) {
    kept.delete(one)
    one.watch.close()
    if (!isNotInstalled(error)) {
      unreadable.push({ kind: one.type.kind, reason: error instanceof Error ? error.message : String(error) })
    }
  }
}

/** A kind whose definition is not installed has no objects that could be left. */
function isNotInstalled(error: unknown): boolean {
  if (!isSeiError(error)) return false
  const status = error.details?.status as { code?: number } | undefined
  return status?.code === 404
}

function objectsOf(kept: ReadonlySet<Kept>): FoundObject[] {
  return [...kept].flatMap(({ type, watch }) => watch.items().map((object) => ({ type, object })))
}

function waitGone(
  kept: ReadonlySet<Kept>,
  owned: () => OwnedObject[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<OwnedObject[]> {
  return new Promise((resolve, reject) => {
    const stops: (() => void)[] = []
    let queued = false
    const finish = (settle: () => void): void => {
      for (const stop of stops) stop()
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
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
    const onAbort = (): void =>
      finish(() => reject(cancelledError('waiting for deletion was cancelled', signal?.reason)))
    const timer = setTimeout(() => finish(() => resolve(owned())), timeoutMs)
    if (signal?.aborted === true) return onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    for (const { watch } of kept) {
      stops.push(watch.subscribe((event) => (event.type === 'DELETED' ? wake() : undefined)))
    }
    look()
  })
}
