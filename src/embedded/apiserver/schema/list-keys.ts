import { toJson } from '../json.ts'
import { isRecord } from '../object.ts'
import { ownSchema, type JsonSchema } from './json-schema.ts'

/** The keys that identify an item of a `list-type: map`, as one comparable text; `undefined` when it is no map. */
export function itemKey(item: unknown, list: JsonSchema): string | undefined {
  return isRecord(item) ? toJson(Object.entries(itemKeys(item, list))) : undefined
}

/** Key fields of an item with their values; a missing one takes its default. */
export function itemKeys(item: Readonly<Record<string, unknown>>, list: JsonSchema): Record<string, unknown> {
  const keys: Record<string, unknown> = {}
  for (const name of list['x-kubernetes-list-map-keys'] ?? []) {
    const value = Object.hasOwn(item, name) ? item[name] : ownSchema(list.items?.properties, name)?.default
    if (value !== undefined) keys[name] = value
  }
  return keys
}

/** Looks up old items of a `list-type: map` by their keys; items of other lists have no counterpart. */
export function correlateItems(list: JsonSchema, old: unknown): (item: unknown) => unknown {
  if (list['x-kubernetes-list-type'] !== 'map' || !Array.isArray(old)) return () => undefined
  const byKey = new Map<string, unknown>()
  for (const item of old) {
    const key = itemKey(item, list)
    if (key !== undefined && !byKey.has(key)) byKey.set(key, item)
  }
  return (item) => {
    const key = itemKey(item, list)
    return key === undefined ? undefined : byKey.get(key)
  }
}
