import { isRecord } from '../object.ts'

type Step = (values: readonly unknown[]) => unknown[]

/** Everything a path leads to in an object, in order. */
export type JsonPath = (object: unknown) => unknown[]

/**
 * Compiles the part of Kubernetes' JSONPath that printer columns use: `.a.b`, `['a.b']`, `[0]`, `[-1]`, `[*]`, `..a`
 * and filters `[?(@.type=="Ready")]`, in or out of `{…}`. Returns `undefined` for anything else.
 */
export function compileJsonPath(text: string): JsonPath | undefined {
  const path = text.replace(/^\{(.*)\}$/s, '$1').replace(/^\$/, '')
  const steps: Step[] = []
  for (let at = 0; at < path.length;) {
    const found = readStep(path, at)
    if (found === undefined) return undefined
    steps.push(found.step)
    at = found.end
  }
  return (object) => steps.reduce<unknown[]>((values, step) => step(values), [object])
}

interface ReadStep {
  readonly step: Step
  readonly end: number
}

const recursive = /\.\.([^.[\]]+)/y
const field = /\.((?:\\.|[^.[\]\\])+)/y
const quoted = /\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/y
const index = /\[(-?\d+)\]/y
const wildcard = /\[\*\]|\.\*/y
const filter = /\[\?\(\s*@([^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?))?\s*\)\]/y

function readStep(path: string, at: number): ReadStep | undefined {
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(path)
  }
  const done = (found: RegExpExecArray, step: Step): ReadStep => ({ step, end: at + found[0].length })
  const any = match(wildcard)
  if (any !== null) return done(any, (values) => values.flatMap(children))
  const deep = match(recursive)
  if (deep !== null)
    return done(deep, (values) => values.flatMap((value) => descendants(value, deep[1] ?? '')))
  const named = match(field) ?? match(quoted)
  if (named !== null) {
    const name = (named[1] ?? named[2] ?? '').replace(/\\(.)/g, '$1')
    return done(named, (values) => values.flatMap((value) => member(value, name)))
  }
  const nth = match(index)
  if (nth !== null) return done(nth, (values) => values.flatMap((value) => item(value, Number(nth[1]))))
  const where = match(filter)
  const test = where === null ? undefined : compileFilter(where[1] ?? '', where[2], where[3])
  return where === null || test === undefined
    ? undefined
    : done(where, (values) => values.flatMap((value) => children(value).filter(test)))
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return isRecord(value) ? Object.values(value) : []
}

function member(value: unknown, name: string): unknown[] {
  return isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : []
}

function item(value: unknown, at: number): unknown[] {
  if (!Array.isArray(value)) return []
  const position = at < 0 ? value.length + at : at
  return position >= 0 && position < value.length ? [value[position]] : []
}

function descendants(value: unknown, name: string): unknown[] {
  return [...member(value, name), ...children(value).flatMap((child) => descendants(child, name))]
}

function compileFilter(
  left: string,
  operator: string | undefined,
  right: string | undefined,
): ((value: unknown) => boolean) | undefined {
  const path = compileJsonPath(left)
  if (path === undefined) return undefined
  if (operator === undefined || right === undefined) return (value) => path(value).length > 0
  const wanted = literal(right)
  if (wanted === undefined) return undefined
  return (value) => path(value).some((one) => compare(one, operator, wanted))
}

function literal(text: string): string | number | boolean | undefined {
  const inQuotes = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')$/.exec(text)
  if (inQuotes !== null) return (inQuotes[1] ?? inQuotes[2] ?? '').replace(/\\(.)/g, '$1')
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return Number.isNaN(number) ? undefined : number
}

function compare(value: unknown, operator: string, wanted: string | number | boolean): boolean {
  if (operator === '==') return value === wanted
  if (operator === '!=') return value !== wanted
  if (typeof value !== typeof wanted || typeof value === 'boolean') return false
  const [a, b] = [value as string | number, wanted as string | number]
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}
