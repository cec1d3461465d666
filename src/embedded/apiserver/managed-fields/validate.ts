import { toJson } from '../json.ts'
import { fieldsOf } from './compare.ts'
import { describeElement, itemElement } from './path-element.ts'
import {
  fieldSchema,
  formOf,
  type ListSchema,
  type MapSchema,
  type MergeSchema,
  type ScalarType,
} from './merge-schema.ts'

/** What of `value` does not fit the schema, as an apply refuses it: `.spec.x: field not declared in schema`. */
export function mismatches(value: unknown, schema: MergeSchema): string[] {
  const found: string[] = []
  check(value, schema, '', found)
  return found
}

function check(value: unknown, schema: MergeSchema, path: string, found: string[]): void {
  if (value === null || value === undefined) return
  const report = (text: string): void => void found.push(path === '' ? text : `${path}: ${text}`)
  const form = formOf(schema, value)
  if (form === 'map') {
    const fields = fieldsOf(value)
    if (fields === undefined) report(`expected map, got ${describe(value)}`)
    else if (schema.map !== undefined) checkMap(fields, schema.map, path, found)
  } else if (form === 'list') {
    if (!Array.isArray(value)) report(`expected list, got ${describe(value)}`)
    else if (schema.list !== undefined) checkList(value, schema.list, path, found)
  } else if (!fits(value, schema.scalar))
    report(`expected ${expectationOf(schema.scalar)}, got ${describe(value)}`)
}

function checkMap(
  fields: Readonly<Record<string, unknown>>,
  schema: MapSchema,
  path: string,
  found: string[],
): void {
  for (const key in fields) {
    const inner = fieldSchema(schema, key)
    if (inner === undefined) found.push(`${path}.${key}: field not declared in schema`)
    else check(fields[key], inner, `${path}.${key}`, found)
  }
}

function checkList(items: readonly unknown[], schema: ListSchema, path: string, found: string[]): void {
  const seen = new Set<string>()
  for (const [at, item] of items.entries()) {
    if (schema.type === 'atomic') {
      check(item, schema.items, `${path}[${at}]`, found)
      continue
    }
    const element = itemElement(item, schema)
    if (element === undefined) {
      found.push(`${path}: element ${at}: ${whyNoElement(item, schema)}`)
      return
    }
    const shown = describeElement(element)
    if (seen.has(element)) found.push(`${path}: duplicate entries for key ${shown}`)
    seen.add(element)
    check(item, schema.items, `${path}${shown}`, found)
  }
}

function whyNoElement(item: unknown, schema: ListSchema): string {
  if (schema.type === 'set') {
    if (item === null) return "associative list without keys has an element that's an explicit null"
    return Array.isArray(item)
      ? 'not supported: associative list with lists as elements'
      : "associative list without keys has an element that's a map type"
  }
  if (item === null) return 'associative list with keys may not have a null element'
  if (fieldsOf(item) === undefined) return 'associative list with keys may not have non-map elements'
  const keys = `[${schema.keys.map((key) => JSON.stringify(key)).join(' ')}]`
  return `associative list with keys has an element that omits all key fields ${keys} (and doesn't have default values for any key fields)`
}

function fits(value: unknown, type: ScalarType | undefined): boolean {
  if (typeof value === 'object') return false
  return (
    type === 'any' || type === undefined || (typeof value === 'bigint' ? 'number' : typeof value) === type
  )
}

function expectationOf(type: ScalarType | undefined): string {
  if (type === 'number') return 'numeric (int or float)'
  return type === 'any' || type === undefined ? 'any scalar' : type
}

/** Values as Go's `%v` shows them, near enough for a message. */
function describe(value: unknown): string {
  return typeof value === 'object' ? toJson(value) : `&{${String(value)}}`
}
