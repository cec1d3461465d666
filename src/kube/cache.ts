import type { ObjectRef } from '../contract/kinds.ts'
import type { KubeObject } from '../contract/objects.ts'
import { keyOf } from './objects.ts'
import type { WatchEvent } from './types.ts'

export type Listener<T> = (event: WatchEvent<T>) => void

/** Objects of one list, and those who want to know of each change. */
export interface Cache<T extends KubeObject> {
  items(): readonly T[]
  get(ref: ObjectRef): T | undefined
  /** Takes over a whole list and reports how it differs from what was held. */
  replace(items: readonly T[]): void
  /** Takes over one event, reported as what it means for this cache: a repeated one means nothing. */
  apply(type: string, object: T): void
  /** Reports every change from now on, until the returned function is called. */
  follow(listener: Listener<T>): () => void
  /** Like `follow`, but first reports what is there as ADDED. */
  subscribe(listener: Listener<T>): () => void
}

export function createCache<T extends KubeObject>(): Cache<T> {
  const held = new Map<string, T>()
  const listeners = new Set<Listener<T>>()
  let snapshot: readonly T[] | undefined

  const report = (event: WatchEvent<T>): void => {
    snapshot = undefined
    for (const listener of listeners) tell(listener, event)
  }
  const remove = (key: string, object: T): void => {
    if (held.delete(key)) report({ type: 'DELETED', object })
  }
  const put = (key: string, object: T): void => {
    const old = held.get(key)
    if (old !== undefined && old.metadata.uid !== object.metadata.uid) remove(key, old)
    else if (old !== undefined && old.metadata.resourceVersion === object.metadata.resourceVersion) return
    const type = held.has(key) ? 'MODIFIED' : 'ADDED'
    held.set(key, object)
    report({ type, object })
  }
  const follow = (listener: Listener<T>): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
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
      for (const object of held.values()) tell(listener, { type: 'ADDED', object })
      return follow(listener)
    },
    follow,
  }
}

/** A listener's mistake must not end the stream of the others; it surfaces as an uncaught exception. */
function tell<T>(listener: Listener<T>, event: WatchEvent<T>): void {
  try {
    listener(event)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
