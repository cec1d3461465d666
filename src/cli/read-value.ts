import { accept, refuse } from '../contract/checks.ts'
import { parseGoDuration, showDuration } from '../contract/go-duration.ts'
import type { Checked, Problem } from '../contract/problem.ts'
import type { OptionSpec, OptionValue, PairsOption } from './command.ts'
import { parseDuration } from './duration.ts'

/** What an option is where nothing gives it a value. */
export function initial(spec: OptionSpec): OptionValue {
  if (spec.type === 'pairs') return {}
  if (spec.type === 'list') return []
  return spec.type === 'flag' ? false : spec.default
}

/** An option as an argument or a variable gives it. */
export interface Given {
  readonly rawName: string
  readonly value?: string | undefined
}

/** The value of an option that is given; `before` is what it had from earlier arguments. */
export function readValue(spec: OptionSpec, given: Given, before: OptionValue): Checked<OptionValue> {
  if (spec.type === 'flag') return given.value === undefined ? accept(true) : refuse(noValue(given.rawName))
  if (spec.type === 'text') return readText(spec, given)
  if (spec.type === 'list') return readItem(spec, given, before as readonly string[])
  if (spec.type === 'pairs') return readPair(spec, given, before as Readonly<Record<string, string>>)
  const number = given.value === undefined ? undefined : numberIn(spec, given.value)
  return number === undefined ? refuse(unfit(spec, given)) : accept(number)
}

/** Adds one `KEY=VALUE` to those before it. A key that is there already would be a mistake that nobody sees. */
function readPair(
  spec: PairsOption,
  { rawName, value = '' }: Given,
  before: Readonly<Record<string, string>>,
): Checked<OptionValue> {
  const at = value.indexOf('=')
  const key = value.slice(0, at)
  const fix = `write ${rawName} ${spec.example}`
  if (at < 1)
    return refuse({ what: `${JSON.stringify(value)} is no pair`, where: rawName, expected: spec.value, fix })
  if (Object.hasOwn(before, key))
    return refuse({ what: `${key} is given twice`, where: rawName, expected: 'each key once', fix })
  return spec.check({ ...before, [key]: value.slice(at + 1) }, rawName)
}

function readItem(
  spec: OptionSpec & { type: 'list' },
  given: Given,
  before: readonly string[],
): Checked<OptionValue> {
  const read = readText(spec, given)
  return read.ok ? accept([...before, read.value]) : read
}

function noValue(rawName: string): Problem {
  return {
    what: 'it takes no value',
    where: rawName,
    expected: `${rawName} alone`,
    fix: `write ${rawName}`,
  }
}

function readText(spec: OptionSpec & { type: 'text' | 'list' }, { rawName, value }: Given): Checked<string> {
  const missing = {
    what: 'the value is missing',
    where: rawName,
    expected: spec.value,
    fix: `write ${rawName} ${spec.example}`,
  }
  return value === undefined ? refuse(missing) : spec.check(value, rawName)
}

type NumberSpec = OptionSpec & { type: 'integer' | 'duration' }

/** Undefined for what is no number of its kind, or out of range. */
function numberIn(spec: NumberSpec, value: string): number | undefined {
  const { minimum, maximum } = spec
  const number = spec.type === 'integer' ? wholeOf(value) : durationOf(spec, value)
  return number !== undefined && number >= minimum && number <= maximum ? number : undefined
}

function wholeOf(value: string): number | undefined {
  return /^-?\d+$/.test(value) ? Number(value) : undefined
}

function durationOf({ go }: NumberSpec & { type: 'duration' }, value: string): number | undefined {
  return go === true ? parseGoDuration(value) : parseDuration(value)
}

function unfit(spec: NumberSpec, { rawName, value }: Given): Problem {
  const { minimum, maximum } = spec
  const range =
    spec.type === 'integer'
      ? `a whole number, ${minimum}…${maximum}`
      : `${spec.go === true ? 'a duration such as 90s or 1h30m' : 'a number and s, m or h'}, ${showDuration(minimum)}…${showDuration(maximum)}`
  const fitting = spec.type === 'integer' ? spec.default : showDuration(spec.default)
  return {
    what: value === undefined ? 'the value is missing' : `${JSON.stringify(value)} does not fit`,
    where: rawName,
    expected: range,
    fix: `write ${rawName} ${fitting}, or leave it out for that default`,
  }
}
