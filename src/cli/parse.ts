import { parseArgs } from 'node:util'
import { accept, refuse } from '../contract/checks.ts'
import { closest } from '../contract/closest.ts'
import type { Checked, Problem } from '../contract/problem.ts'
import { commonOptions } from './command.ts'
import type { OperandSpec, OptionSpec, OptionSpecs, OptionValue, OptionValues } from './command.ts'
import { initial, readValue } from './read-value.ts'

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
