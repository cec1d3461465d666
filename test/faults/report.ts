import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { faultKinds, type FaultKind, type Schedule } from '../helpers/fault-schedule.ts'
import type { Scenario } from './scenario.ts'
import type { Trial } from './trial.ts'

export interface Job {
  /** Undefined: without faults, to see that the scenario is what it says. */
  readonly seed: number | undefined
  readonly scenario: Scenario
  readonly schedule: Schedule
}

/** One line for each run, and at the end what was injected and how many verdicts were right. */
export class Report {
  readonly #folder: string
  readonly #isReplay: boolean
  readonly #injected = new Map<FaultKind, number>()
  readonly #wrong: string[] = []
  #requests = 0
  #right = 0

  /** What there is to see of a wrong run is kept in `folder`; a replay shows its output. */
  constructor(folder: string, isReplay: boolean) {
    this.#folder = folder
    this.#isReplay = isReplay
  }

  get isAllRight(): boolean {
    return this.#wrong.length === 0
  }

  async add(job: Job, trial: Trial): Promise<void> {
    for (const [kind, times] of faultsIn(trial))
      this.#injected.set(kind, (this.#injected.get(kind) ?? 0) + times)
    this.#requests += trial.handled.length
    console.log(describe(job, trial))
    if (this.#isReplay) console.log(trial.result.output)
    if (trial.wrong.length === 0) {
      this.#right += 1
      return
    }
    this.#wrong.push(nameOf(job))
    await keep(this.#folder, job, trial)
  }

  /** Prints the totals; returns the exit code. */
  end(): number {
    const injected = this.#injected
    const total = [...injected.values()].reduce((sum, times) => sum + times, 0)
    console.log(`\n${this.#requests} requests, ${total} of them spoilt:`)
    for (const kind of faultKinds) console.log(`  ${String(injected.get(kind) ?? 0).padStart(5)}  ${kind}`)
    const never = this.#isReplay ? [] : faultKinds.filter((kind) => !injected.has(kind))
    if (never.length > 0) console.log(`never injected, so nothing is known of: ${never.join(', ')}`)
    console.log(`${this.#right} of ${this.#right + this.#wrong.length} verdicts right`)
    if (!this.isAllRight) console.log(`wrong: ${this.#wrong.join('; ')}; see ${this.#folder}`)
    return this.isAllRight && never.length === 0 ? 0 : 1
  }
}

function faultsIn({ handled }: Trial): Map<FaultKind, number> {
  const counts = new Map<FaultKind, number>()
  for (const { fault } of handled) if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  return counts
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
