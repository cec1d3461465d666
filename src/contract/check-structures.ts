import { accept, isPlainObject, refuse, show, type Check } from './checks.ts'
import { closest } from './closest.ts'
import type { Checked, Problem } from './problem.ts'

/** Path of a member: `.name`, or `["dotted.name"]`. */
function under(where: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${where}.${key}` : `${where}[${JSON.stringify(key)}]`
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
