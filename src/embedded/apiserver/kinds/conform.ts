import { isRecord } from '../object.ts'
import { decodingError } from '../verbs/decoding-error.ts'
import { isZero, omittedZeros } from './omitted-zeros.ts'
import { fieldTables } from './field-tables.ts'

/** What a body became when it was read as a built-in type. */
export interface Conformed {
  /** The caller's own copy, without nulls and without the fields that the type lacks. */
  readonly value: Record<string, unknown>
  /** Paths of those fields: `spec.containers[0].imagee`. */
  readonly unknown: readonly string[]
}

/** The type of one field. */
interface Shape {
  /** A scalar, or the name of another type. */
  readonly base: string
  /** From the outside in. */
  readonly wraps: readonly ('list' | 'map')[]
}

interface Walk {
  /** Zeros that Go would leave out stay: whoever applies them owns them. */
  readonly keepsZeros: boolean
  readonly kind: string
  readonly version: string
  readonly unknown: string[]
}

/** Where a value was found. */
interface Place {
  /** The struct type it belongs to. */
  readonly owner: string
  readonly path: string
  /** The same as Go's decoder names it: by fields alone, without indexes and keys of maps. */
  readonly goPath: string
  /** What was there before. */
  readonly known: unknown
}

/**
 * Reads a JSON object as the type `name` of the field tables, as Go decodes into a struct: null counts as absent, unknown
 * fields are dropped and named, zeros are absent where Go leaves them out, times lose their fractions, numbers are taken for
 * quantities.
 * @param of names the object in the error
 * @param known the same object as it was read before: parts that a patch left alone are shared with it and not read again
 * @throws StatusError 400 for a value of another type than its field's
 */
export function conform(
  value: Record<string, unknown>,
  name: string,
  of: { readonly kind: string; readonly version: string },
  known?: unknown,
  options: { readonly path?: string; readonly keepsZeros?: boolean } = {},
): Conformed {
  const { path = '', keepsZeros = false } = options
  const walk: Walk = { kind: of.kind, version: of.version, unknown: [], keepsZeros }
  return { value: readStruct(value, { owner: name, path, goPath: path, known }, walk), unknown: walk.unknown }
}

/** Times that a real server writes as null when they are not set. */
const nullable: ReadonlySet<string> = new Set(['lastProbeTime', 'lastTransitionTime'])

function readStruct(value: Record<string, unknown>, place: Place, walk: Walk): Record<string, unknown> {
  const fields = fieldsOf(place.owner)
  const zeros = walk.keepsZeros ? undefined : omittedZeros(goName(place.owner))
  const copy: Record<string, unknown> = {}
  for (const key in value) {
    const child = value[key]
    const shape = fields.get(key)
    if (shape === undefined) walk.unknown.push(joined(place.path, key))
    else if (child === null && nullable.has(key)) copy[key] = null
    else if (child !== null && child !== undefined) {
      const read = readChild(child, key, shape, 0, place, walk)
      if (zeros?.has(key) !== true || !isZero(read, shape.wraps[0] === 'map')) copy[key] = read
    }
  }
  return copy
}

function joined(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}

/** Reads what is at `key` of the struct, list or map at `parent`. */
function readChild(
  value: unknown,
  key: string | number,
  shape: Shape,
  depth: number,
  parent: Place,
  walk: Walk,
): unknown {
  const known = knownAt(parent.known, key)
  // Only a container can be told by its identity to be the one that was read before.
  if (value === known && typeof value === 'object') return value
  const scalar = depth === shape.wraps.length ? scalars[shape.base] : undefined
  const read = scalar?.(value)
  if (read !== undefined) return checked(read, shape.base, walk)
  const isField = depth === 0
  const goPath = isField ? joined(parent.goPath, key) : parent.goPath
  const place = { owner: parent.owner, path: joined(parent.path, key), goPath, known }
  if (scalar !== undefined) throw mismatch(value, goType(shape, depth), place, walk)
  return readContainer(value, shape, depth, place, walk)
}

function knownAt(known: unknown, key: string | number): unknown {
  if (typeof key === 'number') return Array.isArray(known) ? known[key] : undefined
  return isRecord(known) ? known[key] : undefined
}

