import {
  fieldSchema,
  undeclared,
  type ListSchema,
  type MapSchema,
  type MergeSchema,
} from '../managed-fields/merge-schema.ts'
import { isRecord } from '../object.ts'
import { badRequest, StatusError } from '../status-error.ts'
import { mergeInServerOrder, sameItem } from './element-order.ts'

type Fields = Readonly<Record<string, unknown>>

const patchDirective = '$patch'
const retainKeys = '$retainKeys'
const deleteFromList = '$deleteFromPrimitiveList/'
const elementOrder = '$setElementOrder/'

/**
 * Strategic merge patch of a built-in kind: like a merge patch, but lists with a merge key merge item by item. Knows the
 * directives `$patch` (replace, merge, delete), `$retainKeys`, `$deleteFromPrimitiveList/f` and `$setElementOrder/f`, none of
 * which gets into the result. Throws StatusError 400 for a directive that makes no sense, 500 for a list item without its
 * merge key.
 */
export function applyStrategicMergePatch<T>(object: T, patch: unknown, schema: MergeSchema): T {
  if (!isRecord(patch)) throw badRequest('a strategic merge patch is a JSON object')
  return mergeMap(isRecord(object) ? object : {}, patch, schema.map) as T
}

function mergeMap(original: Fields, patch: Fields, schema: MapSchema | undefined): Fields {
  const directive = patch[patchDirective]
  if (directive === 'replace') return withoutDirectives(patch)
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge') throw badPatchType(directive)
  const merged: Record<string, unknown> = retained(original, patch)
  for (const [key, value] of Object.entries(patch)) {
    if (key === patchDirective || key === retainKeys || key.startsWith(elementOrder)) continue
    if (key.startsWith(deleteFromList)) {
      deletePrimitives(merged, key.slice(deleteFromList.length), value)
      continue
    }
    if (value === null) {
      delete merged[key]
      continue
    }
    merged[key] = mergeValue(merged[key], value, innerSchema(schema, key))
  }
  for (const [key, order] of Object.entries(patch)) {
    if (key.startsWith(elementOrder))
      applyOrder(merged, original, key.slice(elementOrder.length), order, schema)
  }
  return merged
}

function innerSchema(schema: MapSchema | undefined, key: string): MergeSchema {
  return (schema && fieldSchema(schema, key)) ?? undeclared
}

function mergeValue(original: unknown, patch: unknown, schema: MergeSchema): unknown {
  if (isRecord(original) && isRecord(patch)) return mergeMap(original, patch, schema.map)
  if (Array.isArray(original) && Array.isArray(patch)) return mergeList(original, patch, schema.list)
  return stripped(patch)
}

/** `original` without the fields that `$retainKeys` does not name; those that are then merged must be named. */
function retained(original: Fields, patch: Fields): Record<string, unknown> {
  const keep = patch[retainKeys]
  if (keep === undefined) return { ...original }
  if (!Array.isArray(keep)) throw badRequest('invalid patch format of retainKeys')
  const unnamed = Object.entries(patch).some(
    ([key, value]) => value !== null && !key.startsWith('$') && !keep.includes(key),
  )
  if (unnamed) throw badRequest('invalid patch format of retainKeys')
  return Object.fromEntries(Object.entries(original).filter(([key]) => keep.includes(key)))
}

function deletePrimitives(merged: Record<string, unknown>, key: string, values: unknown): void {
  if (!Array.isArray(values)) throw badRequest('invalid patch format of primitive list')
  const list = merged[key]
  if (Array.isArray(list)) merged[key] = list.filter((item) => !values.includes(item))
}

function mergeList(
  original: readonly unknown[],
  patch: readonly unknown[],
  schema: ListSchema | undefined,
): unknown {
  const key = schema?.patchKey
  if (key === undefined) return patch.map(stripped)
  if (key === '') return mergePrimitives(original, patch)
  const { items, replace } = withoutSpecialItems(original, patch, key)
  if (replace) return items.fresh.map(stripped)
  const merged: unknown[] = [...items.kept]
  for (const item of items.fresh) {
    const at = merged.findIndex((other) => sameItem(other, item, key))
    if (at === -1) merged.push(stripped(item))
    else merged[at] = mergeMap(merged[at] as Fields, item, schema?.items.map)
  }
  return mergeInServerOrder(merged, items.fresh, original, key)
}

function mergePrimitives(original: readonly unknown[], patch: readonly unknown[]): unknown[] {
  return mergeInServerOrder([...new Set([...original, ...patch])], patch, original, '')
}

interface SplitItems {
  readonly items: { readonly kept: readonly unknown[]; readonly fresh: readonly Fields[] }
  readonly replace: boolean
}

/** Carries out the items that are directives and gives the others. */
function withoutSpecialItems(
  original: readonly unknown[],
  patch: readonly unknown[],
  key: string,
): SplitItems {
  const fresh: Fields[] = []
  let kept = original
  let replace = false
  for (const item of patch) {
    if (!isRecord(item)) throw badRequest('invalid patch: a list with a merge key holds maps')
    const directive = item[patchDirective]
    if (directive === 'replace') replace = true
    else if (directive === undefined || directive === 'delete') {
      if (item[key] === undefined) throw noMergeKey(item, key)
      if (directive === undefined) fresh.push(item)
      else kept = kept.filter((other) => !sameItem(other, item, key))
    } else if (directive === 'merge') throw badRequest('merging lists cannot yet be specified in the patch')
    else throw badPatchType(directive)
  }
  return { items: { kept, fresh }, replace }
}

/** Puts the items that `$setElementOrder` names into its order, and the others between them as they were. */
function applyOrder(
  merged: Record<string, unknown>,
  original: Fields,
  key: string,
  order: unknown,
  schema: MapSchema | undefined,
): void {
  const list = merged[key]
  const mergeKey = innerSchema(schema, key).list?.patchKey
  if (!Array.isArray(order)) throw badRequest('invalid patch format of setElementOrder list')
  if (!Array.isArray(list) || mergeKey === undefined) return
  const before = Array.isArray(original[key]) ? original[key] : []
  merged[key] = mergeInServerOrder(list, order, before, mergeKey)
}

/** A value that is new as a whole: directives in it have nothing to act on, and nulls nothing to remove. */
function stripped(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !isMarker(item)).map(stripped)
  }
  return isRecord(value) ? withoutDirectives(value) : value
}

/** A list item that says something about the list and is none of it. */
function isMarker(item: unknown): boolean {
  if (!isRecord(item) || item[patchDirective] === undefined) return false
  return item[patchDirective] === 'delete' || Object.keys(item).length === 1
}

function withoutDirectives(fields: Fields): Fields {
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    if (value !== null && !isDirective(key)) kept[key] = stripped(value)
  }
  return kept
}

function isDirective(key: string): boolean {
  return (
    key === patchDirective ||
    key === retainKeys ||
    key.startsWith(deleteFromList) ||
    key.startsWith(elementOrder)
  )
}

function badPatchType(type: unknown): StatusError {
  return new StatusError(500, '', `unknown patch type: ${String(type)}`)
}

function noMergeKey(item: Fields, key: string): StatusError {
  return new StatusError(500, '', `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`)
}
