import { closest } from './closest.ts'
import type { Checked, Problem } from './problem.ts'

/** Looks at one value of unknown shape; `where` is its path as the user knows it, `options.network.image`. Never throws. */
export type Check<T> = (value: unknown, where: string) => Checked<T>

export function accept<T>(value: T): Checked<T> {
  return { ok: true, value }
}

export function refuse(problem: Problem): Checked<never> {
  return { ok: false, problems: [problem] }
}

/** Path of a member: `.name`, or `["dotted.name"]`. */
function under(where: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${where}.${key}` : `${where}[${JSON.stringify(key)}]`
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]'
}

/** A value as a message shows it: short, and never a call into the user's code. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null)
    return isPlainObject(value) ? 'an object' : 'a class instance'
  return String(value)
}

/** Runs `test` on what `check` accepted; it returns what is wrong, if anything. */
export function refine<T>(
  check: Check<T>,
  test: (value: T, where: string) => Omit<Problem, 'where'> | undefined,
): Check<T> {
  return (value, where) => {
    const checked = check(value, where)
    if (!checked.ok) return checked
    const problem = test(checked.value, where)
    return problem === undefined ? checked : refuse({ ...problem, where })
  }
}

export const flag: Check<boolean> = (value, where) =>
  typeof value === 'boolean'
    ? accept(value)
    : refuse({
        what: `${show(value)} is not a boolean`,
        where,
        expected: 'true or false',
        fix: quotedFix(value),
      })

function quotedFix(value: unknown): string {
  return value === 'true' || value === 'false' ? 'drop the quotes' : 'write true or false'
}

/** Any string, also an empty one. */
export const anyText: Check<string> = (value, where) =>
  typeof value === 'string'
    ? accept(value)
    : refuse({
        what: `${show(value)} is not a string`,
        where,
        expected: 'a string',
        fix: typeof value === 'object' ? 'write text' : `write ${JSON.stringify(String(value))}`,
      })

/** A whole number within bounds, both included. */
export function integer(
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
  unit = '',
): Check<number> {
  const range = maximum === Number.MAX_SAFE_INTEGER ? `${minimum} or more` : `${minimum}…${maximum}`
  const expected = `a whole number${unit}, ${range}`
  return (value, where) => {
    if (typeof value === 'string' && /^-?\d+$/.test(value))
      return refuse({ what: `${show(value)} is a string`, where, expected, fix: 'drop the quotes' })
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      return refuse({
        what: `${show(value)} is not a whole number`,
        where,
        expected,
        fix: `write ${expected}`,
      })
    if (value >= minimum && value <= maximum) return accept(value)
    return refuse({
      what: `${value} is out of range`,
      where,
      expected,
      fix: value < minimum ? `use ${minimum} or more` : `use ${maximum} or less`,
    })
  }
}

export interface TextRules {
  /** What the text is, with its article: `an image reference`. */
  readonly noun: string
  readonly pattern?: RegExp
  /** The pattern in words. */
  readonly form?: string
  readonly maxLength?: number
}

/** Text that is not empty. */
export function text(rules: TextRules): Check<string> {
  const form = rules.form === undefined ? '' : `: ${rules.form}`
  const expected = `${rules.noun}${form}`
  return (value, where) => {
    if (typeof value !== 'string')
      return refuse({
        what: `${show(value)} is not a string`,
        where,
        expected,
        fix: `write ${rules.noun} in quotes`,
      })
    if (value === '')
      return refuse({
        what: 'the string is empty',
        where,
        expected,
        fix: `write ${rules.noun}, or leave it out`,
      })
    if (rules.maxLength !== undefined && value.length > rules.maxLength)
      return refuse({
        what: `${show(value)} has ${value.length} characters`,
        where,
        expected: `${rules.noun} of at most ${rules.maxLength} characters`,
        fix: `shorten it by ${value.length - rules.maxLength}`,
      })
    if (rules.pattern?.test(value) === false)
      return refuse({
        what: `${show(value)} is not ${rules.noun}`,
        where,
        expected,
        fix: `write ${expected}`,
      })
    return accept(value)
  }
}

export function oneOf<const T extends string>(values: readonly T[]): Check<T> {
  const expected = values.map((value) => JSON.stringify(value)).join(' or ')
  return (value, where) => {
    const found = values.find((candidate) => candidate === value)
    if (found !== undefined) return accept(found)
    const near = typeof value === 'string' ? closest(value, values) : undefined
    return refuse({
      what: `${show(value)} is not a known value`,
      where,
      expected,
      fix: near === undefined ? `write ${expected}` : `did you mean ${JSON.stringify(near)}?`,
    })
  }
}

/** All members, or every problem among them. */
function gather<T>(
  parts: readonly (readonly [string | number, Checked<T>])[],
): Checked<[string | number, T][]> {
  const problems = parts.flatMap(([, part]) => (part.ok ? [] : part.problems))
  if (problems.length > 0) return { ok: false, problems }
  return accept(parts.flatMap(([key, part]) => (part.ok ? [[key, part.value] as [string | number, T]] : [])))
}

export function list<T>(item: Check<T>, minimum = 0): Check<T[]> {
  return (value, where) => {
    const expected = minimum === 0 ? 'a list' : `a list of at least ${minimum}`
    if (!Array.isArray(value))
      return refuse({
        what: `${show(value)} is not a list`,
        where,
        expected,
        fix: 'put the value in [brackets]',
      })
    if (value.length < minimum)
      return refuse({
        what: `the list has ${value.length}`,
        where,
        expected,
        fix: `add ${minimum - value.length}`,
      })
    const members = gather(value.map((member, index) => [index, item(member, `${where}[${index}]`)]))
    return members.ok ? accept(members.value.map(([, member]) => member)) : members
  }
}

/** An object whose keys are the user's own. */
export function record<T>(key: Check<string>, member: Check<T>): Check<Record<string, T>> {
  return (value, where) => {
    if (!isPlainObject(value)) return refuse(notAnObject(value, where))
    const parts = Object.entries(value).map(([name, inner]): [string, Checked<T>] => {
      const named = key(name, under(where, name))
      return [name, named.ok ? member(inner, under(where, name)) : named]
    })
    const members = gather(parts)
    return members.ok ? accept(Object.fromEntries(members.value) as Record<string, T>) : members
  }
}

type Shape<T> = { readonly [K in keyof T]-?: Check<Exclude<T[K], undefined>> }

export interface ObjectRules {
  readonly required?: readonly string[]
  /** What to say of a key that is unknown here but known elsewhere. */
  readonly hints?: Readonly<Record<string, string>>
}

/** An object with exactly these keys; a key whose value is undefined counts as absent. */
export function object<T extends object>(shape: Shape<T>, rules: ObjectRules = {}): Check<T> {
  const known = Object.keys(shape)
  return (value, where) => {
    if (!isPlainObject(value)) return refuse(notAnObject(value, where))
    const given = Object.entries(value).filter(([, inner]) => inner !== undefined)
    const missing = (rules.required ?? []).filter((name) => !given.some(([key]) => key === name))
    const parts = [
      ...given.map(([key, inner]): [string, Checked<unknown>] =>
        Object.hasOwn(shape, key)
          ? [key, shape[key as keyof T](inner, under(where, key))]
          : [key, refuse(unknownKey(key, where, known, rules.hints))],
      ),
      ...missing.map((key): [string, Checked<unknown>] => [key, refuse(missingKey(key, where))]),
    ]
    const members = gather(parts)
    return members.ok ? accept(Object.fromEntries(members.value) as T) : members
  }
}

function notAnObject(value: unknown, where: string): Problem {
  return { what: `${show(value)} is not an object`, where, expected: 'an object', fix: 'write { … }' }
}

function missingKey(key: string, where: string): Problem {
  return { what: `${key} is missing`, where, expected: `an object with ${key}`, fix: `add ${key}` }
}

function unknownKey(
  key: string,
  where: string,
  known: readonly string[],
  hints: ObjectRules['hints'] = {},
): Problem {
  const near = closest(key, known)
  const fix = near === undefined ? 'remove it' : `did you mean ${near}?`
  return {
    what: `unknown key ${JSON.stringify(key)}`,
    where,
    expected: `one of ${known.join(', ')}`,
    fix: Object.hasOwn(hints, key) ? (hints[key] ?? fix) : fix,
  }
}

/** Anything that survives JSON unchanged. */
export const json: Check<unknown> = (value, where) => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return accept(value)
  if (Array.isArray(value)) return list(json)(value, where)
  if (isPlainObject(value) && isJsonObject(value)) return record(anyKey, json)(value, where)
  return refuse({
    what: `${show(value)} cannot be written as JSON`,
    where,
    expected: 'text, a finite number, true, false, null, a list or a plain object',
    fix: 'pass the JSON value that the chain should read',
  })
}

function isJsonObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

const anyKey: Check<string> = (value, _where) => accept(String(value))
