import { isDeepStrictEqual } from 'node:util'

import type { KubeObject } from '../../../contract/objects.ts'
import type { KubeClient } from '../../../kube/types.ts'
import { refOf } from './keys.ts'
import type { Store } from './store.ts'

interface WithStatus extends KubeObject {
  status?: object
}

/**
 * Writes what changed of an object's status, one field of `.status` at a time, and nothing when nothing did. A status has
 * one writer, so the patch names no resourceVersion: edits of the spec in between must not make it fail. It names the uid,
 * so that it never lands on a successor of the same name (409).
 */
export async function writeStatus<T extends WithStatus>(
  kube: KubeClient,
  store: Store<T>,
  before: T,
  status: object,
  fieldManager: string,
): Promise<T> {
  const changes = changedFields(before.status ?? {}, status)
  if (changes === undefined) return before
  const body = { metadata: { uid: before.metadata.uid }, status: changes }
  const written = await kube.patch<T>(store.type, refOf(before), body, {
    type: 'merge',
    subresource: 'status',
    fieldManager,
  })
  return store.note(written)
}

/** The merge patch from `before` to `after`, whole values for fields that differ; `undefined` when none does. */
export function changedFields(before: object, after: object): Record<string, unknown> | undefined {
  const old = new Map(Object.entries(before))
  const changes: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(after)) {
    const earlier = old.get(field)
    old.delete(field)
    if (value === undefined ? earlier !== undefined : !isDeepStrictEqual(earlier, value))
      changes[field] = mergeValue(earlier, value)
  }
  for (const [field, value] of old) if (value !== undefined) changes[field] = null
  return Object.keys(changes).length === 0 ? undefined : changes
}

/** A merge patch merges objects, so keys that are gone have to be named. */
function mergeValue(before: unknown, after: unknown): unknown {
  if (after === undefined) return null
  if (!isPlainObject(before) || !isPlainObject(after)) return after
  const gone = Object.keys(before).filter((key) => !(key in after) || after[key] === undefined)
  const merged = Object.entries(after).map(([key, value]): [string, unknown] => [
    key,
    mergeValue(before[key], value),
  ])
  return Object.fromEntries([...merged, ...gone.map((key): [string, null] => [key, null])])
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
