import { parseArgs } from 'node:util'
import { accept, refuse } from '../contract/checks.ts'
import { closest } from '../contract/closest.ts'
import type { Checked, Problem } from '../contract/problem.ts'
import { commonOptions } from './command.ts'
import type { OptionSpec, OptionSpecs, OptionValue, OptionValues } from './command.ts'
import { parseDuration, showDuration } from './duration.ts'

/** Reads a command's arguments by its table. Nothing is ignored; the first thing that is wrong is told. */
export function parseOptions(
  args: readonly string[],
  own: OptionSpecs,
  command: string,
): Checked<OptionValues> {
  const specs: OptionSpecs = { ...own, ...commonOptions }
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => [
        name,
        { type: spec.type === 'flag' ? 'boolean' : 'string' },
      ]),
    ),
    strict: false,
    tokens: true,
  })
  const values = new Map(Object.entries(specs).map(([name, spec]) => [name, initial(spec)]))
  for (const token of tokens) {
    if (token.kind === 'positional') return refuse(surplus(token.value, command))
    if (token.kind !== 'option') continue
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined
    const read = spec === undefined ? unknownOption(token.rawName, specs, command) : readValue(spec, token)
    if (typeof read === 'object') return refuse(read)
    values.set(token.name, read)
  }
  return accept(Object.fromEntries(values))
}

function initial(spec: OptionSpec): OptionValue {
  return spec.type === 'flag' ? false : spec.default
}

interface Given {
  readonly rawName: string
  readonly value?: string | undefined
}

function readValue(spec: OptionSpec, given: Given): boolean | number | string | Problem {
  if (spec.type === 'flag') return given.value === undefined ? true : noValue(given.rawName)
  if (spec.type === 'text') return readText(spec, given)
  const number = given.value === undefined ? undefined : numberIn(spec, given.value)
  return number ?? unfit(spec, given)
}

function noValue(rawName: string): Problem {
  return {
    what: 'it takes no value',
    where: rawName,
    expected: `${rawName} alone`,
    fix: `write ${rawName}`,
  }
}

function readText(spec: OptionSpec & { type: 'text' }, { rawName, value }: Given): string | Problem {
  const missing = {
    what: 'the value is missing',
    where: rawName,
    expected: spec.value,
    fix: `write ${rawName} ${spec.example}`,
  }
  if (value === undefined) return missing
  const checked = spec.check(value, rawName)
  return checked.ok ? checked.value : (checked.problems[0] ?? missing)
}

type NumberSpec = OptionSpec & { type: 'integer' | 'duration' }

/** Undefined for what is no number of its kind, or out of range. */
function numberIn({ type, minimum, maximum }: NumberSpec, value: string): number | undefined {
  const whole = /^-?\d+$/.test(value) ? Number(value) : undefined
  const number = type === 'integer' ? whole : parseDuration(value)
  return number !== undefined && number >= minimum && number <= maximum ? number : undefined
}

function unfit(spec: NumberSpec, { rawName, value }: Given): Problem {
  const { minimum, maximum } = spec
  const range =
    spec.type === 'integer'
      ? `a whole number, ${minimum}…${maximum}`
      : `a number and s, m or h, ${showDuration(minimum)}…${showDuration(maximum)}`
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
