import { goFormat } from './go-format.ts'
import type { TemplateValue } from './syntax.ts'
import { isTrue, shown, typeName, type Fail } from './values.ts'

/** Arguments are asked for when they are needed: `and` and `or` leave the rest alone. */
type TemplateFunction = (args: readonly (() => TemplateValue)[], fail: Fail) => TemplateValue

/** All arguments, at least `least` of them. */
function eager(
  least: number,
  most: number,
  body: (values: readonly TemplateValue[], fail: Fail) => TemplateValue,
): TemplateFunction {
  return (args, fail) => {
    if (args.length < least || args.length > most) {
      const wanted = most === Infinity ? `${least} or more` : most === least ? least : `${least} to ${most}`
      fail(`it has ${args.length} arguments`, `${wanted} arguments`)
    }
    return body(
      args.map((arg) => arg()),
      fail,
    )
  }
}

function same(a: TemplateValue, b: TemplateValue, fail: Fail): boolean {
  if (a === undefined || b === undefined) return a === b
  comparable(a, b, fail)
  return a === b
}

function comparable(a: TemplateValue, b: TemplateValue, fail: Fail): void {
  if (typeof a === typeof b && typeof a !== 'object') return
  fail(`${typeName(a)} cannot be compared with ${typeName(b)}`, 'two strings, two numbers or two booleans')
}

function ordered(holds: (order: number) => boolean): TemplateFunction {
  return eager(2, 2, ([a, b], fail) => {
    if (typeof a === 'boolean') fail('booleans have no order', 'two strings or two numbers')
    comparable(a, b, fail)
    const [left, right] = [a as string | number, b as string | number]
    return holds(left < right ? -1 : left > right ? 1 : 0)
  })
}

/** The first argument that decides, else the last one. */
function deciding(when: boolean): TemplateFunction {
  return (args, fail) => {
    if (args.length === 0) fail('it has no arguments', 'one or more arguments')
    let value: TemplateValue
    for (const arg of args) {
      value = arg()
      if (isTrue(value) === when) break
    }
    return value
  }
}

/** A missing key of a map is the empty string: values are strings. */
function at(value: TemplateValue, key: TemplateValue, fail: Fail): TemplateValue {
  if (Array.isArray(value)) {
    const items: readonly TemplateValue[] = value
    if (typeof key !== 'number' || !Number.isInteger(key) || key < 0 || key >= items.length)
      return fail(`${shown(key)} is no place in a list of ${items.length}`, 'a whole number from 0 on')
    return items[key]
  }
  if (typeof value !== 'object') return fail(`${typeName(value)} has no items`, 'a map or a list')
  if (typeof key !== 'string') return fail(`${shown(key)} is no key of a map`, 'a string')
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, TemplateValue>>)[key] : ''
}

function lengthOf(value: TemplateValue, fail: Fail): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'object') return Object.keys(value).length
  return fail(`${typeName(value)} has no length`, 'a string, a list or a map')
}

/** Go puts a space between two operands when neither is a string. */
function printed(values: readonly TemplateValue[]): string {
  return values
    .map((value, index) => {
      const apart = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string'
      return `${apart ? ' ' : ''}${shown(value)}`
    })
    .join('')
}

/** The functions that every template of Go has and that make sense of plain data, by name. */
export const functions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['and', deciding(false)],
  ['or', deciding(true)],
  ['not', eager(1, 1, ([value]) => !isTrue(value))],
  ['eq', eager(2, Infinity, ([a, ...others], fail) => others.some((other) => same(a, other, fail)))],
  ['ne', eager(2, 2, ([a, b], fail) => !same(a, b, fail))],
  ['lt', ordered((order) => order < 0)],
  ['le', ordered((order) => order <= 0)],
  ['gt', ordered((order) => order > 0)],
  ['ge', ordered((order) => order >= 0)],
  [
    'index',
    eager(1, Infinity, ([value, ...keys], fail) => keys.reduce((here, key) => at(here, key, fail), value)),
  ],
  ['len', eager(1, 1, ([value], fail) => lengthOf(value, fail))],
  ['print', eager(0, Infinity, printed)],
  ['println', eager(0, Infinity, (values) => `${values.map(shown).join(' ')}\n`)],
  [
    'printf',
    eager(1, Infinity, ([format, ...values], fail) =>
      typeof format === 'string'
        ? goFormat(format, values, fail)
        : fail(`the format is ${typeName(format)}`, 'a string first'),
    ),
  ],
])
