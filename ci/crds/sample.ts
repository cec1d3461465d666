import { loadCelEngine } from '../../src/embedded/apiserver/schema/cel-engine.ts'
import { findRules, runRules } from '../../src/embedded/apiserver/schema/cel-rules.ts'
import { compileCheck } from '../../src/embedded/apiserver/schema/check-schema.ts'
import type { Run } from '../../src/embedded/apiserver/schema/check.ts'
import { additionalSchema, type JsonSchema } from '../../src/embedded/apiserver/schema/json-schema.ts'
import { createMatcher } from '../../src/embedded/apiserver/schema/pattern-matcher.ts'

const engine = await loadCelEngine()
const matcher = createMatcher()

/** How many things are wrong with `value` by `schema` alone, rules included. */
export function faults(schema: JsonSchema, value: unknown): number {
  const run: Run = { path: [], errors: [] }
  compileCheck(schema, matcher.test)(value, undefined, run)
  const rules = findRules(schema)
  if (run.errors.length === 0 && rules !== undefined) runRules(rules, value, undefined, engine, run)
  return run.errors.length
}

/** Texts of the forms that patterns and formats of Kubernetes definitions ask for. */
const texts = [
  'a',
  'a1',
  'http://a.b/c',
  'h:26657',
  '1s',
  '1',
  '2026-01-02T03:04:05Z',
  'A',
  'a/b',
  'YWI=',
  'a b',
  '',
]

/** A value that `schema` accepts, as small as it can be; rules are met by adding one optional property. */
export function sample(schema: JsonSchema): unknown {
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.default !== undefined) return schema.default
  if (schema['x-kubernetes-int-or-string'] === true) return 1
  switch (schema.type) {
    case 'string':
      return sampleText(schema)
    case 'integer':
    case 'number':
      return Math.min(Math.max(schema.minimum ?? 1, 1), schema.maximum ?? Infinity)
    case 'boolean':
      return true
    case 'array':
      return Array.from({ length: Math.max(schema.minItems ?? 1, 1) }, (_, index) =>
        sampleItem(schema, index),
      )
    case 'object':
      return sampleObject(schema)
    default:
      return { any: 1 }
  }
}

function sampleText(schema: JsonSchema): string {
  const long = texts.map((text) => text.padEnd(schema.minLength ?? 0, 'a'))
  return [...texts, ...long].find((text) => faults(schema, text) === 0) ?? 'a'
}

/** Items after the first differ from it, so that sets and keyed lists hold. */
export function sampleItem(list: JsonSchema, index: number): unknown {
  const first = sample(list.items ?? {})
  if (index === 0) return first
  if (typeof first === 'string') return `${first}${index}`
  if (typeof first === 'number') return first + index
  const keys = list['x-kubernetes-list-map-keys'] ?? []
  if (typeof first !== 'object' || first === null) return first
  const changed = keys.map((key) => [key, `${String((first as Record<string, unknown>)[key])}${index}`])
  return { ...first, ...Object.fromEntries(changed) }
}

function sampleObject(schema: JsonSchema): Record<string, unknown> {
  const properties = schema.properties ?? {}
  const required = (schema.required ?? []).map((key) => [key, sample(properties[key] ?? {})] as const)
  const base: Record<string, unknown> = Object.fromEntries(required)
  const additional = additionalSchema(schema)
  if (additional !== undefined) base['key'] = sample(additional)
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) base['any'] = 1
  if (faults(schema, base) === 0) return base
  for (const [key, property] of Object.entries(properties)) {
    for (const variant of withEnums({ ...base, [key]: sample(property) }, schema)) {
      if (faults(schema, variant) === 0) return variant
    }
  }
  return base
}

/** Like `sample`, with every optional property that does no harm. */
export function fullSample(schema: JsonSchema): unknown {
  const base = sample(schema)
  if (schema.properties === undefined || typeof base !== 'object' || base === null) return base
  let full: Record<string, unknown> = { ...base }
  for (const [key, property] of Object.entries(schema.properties)) {
    const candidate = { ...full, [key]: fullSample(property) }
    if (faults(schema, candidate) <= faults(schema, full)) full = candidate
  }
  return full
}

/** The object itself, and with every other value of each of its enumerated properties. */
export function withEnums(
  object: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
): Record<string, unknown>[] {
  const variants: Record<string, unknown>[] = [{ ...object }]
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (!Object.hasOwn(object, key)) continue
    for (const value of property.enum ?? []) variants.push({ ...object, [key]: value })
  }
  return variants
}
