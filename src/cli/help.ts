import { exitCodes } from '../contract/exit-codes.ts'
import { showDuration } from '../contract/go-duration.ts'
import { commonOptions, type CommandSpec, type OptionSpec } from './command.ts'

/** Help of the whole program, from the table of commands. */
export function renderHelp(commands: readonly CommandSpec[]): string {
  return [
    'seitask: Sei test networks from the command line',
    '',
    'Usage: seitask <command> [options]',
    '',
    'Commands',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'Options of every command',
    ...columns(optionRows(commonOptions)),
    '',
    `Exit codes: ${exitCodes.passed} done, ${exitCodes.usage} wrong arguments, ${exitCodes.noVerdict} infrastructure, ${exitCodes.cancelled} cancelled.`,
    'Steps run in the Task pods of a Workflow, and exit 0 passed, 1 failed, 2 no verdict.',
  ].join('\n')
}

export function renderCommandHelp(command: CommandSpec): string {
  const { operands = [] } = command
  return [
    `seitask ${command.name}: ${command.summary}`,
    '',
    `Usage: seitask ${[command.name, ...operands.map(({ value }) => value), '[options]'].join(' ')}`,
    '',
    ...(operands.length === 0
      ? []
      : ['Arguments', ...columns(operands.map(({ value, description }) => [value, description])), '']),
    'Options',
    ...columns(optionRows({ ...command.options, ...commonOptions })),
    '',
    ...command.notes,
  ].join('\n')
}

function optionRows(options: Readonly<Record<string, OptionSpec>>): [string, string][] {
  return Object.entries(options).map(([name, spec]) => [
    spec.type === 'flag' ? `--${name}` : `${shortOf(spec)}--${name} ${spec.value}`,
    `${spec.description}${limits(spec)}`,
  ])
}

function shortOf(spec: OptionSpec): string {
  return spec.type === 'text' && spec.short !== undefined ? `-${spec.short}, ` : ''
}

function limits(spec: OptionSpec): string {
  if (spec.type === 'flag') return ''
  if (spec.type === 'pairs' || spec.type === 'list') return ', any number of times'
  const env = 'env' in spec && spec.env !== undefined ? [`environment ${spec.env}`] : []
  if (spec.type === 'text')
    return inBrackets(spec.required === true ? ['required', ...env] : [...env, ...initialText(spec.default)])
  const shown = spec.type === 'integer' ? String : showDuration
  return `, ${shown(spec.minimum)}…${shown(spec.maximum)}${inBrackets([...env, `default ${shown(spec.default)}`])}`
}

function initialText(value: string | undefined): string[] {
  return value === undefined ? [] : [`default ${value}`]
}

function inBrackets(parts: readonly string[]): string {
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
