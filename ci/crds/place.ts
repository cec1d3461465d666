import { isRecord } from '../../src/embedded/apiserver/object.ts'
import { additionalSchema, type JsonSchema } from '../../src/embedded/apiserver/schema/json-schema.ts'
import { faults, sample, withEnums } from './sample.ts'

/** A step from an object to a part of it: a property or key, or the first item of a list. */
export type Step = string | 0

export interface Place {
  readonly schema: JsonSchema
  readonly path: readonly Step[]
}

/** Every place of a schema, as paths into objects; one key stands for all keys of a map, one item for all of a list. */
export function placesOf(schema: JsonSchema, path: readonly Step[] = []): Place[] {
  const additional = additionalSchema(schema)
  const below = (child: JsonSchema, step: Step): Place[] => placesOf(child, [...path, step])
  return [
    { schema, path },
    ...Object.entries(schema.properties ?? {})
      .filter(([key]) => path.length > 0 || (key !== 'metadata' && key !== 'kind' && key !== 'apiVersion'))
      .flatMap(([key, child]) => below(child, key)),
    ...(additional === undefined ? [] : below(additional, 'key')),
    ...(schema.items === undefined ? [] : below(schema.items, 0)),
  ]
}

function childOf(schema: JsonSchema, step: Step): JsonSchema {
  if (step === 0) return schema.items ?? {}
  return schema.properties?.[step] ?? additionalSchema(schema) ?? {}
}

export function valueAt(object: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (step === 0) return Array.isArray(value) ? value[0] : undefined
    return isRecord(value) ? value[step] : undefined
  }, object)
}

/** `undefined` as value takes the part away. Parents that are missing are made from samples. */
export function withValue(schema: JsonSchema, base: unknown, path: readonly Step[], value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (step === 0) {
    const list = Array.isArray(base) && base.length > 0 ? [...base] : [sample(schema.items ?? {})]
    list[0] = withValue(childOf(schema, step), list[0], rest, value)
    return list
  }
  const object = isRecord(base) ? { ...base } : { ...(sample(schema) as Record<string, unknown>) }
  const child = withValue(childOf(schema, step), object[step], rest, value)
  if (child === undefined) delete object[step]
  else object[step] = child
  return object
}

/**
 * An object that has `value` at `path` and is otherwise as valid as can be: at each level of the path optional siblings
 * go, and enumerated ones change, where that leaves fewer faults.
 */
export function settle(schema: JsonSchema, base: unknown, path: readonly Step[], value: unknown): unknown {
  let best = withValue(schema, base, path, value)
  for (let depth = 1; depth <= path.length; depth++) {
    const parent = path.slice(0, depth - 1)
    const kept = path[depth - 1] ?? 0
    for (const variant of variants(schemaAt(schema, parent), valueAt(best, parent), kept)) {
      const candidate = withValue(schema, best, parent, variant)
      if (faults(schema, candidate) < faults(schema, best)) best = candidate
    }
  }
  return best
}

function schemaAt(schema: JsonSchema, path: readonly Step[]): JsonSchema {
  return path.reduce<JsonSchema>(childOf, schema)
}

function variants(schema: JsonSchema, object: unknown, kept: Step): unknown[] {
  if (!isRecord(object)) return []
  const keep = new Set<Step>([kept, ...(schema.required ?? [])])
  const bare = Object.fromEntries(Object.entries(object).filter(([key]) => keep.has(key)))
  const optional = Object.keys(schema.properties ?? {}).filter((key) => !Object.hasOwn(bare, key))
  const helped = optional.map((key) => ({ ...bare, [key]: sample(schema.properties?.[key] ?? {}) }))
  return [...withEnums(object, schema), ...withEnums(bare, schema), ...helped]
}
