import { fieldTables } from '../../../apiserver/kinds/field-tables.ts'
import { isRecord } from '../../../apiserver/object.ts'
import { goTypes } from './go-types.ts'

/**
 * What Go's JSON decoder says of the first field of an object that does not fit its type; `undefined` for one that fits. Unknown
 * fields always do, and so does null.
 */
export function misfit(object: Readonly<Record<string, unknown>>, type: string): string | undefined {
  return inStruct(object, type, '')
}

interface Place {
  /** Of the type around it. */
  readonly struct: string
  readonly path: string
}

function inStruct(value: Readonly<Record<string, unknown>>, type: string, path: string): string | undefined {
  const struct = type.replace(/^(?:Core|Rbac)?V1(?=[A-Z])/, '')
  // An API server sends what it holds of a custom resource by key.
  for (const key of Object.keys(value).toSorted()) {
    const shape = fieldsOf(type).get(key)
    const child = value[key]
    if (shape === undefined || child === null) continue
    const found = misfitOf(child, shape, { struct, path: path === '' ? key : `${path}.${key}` })
    if (found !== undefined) return found
  }
  return undefined
}

function misfitOf(value: unknown, shape: string, at: Place): string | undefined {
  // From the outside in the last mark counts first: a map of lists is `string[]{}`.
  if (shape.endsWith('{}')) {
    const inner = shape.slice(0, -2)
    if (!isRecord(value)) return refusal(value, `map[string]${goType(inner)}`, at)
    return firstOf(Object.keys(value).toSorted(), (key) => misfitOf(value[key], inner, at))
  }
  if (shape.endsWith('[]')) {
    const inner = shape.slice(0, -2)
    if (!Array.isArray(value)) return refusal(value, `[]${goType(inner)}`, at)
    return firstOf(value, (item) => misfitOf(item, inner, at))
  }
  if (shape in goTypes || shape in fieldTables)
    return isRecord(value) ? inStruct(value, shape, at.path) : refusal(value, goType(shape), at)
  return fits(value, shape) ? undefined : refusal(value, goType(shape), at)
}

function firstOf<T>(items: readonly T[], look: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}

function fits(value: unknown, scalar: string): boolean {
  if (value === null) return true
  if (scalar === 'string' || scalar.includes('.')) return typeof value === 'string'
  if (scalar === 'bool') return typeof value === 'boolean'
  if (/^u?int(32|64)?$/.test(scalar)) return Number.isInteger(value)
  // Quantities, times and the like read more than one form.
  return true
}

function goType(shape: string): string {
  if (shape.endsWith('{}')) return `map[string]${goType(shape.slice(0, -2))}`
  if (shape.endsWith('[]')) return `[]${goType(shape.slice(0, -2))}`
  if (shape in goTypes) return `v1alpha1.${shape}`
  if (shape in fieldTables) return `v1.${shape.replace(/^V1/, '')}`
  return shape
}

function refusal(value: unknown, type: string, { struct, path }: Place): string {
  const given = Array.isArray(value)
    ? 'array'
    : isRecord(value)
      ? 'object'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value
  const shown = typeof value === 'number' && /^u?int/.test(type) ? `${given} ${value}` : given
  return `json: cannot unmarshal ${shown} into Go struct field ${struct}.${path} of type ${type}`
}

const parsed = new Map<string, ReadonlyMap<string, string>>()

function fieldsOf(type: string): ReadonlyMap<string, string> {
  const known = parsed.get(type)
  if (known !== undefined) return known
  const text = goTypes[type] ?? fieldTables[type] ?? ''
  const fields = new Map(
    text.split(' ').map((pair) => {
      const [name = '', shape = ''] = pair.split(':')
      return [name, shape] as const
    }),
  )
  parsed.set(type, fields)
  return fields
}
