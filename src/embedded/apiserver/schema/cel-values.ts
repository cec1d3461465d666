import type { CelInput } from '@bufbuild/cel'
import type { CelEngine } from './cel-engine.ts'
import { propertyNames } from './cel-escape.ts'
import { deepEqual, isRecord } from '../object.ts'
import { additionalSchema, ownSchema, type JsonMap, type JsonSchema } from './json-schema.ts'
import { correlateItems } from './list-keys.ts'

/**
 * A JSON value as CEL sees it through its schema: integers are ints, times and durations are their own types,
 * properties have their escaped names. Values without schema are dynamic, where a number without fraction is an int.
 */
export function toCelValue(value: unknown, schema: JsonSchema | undefined, engine: CelEngine): CelInput {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return toNumber(value, schema)
  if (typeof value === 'bigint') return schema?.type === 'number' ? Number(value) : value
  if (typeof value === 'string') return toText(value, schema?.format, engine)
  if (Array.isArray(value)) return value.map((item) => toCelValue(item, schema?.items, engine))
  return isRecord(value) ? toCelMap(value, schema, engine) : String(value)
}

function toNumber(value: number, schema: JsonSchema | undefined): CelInput {
  return schema?.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value
}

function toText(value: string, format: string | undefined, engine: CelEngine): CelInput {
  if (format === 'date-time' || format === 'datetime') return engine.timestamp(value)
  if (format === 'duration') return engine.duration(value)
  return format === 'byte' ? Buffer.from(value, 'base64') : value
}

function toCelMap(map: JsonMap, schema: JsonSchema | undefined, engine: CelEngine): CelInput {
  const out = new Map<string, CelInput>()
  const additional = schema === undefined ? undefined : additionalSchema(schema)
  for (const key in map) {
    const property = ownSchema(schema?.properties, key)
    const value = toCelValue(map[key], property ?? additional, engine)
    if (property === undefined) out.set(key, value)
    else for (const name of propertyNames(key)) out.set(name, value)
  }
  return out
}

/** What rules at the root see of an object: its metadata holds only the two names. */
export function rootView(object: unknown): unknown {
  if (!isRecord(object) || !isRecord(object['metadata'])) return object
  const { name, generateName } = object['metadata']
  const metadata = {
    ...(name === undefined ? {} : { name }),
    ...(generateName === undefined ? {} : { generateName }),
  }
  return { ...object, metadata }
}

/**
 * `old` with the items of its sets and keyed lists in the order in which `value` has them, since CEL's `==` must not
 * see the order of such lists.
 */
export function alignOrder(old: unknown, value: unknown, schema: JsonSchema | undefined): unknown {
  if (schema === undefined) return old
  if (Array.isArray(old)) return Array.isArray(value) ? alignList(old, value, schema) : old
  if (!isRecord(old) || !isRecord(value)) return old
  const additional = additionalSchema(schema)
  const aligned: Record<string, unknown> = {}
  for (const key in old) {
    aligned[key] = alignOrder(old[key], value[key], ownSchema(schema.properties, key) ?? additional)
  }
  return aligned
}

function alignList(old: readonly unknown[], value: readonly unknown[], schema: JsonSchema): unknown {
  const listType = schema['x-kubernetes-list-type']
  if (listType !== 'set' && listType !== 'map') return old
  const oldItemOf =
    listType === 'map'
      ? correlateItems(schema, old)
      : (item: unknown) => old.find((one) => deepEqual(one, item))
  const first: unknown[] = []
  const taken = new Set<unknown>()
  for (const item of value) {
    const match = oldItemOf(item)
    if (match === undefined || taken.has(match)) continue
    taken.add(match)
    first.push(alignOrder(match, item, schema.items))
  }
  return [...first, ...old.filter((item) => !taken.has(item))]
}
