import type { ObjectRef, ResourceType } from '../../../contract/kinds.ts'
import type { KubeObject } from '../../../contract/objects.ts'
import type { KubeClient, WatchEvent } from '../../../kube/types.ts'
import { keyOf, refOf } from './keys.ts'
import { controllerOf } from './owners.ts'

/** One change as the watch tells it; `before` is the previous version the watch told. */
export interface Change<T> {
  readonly before?: T | undefined
  readonly after?: T | undefined
}

/**
 * A controller's view of one type: the watch's cache, ahead of it by what this process wrote itself, so that a reconcile
 * never acts on a version older than its own last write. Objects are shared: never change one.
 */
export interface Store<T extends KubeObject> {
  readonly type: ResourceType
  readonly ready: Promise<void>
  get(ref: ObjectRef): T | undefined
  all(): Iterable<T>
  inNamespace(namespace: string): T[]
  /** Objects whose controller owner has this uid. */
  ownedBy(uid: string): T[]
  /** Takes in what a write of ours returned. */
  note(object: T): T
  /** Takes in that a write of ours removed the object for good. */
  forget(object: T): void
  onChange(listener: (change: Change<T>) => void): void
  close(): void
}

export function openStore<T extends KubeObject>(kube: KubeClient, type: ResourceType): Store<T> {
  const watch = kube.watch<T>(type)
  const told = new Map<string, T>()
  const current = new Map<string, T>()
  const owned = new Map<string, Set<string>>()
  const gone = new Set<string>()
  const listeners: ((change: Change<T>) => void)[] = []

  const unindex = (key: string, object: T): void => {
    const owner = controllerOf(object)?.uid
    if (owner === undefined) return
    const keys = owned.get(owner)
    keys?.delete(key)
    if (keys?.size === 0) owned.delete(owner)
  }
  const put = (object: T): void => {
    const key = keyOf(refOf(object))
    const known = current.get(key)
    if (known !== undefined && versionOf(known) > versionOf(object)) return
    if (known !== undefined) unindex(key, known)
    current.set(key, object)
    const owner = controllerOf(object)?.uid
    if (owner === undefined) return
    const keys = owned.get(owner)
    if (keys === undefined) owned.set(owner, new Set([key]))
    else keys.add(key)
  }
  const drop = (object: T): void => {
    remember(gone, object.metadata.uid ?? '')
    const key = keyOf(refOf(object))
    const known = current.get(key)
    // Another object by this name may be there already: we wrote it and the watch has yet to tell.
    if (known === undefined || known.metadata.uid !== object.metadata.uid) return
    unindex(key, known)
    current.delete(key)
  }
  const take = (event: WatchEvent<T>): void => {
    const key = keyOf(refOf(event.object))
    const before = told.get(key)
    if (event.type === 'DELETED') {
      told.delete(key)
      drop(event.object)
      notify(listeners, { before: event.object })
      return
    }
    told.set(key, event.object)
    put(event.object)
    notify(listeners, { before, after: event.object })
  }
  const unsubscribe = watch.subscribe(take)
  return {
    type,
    ready: watch.ready,
    get: (ref) => current.get(keyOf(ref)),
    all: () => current.values(),
    inNamespace: (namespace) =>
      [...current.values()].filter((object) => object.metadata.namespace === namespace),
    ownedBy: (uid) => [...(owned.get(uid) ?? [])].flatMap((key) => current.get(key) ?? []),
    note(object) {
      // The answer to a write may come after the news that the object has gone since.
      if (!gone.has(object.metadata.uid ?? '')) put(object)
      return object
    },
    forget: drop,
    onChange(listener) {
      listeners.push(listener)
      for (const after of told.values()) listener({ after })
    },
    close() {
      unsubscribe()
      watch.close()
    },
  }
}

/** Uids of the dead are kept until answers to writes on them can no longer be under way. */
const remembered = 1_000

function remember(uids: Set<string>, uid: string): void {
  uids.add(uid)
  const oldest = uids.values().next().value
  if (uids.size > remembered && oldest !== undefined) uids.delete(oldest)
}

function notify<T>(listeners: readonly ((change: Change<T>) => void)[], change: Change<T>): void {
  for (const listener of listeners) listener(change)
}

/** Kubernetes orders the versions of one object by number since 1.35. */
function versionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? 0)
}
