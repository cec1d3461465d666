import { parseArgs } from 'node:util'
import { accept, refuse } from '../contract/checks.ts'
import { closest } from '../contract/closest.ts'
import type { Checked, Problem } from '../contract/problem.ts'
import { commonOptions, type OptionSpec, type OptionSpecs, type OptionValues } from './command.ts'

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

function initial(spec: OptionSpec): boolean | number {
  return spec.type === 'flag' ? false : spec.default
}

function readValue(
  spec: OptionSpec,
  { rawName, value }: { rawName: string; value?: string | undefined },
): boolean | number | Problem {
  if (spec.type === 'flag') {
    if (value === undefined) return true
    return {
      what: 'it takes no value',
      where: rawName,
      expected: `${rawName} alone`,
      fix: `write ${rawName}`,
    }
  }
  const number = value !== undefined && /^-?\d+$/.test(value) ? Number(value) : Number.NaN
  if (number >= spec.minimum && number <= spec.maximum) return number
  return {
    what: value === undefined ? 'the value is missing' : `${JSON.stringify(value)} does not fit`,
    where: rawName,
    expected: `a whole number, ${spec.minimum}…${spec.maximum}`,
    fix: `write ${rawName} ${spec.default}, or leave it out for that default`,
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
