import { isDeepStrictEqual } from 'node:util'

/** Whole numbers are bigints, others numbers, nil is null. */
export type Value = bigint | number | string | boolean | null | readonly Value[] | ReadonlyMap<string, Value>

function refuse(what: string, ...values: readonly Value[]): never {
  throw new Error(`invalid operation: ${what} on ${values.map(kindOf).join(' and ')}`)
}

function kindOf(value: Value): string {
  if (value === null) return 'nil'
  if (typeof value === 'bigint') return 'int'
  if (Array.isArray(value)) return 'array'
  return value instanceof Map ? 'map' : typeof value
}

function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number'
}

export function requireBoolean(value: Value): boolean {
  return typeof value === 'boolean' ? value : refuse('true or false', value)
}

export function requireText(value: Value): string {
  return typeof value === 'string' ? value : refuse('text', value)
}

export function requireList(value: Value): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : refuse('each', value)
}

/** Numbers of both kinds are equal when they are as large; nothing else is equal to what is of another kind. */
export function equals(a: Value, b: Value): boolean {
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b)
  return isDeepStrictEqual(a, b)
}

/** Negative, zero or positive. Only numbers have an order among themselves, and texts. */
export function compare(a: Value, b: Value): number {
  if (isNumber(a) && isNumber(b)) return Number(a) - Number(b)
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return refuse('order', a, b)
}

export function isIn(element: Value, collection: Value): boolean {
  if (collection === null) return false
  if (Array.isArray(collection)) return (collection as readonly Value[]).some((each) => equals(each, element))
  if (collection instanceof Map) return collection.has(requireText(element))
  return refuse('in', element, collection)
}

export function arithmetic(operator: string, a: Value, b: Value): Value {
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return a + b
  if (!isNumber(a) || !isNumber(b)) return refuse(operator, a, b)
  if (operator === '**') return Number(a) ** Number(b)
  return typeof a === 'bigint' && typeof b === 'bigint' ? whole(operator, a, b) : broken(operator, a, b)
}

/** Whole numbers stay whole, also divided. */
function whole(operator: string, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return BigInt.asIntN(64, a + b)
    case '-':
      return BigInt.asIntN(64, a - b)
    case '*':
      return BigInt.asIntN(64, a * b)
    case '/':
      return a / b
    default:
      return a % b
  }
}

function broken(operator: string, a: bigint | number, b: bigint | number): number {
  const [x, y] = [Number(a), Number(b)]
  switch (operator) {
    case '+':
      return x + y
    case '-':
      return x - y
    case '*':
      return x * y
    case '/':
      return x / y
    default:
      return refuse(operator, a, b)
  }
}

export function negated(value: Value, negate: boolean): Value {
  if (!isNumber(value)) return refuse('a sign', value)
  return negate ? -value : value
}

/** Longest range that is built: one of a real expression has a handful of members. */
const longestRange = 1_000_000

/** Whole numbers from one to another, both included. */
export function range(from: Value, to: Value): readonly Value[] {
  if (typeof from !== 'bigint' || typeof to !== 'bigint') return refuse('..', from, to)
  const length = Number(to - from) + 1
  if (length > longestRange) throw new Error('memory budget exceeded')
  return Array.from({ length: Math.max(0, length) }, (_, index) => from + BigInt(index))
}

/** Texts are measured in bytes. */
export function sizeOf(value: Value): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value))
  if (Array.isArray(value)) return BigInt(value.length)
  return value instanceof Map ? BigInt(value.size) : refuse('len', value)
}

/** A member of a list, a byte of a text, or what a map has by that name: nil where it has nothing. */
export function part(of: Value, by: Value): Value {
  if (of instanceof Map) return of.get(requireText(by)) ?? null
  const list = membersOf(of)
  const at = indexOf(by, list.length)
  const found = list[at]
  if (found === undefined) throw new Error(`index out of range: ${at}`)
  return found
}

export function slice(of: Value, from: Value | undefined, to: Value | undefined): Value {
  const length = typeof of === 'string' ? Buffer.byteLength(of) : requireList(of).length
  const end = to === undefined ? length : Math.min(indexOf(to, length), length)
  const start = Math.min(from === undefined ? 0 : indexOf(from, length), end)
  if (typeof of === 'string') return Buffer.from(of).subarray(start, end).toString()
  return requireList(of).slice(start, end)
}

function membersOf(of: Value): readonly Value[] {
  return typeof of === 'string' ? [...Buffer.from(of)].map(BigInt) : requireList(of)
}

/** Negative ones count from the end. */
function indexOf(value: Value, length: number): number {
  if (typeof value !== 'bigint') return refuse('an index', value)
  const at = Number(value)
  return at < 0 ? at + length : at
}
