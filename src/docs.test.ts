import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from './cli/commands.ts'
import { checkAvailable } from './clusters/open.ts'
import { defaults, readinessBudgets } from './contract/defaults.ts'
import { exitCodes } from './contract/exit-codes.ts'
import { modes, type Mode } from './contract/modes.ts'
import type { FollowerOptions, PluginOptions } from './contract/spec.ts'
import { errorClasses, errorCodes, type ErrorClass, type ErrorCode } from './errors/codes.ts'
import { SeiError } from './errors/sei-error.ts'
import { outcomeOf } from './run/outcomes.ts'
import { environmentCodes } from './run/test-outcomes.ts'

const root = join(import.meta.dirname, '..')

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Cells of every table below a heading, backticks taken off; the tables' own headings left out. */
function rowsBelow(path: string, heading: string): string[][] {
  const [, section = ''] = read(path).split(`\n${heading}\n`)
  const rows = section.split(/\n#/)[0]?.match(/^\|.*\|$/gm) ?? []
  return rows
    .map((row) =>
      row
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
    .filter((_, at, all) => !isRule(all[at]) && !isRule(all[at + 1]))
}

function isRule(cells: readonly string[] | undefined): boolean {
  return cells?.every((cell) => /^-+$/.test(cell)) ?? false
}

function bare(cell: string | undefined): string {
  return (cell ?? '').replaceAll('`', '')
}

describe('docs/errors.md', () => {
  const rows = rowsBelow('docs/errors.md', '## Codes')

  test('default: it lists exactly the closed sets', () => {
    expect(rows.map(([code]) => bare(code))).toEqual(errorCodes)
    expect(rowsBelow('docs/errors.md', '## Classes').map(([name]) => bare(name))).toEqual(errorClasses)
  })

  test.for(rows)('behavior: %s leads to the exit codes it says', ([code, kind, run, inTest]) => {
    const cause = bare(code) === 'NETWORK_LOST' ? { details: { cause: 'chain' } } : {}
    const error = new SeiError('', { class: kind as ErrorClass, code: bare(code) as ErrorCode, ...cause })
    const ofRun = exitCodes[outcomeOf(error)]
    expect(Number(run)).toBe(ofRun)
    expect(Number(inTest)).toBe(environmentCodes.has(error.code) ? ofRun : exitCodes.testFailed)
  })

  test('behavior: every code of the set is thrown somewhere', () => {
    const sources = globSync('{src,fixtures}/**/*.ts', { cwd: root }).filter(
      (path) => !path.includes('.test') && path !== 'src/errors/codes.ts',
    )
    const text = sources.map(read).join('\n')
    expect(errorCodes.filter((code) => !text.includes(`'${code}'`))).toEqual([])
  })
})

type OptionName =
  | `network.${keyof NonNullable<PluginOptions['network']>}`
  | `followers.${keyof FollowerOptions}`
  | `readiness.${keyof NonNullable<PluginOptions['readiness']>}`
  | `watchdog.${keyof NonNullable<PluginOptions['watchdog']>}`
  | `halts.${keyof NonNullable<PluginOptions['halts']>}`
  | `embedded.${keyof NonNullable<PluginOptions['embedded']>}`
  | Exclude<keyof PluginOptions, 'network' | 'followers' | 'readiness' | 'watchdog' | 'halts' | 'embedded'>

/** Each option with its default as the page has to say it. The compiler sees to it that none is missing. */
const optionDefaults: Readonly<Record<OptionName, string>> = {
  'network.validators': String(defaults.validators),
  'network.image': defaults.image,
  'network.config': JSON.stringify(defaults.config),
  'network.genesis': '{}',
  'network.accounts': '[]',
  'network.sidecarImage': 'the controller’s',
  'followers.count': String(defaults.followers),
  'followers.image': 'the network’s',
  'followers.config': JSON.stringify(defaults.config),
  'followers.namespace': 'the network’s',
  isolation: 'shared',
  tasks: 'none',
  faults: 'none',
  workflow: 'none',
  mode: 'the environment’s',
  namespace: 'POD_NAMESPACE, else the service account’s, else default',
  context: 'the current one',
  allowContexts: '[]',
  maxNetworks: `${defaults.maxNetworks} on real clusters`,
  haltRun: 'false',
  runFolder: defaults.runFolder,
  'readiness.phaseMs': 'the mode’s',
  'readiness.gateMs': 'the mode’s',
  'watchdog.enabled': 'true',
  'watchdog.stallMs': `20 block times, at least ${defaults.stallMs}, or ${defaults.stallSimulatedMs} on a simulated cluster`,
  'halts.act': 'false',
  'halts.images': '{}',
  'halts.notify': 'nobody',
  'halts.lingerMs': `${defaults.haltLingerMs} of the cluster’s clock`,
  'embedded.rate': String(defaults.embeddedRate),
  'embedded.blockMs': String(defaults.embeddedBlockMs),
  'embedded.clock': 'real',
  'embedded.definitions': 'head',
  'embedded.images': '{}',
}

describe('docs/options.md', () => {
  test('default: it lists every option with its default', () => {
    const rows = ['## Of a network', '## Of the run'].flatMap((heading) =>
      rowsBelow('docs/options.md', heading),
    )
    const listed = rows.map(([name, value]) => [bare(name), bare(value).replaceAll("'", '’')])
    expect(Object.fromEntries(listed)).toEqual(optionDefaults)
  })

  test('default: it lists the budgets of every mode', () => {
    const listed = rowsBelow('docs/options.md', '## Budgets of readiness').map((row) => row.map(bare))
    expect(listed).toEqual(
      modes.map((mode) => {
        const { phaseMs, gateMs, unschedulableMs, imagePullMs } = readinessBudgets[mode]
        return [mode, ...[phaseMs, gateMs, unschedulableMs, imagePullMs].map(String)]
      }),
    )
  })
})

test('default: docs/seitask.md lists the commands there are', () => {
  const listed = rowsBelow('docs/seitask.md', '## Commands').map(([name]) => bare(name))
  expect(listed).toEqual(commands.map(({ name }) => name))
})

describe('README.md', () => {
  test('default: its exit codes are those of the contract, in their order', () => {
    const listed = rowsBelow('README.md', '## Exit codes').map(([code]) => Number(code))
    expect(listed).toEqual(Object.values(exitCodes))
  })

  test('default: it knows which modes this version can open', () => {
    const refused = rowsBelow('README.md', '## Modes').flatMap(([names = '', , state = '']) =>
      names.split(',').map((name): [string, boolean] => [bare(name).trim(), state.startsWith('refused')]),
    )
    const judged = modes.map((mode: Mode): [string, boolean] => [
      mode,
      !checkAvailable({ mode, source: 'option' }).ok,
    ])
    expect(Object.fromEntries(refused)).toEqual(Object.fromEntries(judged))
  })
})
