import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ScenarioReport } from '../../src/contract/scenario.ts'
import { reportPrefix } from '../../src/contract/scenario-names.ts'
import { stepsOf } from './cells.ts'
import { startScenarioCluster } from './cluster.ts'
import { leftBehind } from './left-behind.ts'
import { bucketOf, runOnce, scenarios, type Scenario } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'sei green '))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/**
 * By how much the scenario's times are shortened, and blocks of 600 ms with them. An upgrade is arithmetic: 200 blocks have to
 * outlast the start of a dozen processes, which takes a second each on a busy machine and is not shortened.
 */
const rates: Readonly<Record<Scenario, number>> = { 'release-test': 20, 'load-test': 20, 'major-upgrade': 3 }

/** That the report knows of every node what it passed, where it began and where it stood at the end. */
function expectFacts(report: ScenarioReport, nodes: number): void {
  const { heights = [], gates = [], gatesOmitted, images, headline } = report
  expect(heights).toHaveLength(nodes)
  for (const { before, after, blocks } of heights) {
    expect(Number(before)).toBeGreaterThan(1)
    expect(Number(blocks)).toBe(Number(after) - Number(before))
  }
  expect(Math.max(...heights.map(({ blocks }) => Number(blocks)))).toBeGreaterThan(0)
  expect(gates.filter(({ passed }) => !passed)).toEqual([])
  const rising = gates.filter(({ gate }) => gate === 'advancing').map(({ node }) => node)
  expect(rising.toSorted()).toEqual(heights.map(({ node }) => node).toSorted())
  expect(gatesOmitted).toBeUndefined()
  expect(headline).toContain(`of ${nodes} nodes, simulated`)
  expect(images.find(({ image }) => image.startsWith('sei/seid:'))?.imageID).toContain('@sha256:')
}

test.for(scenarios)(
  'default: %s passes under guard, with its own deadlines scaled, and leaves nothing',
  { timeout: 400_000 },
  async (scenario) => {
    const rate = rates[scenario]
    const cluster = await startScenarioCluster({ rate, blockMs: 600 / rate })
    try {
      const runId = 'green'
      const { run, outcome, upload } = await runOnce({ cluster, scenario, runId, guard: true, folder })
      expect(run.verdict.summary).toMatch(/^\d+ steps passed$/)
      expect(outcome).toBe('passed')
      expect(upload?.state).toBe('complete')
      const passed = run.verdict.steps.filter(({ result }) => result === 'pass').map(({ step }) => step)
      expect(passed).toEqual(expect.arrayContaining([...stepsOf[scenario]]))
      expect(run.cleanUp.left).toEqual([])
      expect(await leftBehind(cluster.kube, runId)).toEqual([])
      const place = join(bucketOf(folder), reportPrefix(scenario, runId))
      expect(existsSync(join(place, 'manifest.json'))).toBe(true)
      const report = JSON.parse(readFileSync(join(place, 'report.json'), 'utf8')) as ScenarioReport
      expect(report).toMatchObject({ runId, verdict: { result: 'pass' }, simulated: true })
      if (scenario === 'release-test') expectFacts(report, 5)
    } finally {
      await cluster.close()
    }
  },
)
