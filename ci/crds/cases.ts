import { isRecord } from '../../src/embedded/apiserver/object.ts'
import type { JsonSchema } from '../../src/embedded/apiserver/schema/json-schema.ts'
import { placesOf, settle, valueAt, withValue, type Place, type Step } from './place.ts'
import { fullSample, sample, sampleItem } from './sample.ts'

/** One write to judge: a creation, or an update of `old`. */
export interface Case {
  readonly title: string
  readonly object: unknown
  readonly old?: unknown
}

export interface Header {
  readonly apiVersion: string
  readonly kind: string
}

/** Writes that touch every bound, enum, pattern, default, required field and rule of a schema. */
export function casesOf(schema: JsonSchema, header: Header): Case[] {
  const seed = {
    ...header,
    metadata: { name: 'sample', namespace: 'default' },
    spec: sample(schema.properties?.['spec'] ?? {}),
  }
  const cases: Case[] = [
    { title: 'seed', object: seed },
    { title: 'seed unchanged', object: seed, old: seed },
  ]
  for (const place of placesOf(schema)) {
    if (place.path.length === 0) continue
    const settled = settle(schema, seed, place.path, valueAt(seed, place.path) ?? sample(place.schema))
    cases.push(...placeCases(schema, place, settled))
  }
  return cases
}

function placeCases(root: JsonSchema, place: Place, settled: unknown): Case[] {
  const at = place.path.join('.')
  const put = (value: unknown): unknown => withValue(root, settled, place.path, value)
  const values = [
    ...valueVariants(place.schema),
    ...shapeVariants(place.schema, valueAt(settled, place.path)),
  ]
  const cases: Case[] = [
    { title: `${at} as it should be`, object: settled },
    { title: `${at} missing`, object: put(undefined) },
    { title: `${at} taken away`, object: put(undefined), old: settled },
    { title: `${at} added`, object: settled, old: put(undefined) },
  ]
  for (const [what, value] of values) {
    cases.push(
      { title: `${at} ${what}`, object: put(value) },
      { title: `${at} becomes ${what}`, object: put(value), old: settled },
    )
    // An invalid value that stays is forgiven while something else changes.
    cases.push({ title: `${at} stays ${what}`, object: labelled(put(value)), old: put(value) })
  }
  return [...cases, ...ruleCases(root, place, settled)]
}

function labelled(object: unknown): unknown {
  return isRecord(object) && isRecord(object['metadata'])
    ? { ...object, metadata: { ...object['metadata'], labels: { changed: 'yes' } } }
    : object
}

type Variant = readonly [what: string, value: unknown]

const otherTypes: readonly unknown[] = ['text', 7, 1.5, true, [], {}, null]

function valueVariants(schema: JsonSchema): Variant[] {
  const variants: Variant[] = otherTypes.map((value) => [`is ${JSON.stringify(value)}`, value])
  for (const value of schema.enum ?? []) variants.push([`is ${JSON.stringify(value)}`, value])
  if (schema.enum !== undefined) variants.push(['is none of the enum', 'NoneOfThese'])
  if (schema.pattern !== undefined || schema.format !== undefined) {
    for (const text of ['', 'UPPER_case', '-a', 'a-', 'a b', 'a:b:c', 'h:1', '1s', '12345678901']) {
      variants.push([`is ${JSON.stringify(text)}`, text])
    }
  }
  return [...variants, ...lengthVariants(schema), ...boundVariants(schema)]
}

function lengthVariants(schema: JsonSchema): Variant[] {
  const lengths = [schema.minLength, schema.maxLength].filter((bound) => bound !== undefined)
  return lengths
    .flatMap((bound) => [bound - 1, bound, bound + 1])
    .filter((length) => length >= 0)
    .map((length) => [`has ${length} characters`, 'a'.repeat(length)])
}

function boundVariants(schema: JsonSchema): Variant[] {
  const bounds = [schema.minimum, schema.maximum].filter((bound) => bound !== undefined)
  const formats = schema.format === 'int32' ? [2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1] : []
  return [...bounds.flatMap((bound) => [bound - 1, bound, bound + 1]), ...formats].map((value) => [
    `is ${value}`,
    value,
  ])
}

