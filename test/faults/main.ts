/**
 * `npm run test:faults [-- --seeds N] [--first N] [--seed N] [--lanes N] [--envtest]`: runs of known verdict, each through a proxy that spoils
 * requests to the API server by a seed. Every run has to end as it would have without. `--seed N` replays one and shows its
 * output. Ends with 1 when a verdict was wrong, something was left or made twice, or a fault never occurred.
 */
import { randomInt } from 'node:crypto'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Cluster } from '../../src/clusters/cluster.ts'
import { startEmbedded } from '../../src/clusters/embedded.ts'
import { startEnvtest } from '../../src/clusters/envtest.ts'
import { calm, createSchedule, faultKinds, type FaultKind, type Schedule } from '../helpers/fault-schedule.ts'
import { packInto } from '../helpers/pack.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'
import { runTrial, type Trial } from './trial.ts'

interface Job {
  /** Undefined: without faults, to see that the scenario is what it says. */
  readonly seed: number | undefined
  readonly scenario: Scenario
  readonly schedule: Schedule
}

interface Tally {
  readonly injected: Map<FaultKind, number>
  requests: number
  right: number
  readonly wrong: string[]
}

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
  const kept = join(folder, 'wrong')
  const tally: Tally = { injected: new Map(), requests: 0, right: 0, wrong: [] }
  const jobs = seeds.map(jobOf)
  const queue = (isReplay ? jobs : [...scenarios.map(calmJob), ...jobs]).values()
  console.log(
    `${seeds.length} seeds from ${seeds[0]}, on ${isEnvtest ? 'a real API server' : 'the embedded one'}`,
  )
  try {
    const modules = await packInto(folder)
    await Promise.all(
      Array.from({ length: Math.min(lanes, seeds.length) }, async () => {
        const cluster: Cluster = await (isEnvtest ? startEnvtest() : startEmbedded())
        try {
          for (const job of queue) {
            const trial = await runTrial({ ...job, cluster, modules })
            count(tally, job, trial)
            console.log(describe(job, trial))
            if (isReplay) console.log(trial.result.output)
            if (trial.wrong.length > 0) await keep(kept, job, trial)
          }
        } finally {
          await cluster.close()
        }
      }),
    )
    return report(tally, kept, isReplay)
  } finally {
    if (tally.wrong.length === 0) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
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

function faultsIn({ handled }: Trial): Map<FaultKind, number> {
  const counts = new Map<FaultKind, number>()
  for (const { fault } of handled) if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  return counts
}

function count(tally: Tally, job: Job, trial: Trial): void {
  for (const [kind, times] of faultsIn(trial))
    tally.injected.set(kind, (tally.injected.get(kind) ?? 0) + times)
  tally.requests += trial.handled.length
  if (trial.wrong.length === 0) tally.right += 1
  else tally.wrong.push(nameOf(job))
}

function nameOf({ seed, scenario }: Job): string {
  return seed === undefined ? `calm, ${scenario.name}` : `seed ${seed}`
}

function describe(job: Job, trial: Trial): string {
  const { seed, scenario, schedule } = job
  const counts = [...faultsIn(trial)].map(([kind, times]) => `${times}× ${kind}`)
  const name = seed === undefined ? 'calm' : `seed ${seed}`
  const share = seed === undefined ? '' : ` (${Math.round(100 * schedule.density)} %)`
  const faults = counts.length === 0 ? 'no faults' : `faults${share}: ${counts.join(', ')}`
  const verdict = trial.wrong.length === 0 ? 'ok' : `WRONG: ${trial.wrong.join('; ')}`
  const seconds = (trial.tookMs / 1000).toFixed(1)
  return `${name} | ${scenario.name} | ${trial.handled.length} requests, ${faults} | exit ${trial.result.exitCode} after ${seconds} s | ${verdict}`
}

async function keep(folder: string, job: Job, { result, handled, wrong }: Trial): Promise<void> {
  const own = join(folder, nameOf(job).replaceAll(/\W+/g, '-'))
  await mkdir(own, { recursive: true })
  await writeFile(join(own, 'output.txt'), `${wrong.join('\n')}\n\n${result.output}`)
  const lines = handled.map(
    ({ at, method, path, query, fault = '' }) => `${at} ${method} ${path}${query} ${fault}`,
  )
  await writeFile(join(own, 'requests.txt'), `${lines.join('\n')}\n`)
  const { receipt, events } = result
  await writeFile(join(own, 'run.json'), JSON.stringify({ receipt, events }, undefined, 2))
}

function report({ injected, requests, right, wrong }: Tally, kept: string, isReplay: boolean): number {
  const total = [...injected.values()].reduce((sum, times) => sum + times, 0)
  console.log(`\n${requests} requests, ${total} of them spoilt:`)
  for (const kind of faultKinds) console.log(`  ${String(injected.get(kind) ?? 0).padStart(5)}  ${kind}`)
  const never = isReplay ? [] : faultKinds.filter((kind) => !injected.has(kind))
  if (never.length > 0) console.log(`never injected, so nothing is known of: ${never.join(', ')}`)
  console.log(`${right} of ${right + wrong.length} verdicts right`)
  if (wrong.length > 0) console.log(`wrong: ${wrong.join('; ')}; see ${kept}`)
  return wrong.length + never.length === 0 ? 0 : 1
}

process.exitCode = await main()