function readContainer(value: unknown, shape: Shape, depth: number, place: Place, walk: Walk): unknown {
  const wrap = shape.wraps[depth]
  if (wrap === 'list' && Array.isArray(value)) {
    return value.map((item: unknown, index) => readChild(item, index, shape, depth + 1, place, walk))
  }
  if (wrap === 'list' || !isRecord(value)) throw mismatch(value, goType(shape, depth), place, walk)
  if (wrap === undefined) return readStruct(value, { ...place, owner: shape.base }, walk)
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = readChild(value[key], key, shape, depth + 1, place, walk)
  return copy
}

/** Each gives the value to store, or `undefined` for one that does not fit. A null inside a list or map is Go's zero. */
const scalars: Readonly<Record<string, (value: unknown) => unknown>> = {
  any: (value) => value,
  string: (value) => (typeof value === 'string' ? value : value === null ? '' : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  int: (value) => (Number.isInteger(value) || typeof value === 'bigint' ? Number(value) : undefined),
  number: (value) => (isNumber(value) ? Number(value) : undefined),
  quantity: (value) => (typeof value === 'string' || isNumber(value) ? String(value) : undefined),
  intOrString: (value) => (typeof value === 'string' || Number.isInteger(value) ? value : undefined),
  time: (value) => (isTime(value) ? value.replace(/\.\d+/, '') : undefined),
  microTime: (value) => (isTime(value) ? value : undefined),
  bytes: (value) => (typeof value === 'string' ? value : undefined),
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** @throws StatusError 400 for a text that its type cannot be read from */
function checked(value: unknown, type: string, walk: Walk): unknown {
  if (type === 'microTime' && !/\.\d{6}(?:Z|[+-])/.test(String(value))) {
    const rest = String(value).slice('2006-01-02T15:04:05'.length)
    throw decodingError(
      walk,
      `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05.000000Z07:00": cannot parse ${JSON.stringify(rest)} as ".000000"`,
    )
  }
  if (
    type === 'bytes' &&
    !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(String(value))
  ) {
    throw decodingError(walk, `illegal base64 data at input byte ${String(value).search(/[^A-Za-z0-9+/]|$/)}`)
  }
  return value
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

function isTime(value: unknown): value is string {
  return typeof value === 'string' && rfc3339.test(value)
}

const goNames: Readonly<Record<string, string>> = {
  int: 'int32',
  number: 'float64',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  time: 'v1.Time',
  microTime: 'v1.MicroTime',
}

function goType(shape: Shape, depth: number): string {
  const outer = shape.wraps.slice(depth).map((wrap) => (wrap === 'list' ? '[]' : 'map[string]'))
  const base = shape.base in scalars ? (goNames[shape.base] ?? shape.base) : `v1.${goName(shape.base)}`
  return `${outer.join('')}${base}`
}

/** `PodSpec` of `V1PodSpec`. */
function goName(type: string): string {
  return type.replace(/^[A-Za-z]*?V1(?=[A-Z])/, '')
}

function mismatch(value: unknown, wanted: string, place: Place, walk: Walk): Error {
  const given = Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : jsonName(value)
  const at = `${goName(place.owner)}.${place.goPath}`
  return decodingError(walk, `json: cannot unmarshal ${given} into Go struct field ${at} of type ${wanted}`)
}

function jsonName(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

const parsed = new Map<string, ReadonlyMap<string, Shape>>()

function fieldsOf(name: string): ReadonlyMap<string, Shape> {
  const known = parsed.get(name)
  if (known !== undefined) return known
  const fields = new Map(
    (fieldTables[name] ?? '').split(' ').map((pair): [string, Shape] => {
      const [field = '', type = ''] = pair.split(':')
      return [field, parseShape(type)]
    }),
  )
  parsed.set(name, fields)
  return fields
}

function parseShape(type: string): Shape {
  const [base = ''] = type.split(/[[{]/, 1)
  const wraps = type.slice(base.length).match(/\[\]|\{\}/g) ?? []
  // The innermost wrap is written first.
  return { base, wraps: wraps.map((wrap) => (wrap === '[]' ? 'list' : 'map') as 'list' | 'map').toReversed() }
}
