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
