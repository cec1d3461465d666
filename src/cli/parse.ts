import { parseArgs } from 'node:util'
import { accept, refuse } from '../contract/checks.ts'
import { closest } from '../contract/closest.ts'
import { parseGoDuration } from '../contract/go-duration.ts'
import type { Checked, Problem } from '../contract/problem.ts'
import { commonOptions } from './command.ts'
import type {
  OperandSpec,
  OptionSpec,
  OptionSpecs,
  OptionValue,
  OptionValues,
  PairsOption,
} from './command.ts'
import { parseDuration, showDuration } from './duration.ts'

/** What parsing has to know of a command. */
export interface Parsed {
  readonly name: string
  readonly options: OptionSpecs
  readonly operands?: readonly OperandSpec[]
}

/** Reads a command's arguments by its table. Nothing is ignored; the first thing that is wrong is told. */
export function parseOptions(
  args: readonly string[],
  { name: command, options, operands = [] }: Parsed,
  env: Readonly<Record<string, string | undefined>> = {},
): Checked<OptionValues> {
  const specs: OptionSpecs = { ...options, ...commonOptions }
  const places = operands.values()
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [
        name,
        { type: spec.type === 'flag' ? 'boolean' : 'string', ...shortOf(spec) },
      ]),
    ),
    strict: false,
    tokens: true,
  })
  const values = new Map<string, OptionValue>()
  const given = new Set<string>()
  for (const token of tokens) {
    if (token.kind === 'positional') {
      const read = readOperand(places.next().value, token.value, command)
      if (!read.ok) return read
      values.set(...read.value)
      continue
    }
    if (token.kind !== 'option') continue
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined
    if (spec === undefined) return refuse(unknownOption(token.rawName, specs, command))
    const read = readValue(spec, token, values.get(token.name) ?? initial(spec))
    if (!read.ok) return read
    values.set(token.name, read.value)
    given.add(token.name)
  }
  for (const [name, spec] of Object.entries(specs)) {
    if (given.has(name)) continue
    const read = readAbsent(name, spec, env)
    if (!read.ok) return read
    values.set(name, read.value)
  }
  const absent = places.next().value
  return absent === undefined ? accept(Object.fromEntries(values)) : refuse(lacking(absent, command))
}

function readOperand(
  spec: OperandSpec | undefined,
  value: string,
  command: string,
): Checked<[name: string, value: string]> {
  if (spec === undefined) return refuse(surplus(value, command))
  const read = spec.check(value, `seitask ${command}`)
  return read.ok ? accept([spec.name, read.value]) : read
}

function lacking({ name, value, description }: OperandSpec, command: string): Problem {
  return {
    what: `the ${name} is missing`,
    where: `seitask ${command}`,
    expected: description,
    fix: `write ${value} in its place; see seitask ${command} --help`,
  }
}

function shortOf(spec: OptionSpec): { short?: string } {
  return spec.type === 'text' && spec.short !== undefined ? { short: spec.short } : {}
}

/** An option that no argument names: its variable's value, else its default. An empty variable counts as none. */
function readAbsent(
  name: string,
  spec: OptionSpec,
  env: Readonly<Record<string, string | undefined>>,
): Checked<OptionValue> {
  const variable = 'env' in spec ? spec.env : undefined
  const value = variable === undefined ? '' : (env[variable] ?? '')
  if (variable !== undefined && value !== '')
    return readValue(spec, { rawName: variable, value }, initial(spec))
  if (spec.type !== 'text' || spec.required !== true) return accept(initial(spec))
  const or = variable === undefined ? '' : `, or set ${variable}`
  return refuse({
    what: 'it is missing',
    where: `--${name}`,
    expected: spec.value,
    fix: `write --${name} ${spec.example}${or}`,
  })
}

function initial(spec: OptionSpec): OptionValue {
  if (spec.type === 'pairs') return {}
  if (spec.type === 'list') return []
  return spec.type === 'flag' ? false : spec.default
}

interface Given {
  readonly rawName: string
  readonly value?: string | undefined
}

function readValue(spec: OptionSpec, given: Given, before: OptionValue): Checked<OptionValue> {
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

function unknownOption(rawName: string, specs: OptionSpecs, command: string): Problem {
  const near = closest(rawName.replace(/^-+/, ''), Object.keys(specs))
  return {
    what: `unknown option ${rawName}`,
    where: `seitask ${command}`,
    expected: Object.keys(specs)
      .map((name) => `--${name}`)
      .join(', '),
    fix: near === undefined ? 'remove it' : `did you mean --${near}?`,
  }
}

function surplus(value: string, command: string): Problem {
  return {
    what: `unexpected argument ${JSON.stringify(value)}`,
    where: `seitask ${command}`,
    expected: 'options only',
    fix: `remove it; see seitask ${command} --help`,
  }
}
