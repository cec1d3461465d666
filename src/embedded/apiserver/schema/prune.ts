import { isRecord } from '../object.ts'
import { dottedPath, type Segment } from './field-path.ts'
import { additionalSchema, ownSchema, type JsonMap, type JsonSchema } from './json-schema.ts'
import { objectMetaFields } from './object-meta.ts'

/** What became of an object, and the paths of the fields that its schema does not know. */
export interface Pruned<T> {
  readonly object: T
  readonly unknownFields: readonly string[]
}

interface Walk {
  readonly path: Segment[]
  readonly unknown: string[]
}

/**
 * Removes what the schema of a resource does not know, without touching `object`: parts that stay are shared.
 * `apiVersion`, `kind` and the known fields of `metadata` always stay.
 */
export function pruneObject<T>(schema: JsonSchema, object: T): Pruned<T> {
  const walk: Walk = { path: [], unknown: [] }
  const pruned = pruneValue(object, schema, true, walk) as T
  return { object: pruned, unknownFields: walk.unknown }
}

function pruneValue(value: unknown, schema: JsonSchema | undefined, resource: boolean, walk: Walk): unknown {
  if (Array.isArray(value)) return pruneList(value, schema?.items, walk)
  if (!isRecord(value)) return value
  return pruneMap(value, schema ?? {}, resource || schema?.['x-kubernetes-embedded-resource'] === true, walk)
}

function pruneList(list: readonly unknown[], items: JsonSchema | undefined, walk: Walk): unknown {
  let kept: unknown[] | undefined
  for (const [index, item] of list.entries()) {
    if (typeof item !== 'object' || item === null) continue
    walk.path.push(index)
    const pruned = pruneValue(item, items, false, walk)
    walk.path.pop()
    if (pruned === item) continue
    kept ??= [...list]
    kept[index] = pruned
  }
  return kept ?? list
}

function pruneMap(map: JsonMap, schema: JsonSchema, resource: boolean, walk: Walk): JsonMap {
  let kept: Record<string, unknown> | undefined
  for (const key in map) {
    if (resource && (key === 'apiVersion' || key === 'kind')) continue
    const value = map[key]
    walk.path.push(key)
    const pruned = pruneField(key, value, schema, resource, walk)
    walk.path.pop()
    if (pruned === value) continue
    kept ??= { ...map }
    if (pruned === undefined) delete kept[key]
    else kept[key] = pruned
  }
  return kept ?? map
}

/** The value to keep, or `undefined` when the field goes. */
function pruneField(key: string, value: unknown, schema: JsonSchema, resource: boolean, walk: Walk): unknown {
  if (resource && key === 'metadata') return pruneMetadata(value, walk)
  const known = ownSchema(schema.properties, key) ?? additionalSchema(schema)
  if (known !== undefined) {
    return typeof value === 'object' && value !== null ? pruneValue(value, known, false, walk) : value
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true) {
    return value
  }
  walk.unknown.push(dottedPath(walk.path))
  return undefined
}

function pruneMetadata(value: unknown, walk: Walk): unknown {
  if (!isRecord(value)) return value
  let kept: Record<string, unknown> | undefined
  for (const key in value) {
    if (objectMetaFields.has(key)) continue
    walk.unknown.push(dottedPath([...walk.path, key]))
    kept ??= { ...value }
    delete kept[key]
  }
  return kept ?? value
}
