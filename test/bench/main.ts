/**
 * `npm run bench [-- --json] [-- --only <name>]`: measures what the project promises about speed and cost. Builds and packs
 * first, so that what is measured is what users would install. Ends with 1 when something could not be measured; a goal that
 * is missed shows in the table and changes nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { packInto, repository } from '../helpers/pack.ts'
import { apiCalls } from './api-calls.ts'
import type { Bench, Benchmark, Figure } from './benchmark.ts'
import { coldStart } from './cold-start.ts'
import { envtest } from './envtest.ts'
import { falseAborts } from './false-aborts.ts'
import { fleet } from './fleet.ts'
import { gateLag } from './gate-lag.ts'
import { importCost } from './import-cost.ts'
import { virtualHour } from './virtual-hour.ts'
import { warmFile } from './warm-file.ts'
import { watchdog } from './watchdog.ts'
import { workflowAbort } from './workflow-abort.ts'

const benchmarks: readonly Benchmark[] = [
  coldStart,
  gateLag,
  fleet,
  warmFile,
  importCost,
  apiCalls,
  envtest,
  watchdog,
  virtualHour,
  workflowAbort,
  falseAborts,
]

async function main(): Promise<void> {
  const { json, chosen } = readArguments()
  const folder = await mkdtemp(join(tmpdir(), 'sei-bench-'))
  try {
    await execa('node', ['ci/build.ts'], { cwd: repository, preferLocal: true, stdout: process.stderr })
    const bench: Bench = { packed: await packInto(folder), note: (text) => console.error(text) }
    const figures: (Figure | Unmeasured)[] = []
    for (const benchmark of chosen) {
      bench.note(`measuring ${benchmark.name}`)
      figures.push(...(await measured(benchmark, bench)))
    }
    console.log(json ? JSON.stringify(figures, undefined, 2) : renderTable(figures))
    if (figures.some((figure) => figure.value === null)) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function readArguments(): { json: boolean; chosen: readonly Benchmark[] } {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
  })
  const { json, only } = values
  const names = benchmarks.map(({ name }) => name)
  const unknown = only?.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`no benchmark ${unknown}; there are ${names.join(', ')}`)
  return {
    json,
    chosen: benchmarks.filter(({ name, onDemand }) => only?.includes(name) ?? onDemand !== true),
  }
}

/** The row of a benchmark that could not be measured; the others go on. */
interface Unmeasured extends Pick<Figure, 'name'> {
  readonly value: null
  readonly why: string
}

async function measured(
  benchmark: Benchmark,
  bench: Bench,
): Promise<readonly Figure[] | readonly Unmeasured[]> {
  try {
    return await benchmark.run(bench)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    bench.note(`${benchmark.name} could not be measured: ${why}`)
    return [{ name: benchmark.name, value: null, why }]
  }
}

function renderTable(figures: readonly (Figure | Unmeasured)[]): string {
  const rows = figures.map((figure) => {
    if (figure.value === null) return [figure.name, 'not measured', '', figure.why.split('\n')[0]]
    const { name, value, unit, goal } = figure
    return [
      name,
      `${shown(value)} ${unit}`.trim(),
      goal === null ? '' : `≤ ${goal} ${unit}`.trim(),
      goal === null ? '' : value <= goal ? 'holds' : 'MISSED',
    ]
  })
  const all = [['', 'measured', 'goal', ''], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map(([name = '', value = '', goal = '', verdict = '']) =>
      [
        name.padEnd(widths[0] ?? 0),
        value.padStart(widths[1] ?? 0),
        goal.padStart(widths[2] ?? 0),
        verdict,
      ].join('  '),
    )
    .join('\n')
}

function shown(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0)
}

try {
  await main()
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
