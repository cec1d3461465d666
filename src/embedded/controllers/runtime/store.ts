import type { ObjectRef, ResourceType } from '../../../contract/kinds.ts'
import type { KubeObject } from '../../../contract/objects.ts'
import { isNotFound } from '../../../kube/errors.ts'
import type { KubeClient } from '../../../kube/types.ts'
import { keyOf, refOf } from './keys.ts'
import { createVersions } from './versions.ts'

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

/** @param options.optional a type that the server does not serve reads as one without objects */
export function openStore<T extends KubeObject>(
  kube: KubeClient,
  type: ResourceType,
  options: { readonly optional?: boolean } = {},
): Store<T> {
  const watch = kube.watch<T>(type)
  const versions = createVersions<T>()
  /** What the watch told last, whatever we wrote in between. */
  const told = new Map<string, T>()
  const listeners: ((change: Change<T>) => void)[] = []
  const notify = (change: Change<T>): void => {
    for (const listener of listeners) listener(change)
  }
  const unsubscribe = watch.subscribe(({ type, object }) => {
    const key = keyOf(refOf(object))
    const before = told.get(key)
    if (type === 'DELETED') {
      told.delete(key)
      versions.drop(object)
      notify({ before: object })
    } else {
      told.set(key, object)
      versions.put(object)
      notify({ before, after: object })
    }
  })
  return {
    type,
    ready: options.optional === true ? watch.ready.catch(unlessNotServed) : watch.ready,
    get: versions.get,
    inNamespace: (namespace) =>
      [...versions.all()].filter((object) => object.metadata.namespace === namespace),
    ownedBy: versions.ownedBy,
    note(object) {
      // The answer to a write may come after the news that the object has gone since.
      if (!versions.isGone(object)) versions.put(object)
      return object
    },
    forget: versions.drop,
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

function unlessNotServed(error: unknown): void {
  if (!isNotFound(error)) throw error
}
