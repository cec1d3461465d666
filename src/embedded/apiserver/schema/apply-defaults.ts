import { isRecord } from '../object.ts'
import { additionalSchema, ownSchema, type JsonMap, type JsonSchema } from './json-schema.ts'

/**
 * Fills in defaults, parents before children, without touching `object`: parts that stay are shared. A null that its
 * schema does not allow becomes the default, or goes if there is none. A missing parent without default stays missing.
 */
export function applySchemaDefaults<T>(schema: JsonSchema, object: T): T {
  return fill(object, schema) as T
}

function fill(value: unknown, schema: JsonSchema | undefined): unknown {
  if (schema === undefined || typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? fillList(value, schema.items) : fillMap(value as JsonMap, schema)
}

function fillList(list: readonly unknown[], items: JsonSchema | undefined): unknown {
  if (items === undefined) return list
  let filled: unknown[] | undefined
  for (const [index, item] of list.entries()) {
    // A null item without default stays for the validator to refuse.
    const result = isForbiddenNull(item, items) ? (defaultOf(items) ?? item) : fill(item, items)
    if (result === item) continue
    filled ??= [...list]
    filled[index] = result
  }
  return filled ?? list
}

function fillMap(map: JsonMap, schema: JsonSchema): unknown {
  const additional = additionalSchema(schema)
  let filled: Record<string, unknown> | undefined
  for (const key in map) {
    const value = map[key]
    const known = ownSchema(schema.properties, key) ?? additional
    if (known === undefined) continue
    const result = isForbiddenNull(value, known) ? fill(defaultOf(known), known) : fill(value, known)
    if (result === value) continue
    filled ??= { ...map }
    if (result === undefined) delete filled[key]
    else filled[key] = result
  }
  for (const [key, property] of propertiesWithDefault(schema)) {
    if (Object.hasOwn(map, key)) continue
    filled ??= { ...map }
    filled[key] = fill(defaultOf(property), property)
  }
  return filled ?? map
}

function isForbiddenNull(value: unknown, schema: JsonSchema): boolean {
  return value === null && schema.nullable !== true
}

function defaultOf(schema: JsonSchema): unknown {
  return isRecord(schema.default) || Array.isArray(schema.default)
    ? structuredClone(schema.default)
    : schema.default
}

const defaulted = new WeakMap<JsonSchema, readonly (readonly [string, JsonSchema])[]>()

function propertiesWithDefault(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  const known = defaulted.get(schema)
  if (known !== undefined) return known
  const found = Object.entries(schema.properties ?? {}).filter(
    ([, property]) => property.default !== undefined,
  )
  defaulted.set(schema, found)
  return found
}
