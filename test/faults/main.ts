/**
 * `npm run test:faults [-- --seeds N] [--first N] [--seed N] [--lanes N] [--envtest]`: runs of known verdict, each through a proxy that spoils
 * requests to the API server by a seed. Every run has to end as it would have without. `--seed N` replays one and shows its
 * output. Ends with 1 when a verdict was wrong, something was left or made twice, or a fault never occurred.
 */
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Cluster } from '../../src/clusters/cluster.ts'
import { startEmbedded } from '../../src/clusters/embedded.ts'
import { startEnvtest } from '../../src/clusters/envtest.ts'
import { calm, createSchedule } from '../helpers/fault-schedule.ts'
import { packInto } from '../helpers/pack.ts'
import { Report, type Job } from './report.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import { runTrial } from './trial.ts'

interface Arguments {
  readonly seeds: readonly number[]
  readonly isReplay: boolean
  readonly isEnvtest: boolean
  /** Runs at a time, each with a cluster of its own. */
  readonly lanes: number
}

async function main(): Promise<number> {
  const { seeds, isReplay, isEnvtest, lanes } = readArguments()
  const folder = await mkdtemp(join(tmpdir(), 'sei-faults-'))
  const report = new Report(join(folder, 'wrong'), isReplay)
  const jobs = seeds.map(jobOf)
  const queue = (isReplay ? jobs : [...scenarios.map(calmJob), ...jobs]).values()
  console.log(
    `${seeds.length} seeds from ${seeds[0]}, on ${isEnvtest ? 'a real API server' : 'the embedded one'}`,
  )
  try {
    const modules = await packInto(folder)
    const start = (): Promise<Cluster> => (isEnvtest ? startEnvtest() : startEmbedded())
    const count = Math.min(lanes, seeds.length)
    await Promise.all(Array.from({ length: count }, () => runLane(queue, start, modules, report)))
    return report.end()
  } finally {
    if (report.isAllRight) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** One run after the other, on a cluster that has to be empty after each. */
async function runLane(
  queue: Iterable<Job>,
  start: () => Promise<Cluster>,
  modules: string,
  report: Report,
): Promise<void> {
  const cluster = await start()
  try {
    for (const job of queue) await report.add(job, await runTrial({ ...job, cluster, modules }))
  } finally {
    await cluster.close()
  }
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10' },
      first: { type: 'string', default: String(randomInt(1, 1_000_000)) },
      seed: { type: 'string' },
      lanes: { type: 'string', default: '2' },
      envtest: { type: 'boolean', default: false },
    },
  })
  const isEnvtest = values.envtest
  const lanes = positive('lanes', values.lanes)
  if (values.seed !== undefined)
    return { seeds: [positive('seed', values.seed)], isReplay: true, isEnvtest, lanes }
  const first = positive('first', values.first)
  const seeds = Array.from({ length: positive('seeds', values.seeds) }, (_, at) => first + at)
  return { seeds, isReplay: false, isEnvtest, lanes }
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${name} is ${text}, expected a positive integer`)
  return Number(text)
}

/** Neighbouring seeds take the scenarios in turn, so that also a few of them cover much; the costly one is rarer. */
function jobOf(seed: number): Job {
  const [cheap, costly] = [
    scenarios.filter(({ isCostly }) => isCostly !== true),
    scenarios.find(({ isCostly }) => isCostly),
  ]
  const scenario = seed % 30 === 0 ? costly : cheap[seed % cheap.length]
  if (scenario === undefined) throw new Error('there are no scenarios')
  return { seed, scenario, schedule: createSchedule(seed) }
}

function calmJob(scenario: Scenario): Job {
  return { seed: undefined, scenario, schedule: calm }
}

process.exitCode = await main()
