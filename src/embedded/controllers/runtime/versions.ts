import type { ObjectRef } from '../../../contract/kinds.ts'
import type { KubeObject } from '../../../contract/objects.ts'
import { keyOf, refOf } from './keys.ts'
import { controllerOf } from './owners.ts'

/** The newest known version of each object, found by name and by controller owner. */
export interface Versions<T extends KubeObject> {
  get(ref: ObjectRef): T | undefined
  all(): Iterable<T>
  ownedBy(uid: string): T[]
  /** Takes a version in, unless a newer one of that name is known. */
  put(object: T): void
  /** Takes an object out for good: a version of it that comes in late does not bring it back. */
  drop(object: T): void
  isGone(object: T): boolean
}

/** Uids of the dead are kept until answers to writes on them can no longer be under way. */
const remembered = 1_000

export function createVersions<T extends KubeObject>(): Versions<T> {
  const current = new Map<string, T>()
  const owned = new Map<string, Set<string>>()
  const gone = new Set<string>()

  const unindex = (key: string, object: T): void => {
    const owner = controllerOf(object)?.uid
    if (owner === undefined) return
    const keys = owned.get(owner)
    keys?.delete(key)
    if (keys?.size === 0) owned.delete(owner)
  }
  const index = (key: string, object: T): void => {
    const owner = controllerOf(object)?.uid
    if (owner === undefined) return
    const keys = owned.get(owner) ?? new Set()
    owned.set(owner, keys.add(key))
  }
  return {
    get: (ref) => current.get(keyOf(ref)),
    all: () => current.values(),
    ownedBy: (uid) => [...(owned.get(uid) ?? [])].flatMap((key) => current.get(key) ?? []),
    put(object) {
      const key = keyOf(refOf(object))
      const known = current.get(key)
      if (known !== undefined && versionOf(known) > versionOf(object)) return
      if (known !== undefined) unindex(key, known)
      current.set(key, object)
      index(key, object)
    },
    drop(object) {
      remember(gone, object.metadata.uid ?? '')
      const key = keyOf(refOf(object))
      const known = current.get(key)
      // Another object by this name may be there already: we wrote it and the watch has yet to tell.
      if (known === undefined || known.metadata.uid !== object.metadata.uid) return
      unindex(key, known)
      current.delete(key)
    },
    isGone: (object) => gone.has(object.metadata.uid ?? ''),
  }
}

function remember(uids: Set<string>, uid: string): void {
  uids.add(uid)
  const oldest = uids.values().next().value
  if (uids.size > remembered && oldest !== undefined) uids.delete(oldest)
}

/** Kubernetes orders the versions of one object by number since 1.35. */
function versionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? 0)
}