function shapeVariants(schema: JsonSchema, value: unknown): Variant[] {
  const variants: Variant[] = []
  if (schema.items !== undefined) {
    const count = Math.max(schema.minItems ?? 0, 2)
    const items = Array.from({ length: count }, (_, index) => sampleItem(schema, index))
    variants.push(['has two items', items], ['repeats an item', [items[0], ...items]], ['holds null', [null]])
    if ((schema.minItems ?? 0) > 1) variants.push(['has too few items', items.slice(1)])
  }
  if (!isRecord(value)) return variants
  variants.push(['has an unknown field', { ...value, unknownField: 1 }])
  for (const key of schema.required ?? []) {
    variants.push([
      `lacks ${key}`,
      Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)),
    ])
  }
  return variants
}

/** Presence of each optional property, alone and in pairs; and every change of a property of the old object. */
function ruleCases(root: JsonSchema, place: Place, settled: unknown): Case[] {
  if ((place.schema['x-kubernetes-validations'] ?? []).length === 0) return []
  const at = place.path.join('.')
  const value = valueAt(settled, place.path)
  const put = (next: unknown): unknown => withValue(root, settled, place.path, next)
  if (!isRecord(value)) {
    const next = other(place.schema, value)
    return [{ title: `${at} changes`, object: put(next), old: settled }]
  }
  const properties = Object.entries(place.schema.properties ?? {})
  const cases: Case[] = []
  const required = new Set(place.schema.required ?? [])
  const bare = Object.fromEntries(Object.entries(value).filter(([key]) => required.has(key)))
  cases.push({ title: `${at} with nothing optional`, object: put(bare) })
  const filled = properties.map(([key, property]) => [key, fullSample(property), property] as const)
  for (const [key, one, property] of filled) {
    cases.push({ title: `${at} with ${key} alone`, object: put({ ...bare, [key]: one }) })
    for (const [second, two] of filled) {
      if (second > key)
        cases.push({
          title: `${at} with ${key} and ${second}`,
          object: put({ ...bare, [key]: one, [second]: two }),
        })
    }
    for (const step of property.enum ?? [])
      cases.push(...enumCases(at, put, { ...bare, [key]: step }, filled))
    cases.push(...changeCases(`${at} ${key}`, put, value, [key, one, property]))
  }
  return cases
}

/** A property that changes, appears or goes, with the rest of its object as it was. */
function changeCases(
  title: string,
  put: (next: unknown) => unknown,
  value: Readonly<Record<string, unknown>>,
  [key, filled, property]: readonly [string, unknown, JsonSchema],
): Case[] {
  const set = put({ ...value, [key]: filled })
  const changed = put({ ...value, [key]: other(property, filled) })
  const foreign = put({
    ...value,
    [key]: property.enum === undefined ? other(property, filled) : 'NoneOfThese',
  })
  const without = put(Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)))
  return [
    { title: `${title} changes`, object: changed, old: set },
    { title: `${title} was another`, object: set, old: foreign },
    { title: `${title} appears`, object: set, old: without },
    { title: `${title} goes`, object: without, old: set },
  ]
}

function enumCases(
  at: string,
  put: (next: unknown) => unknown,
  base: Readonly<Record<string, unknown>>,
  filled: readonly (readonly [string, unknown, JsonSchema])[],
): Case[] {
  const title = `${at} ${JSON.stringify(base)}`
  const alone: Case = { title, object: put(base) }
  return [
    alone,
    ...filled.map(([key, value]) => ({
      title: `${title} with ${key}`,
      object: put({ [key]: value, ...base }),
    })),
  ]
}

/** A value of the same type that differs from `value`. */
function other(schema: JsonSchema, value: unknown): unknown {
  if (schema.enum !== undefined) return schema.enum.find((one) => one !== value) ?? value
  if (typeof value === 'string') return `${value}2`
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (Array.isArray(value)) return [...value, sampleItem(schema, value.length)]
  if (!isRecord(value)) return sample(schema)
  const [key, child] = firstChangeable(schema, value)
  return key === undefined ? { ...value, key: 'other' } : { ...value, [key]: other(child ?? {}, value[key]) }
}

function firstChangeable(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
): readonly [Step | undefined, JsonSchema | undefined] {
  const key = Object.keys(value).find((name) => schema.properties?.[name] !== undefined)
  return [key, key === undefined ? undefined : schema.properties?.[key]]
}
