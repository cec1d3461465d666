import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EmbeddedCluster } from 'vitest-environment-sei/embedded'
import { reportPrefix } from '../../src/contract/scenario-names.ts'
import { cellsOf, failing, failures, stepsOf } from './cells.ts'
import { startScenarioCluster } from './cluster.ts'
import { leftBehind } from './left-behind.ts'
import { watchPods, type PodLog } from './pod-log.ts'
import { bucketOf, runOnce, scenarios, type Scenario } from './run.ts'
import { runOf, table, type Row } from './table.ts'

/** Steps that run beside each other: neither is later than the other. */
function group(step: string): string {
  return step.replace(/-node-\d$/, '')
}

function laterThan(scenario: Scenario, step: string): string[] {
  const steps = stepsOf[scenario]
  const last = steps.findLastIndex((one) => group(one) === group(step))
  // The last one runs however a run ended.
  return steps.slice(last + 1, -1)
}

const rows: Row[] = []
const folder = mkdtempSync(join(tmpdir(), 'sei scenarios '))
let cluster: EmbeddedCluster
let log: PodLog

beforeAll(async () => {
  cluster = await startScenarioCluster()
  log = await watchPods(cluster.kube, cluster.namespace)
}, 60_000)

afterAll(async () => {
  log.close()
  await cluster.close()
  if (process.env['KEEP'] === undefined) rmSync(folder, { recursive: true, force: true })
  console.log(table(rows))
})

describe.for(scenarios)('%s', (scenario) => {
  test.concurrent.for(cellsOf(scenario))('behavior: $step ends by $failure, guard $guard', async (cell) => {
    const { step, failure, guard } = cell
    const runId = runOf(scenario, step, failure, guard)
    const workflow = `${scenario}-${runId}`
    const change = failing(step, failure)
    const done = await runOnce({ cluster, scenario, runId, guard, folder, change })
    const { run, outcome } = done
    const pods = log.of(workflow)
    const last = step === stepsOf[scenario].at(-1)
    rows.push({
      ...cell,
      result: run.verdict.result,
      outcome,
      pods: pods.size,
      left: run.cleanUp.left.length,
    })

    expect(run.verdict.result).toBe(last ? 'infra-fail' : failures[failure])
    expect(run.verdict.first?.step).toBe(step)
    expect(outcome).toBe(!last && failures[failure] === 'task-fail' ? 'testFailed' : 'noVerdict')
    if (guard) {
      const started = [...pods.keys()]
      expect(laterThan(scenario, step).filter((later) => started.includes(later))).toEqual([])
      for (const [name, names] of pods) expect([name, names.size]).toEqual([name, 1])
    }
    expect(log.running(workflow)).toEqual([])
    expect(run.cleanUp.left).toEqual([])
    expect(await leftBehind(cluster.kube, runId)).toEqual([])
    for (const name of ['run.json', 'report.json', 'summary.md', 'manifest.json'])
      expect(existsSync(join(bucketOf(folder), reportPrefix(scenario, runId), name)), name).toBe(true)
  })
})
