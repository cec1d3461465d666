import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ScenarioRun, StepReport } from '../../contract/scenario.ts'
import { createRedactor } from '../redact.ts'
import { writeReport } from './write-report.ts'

const mnemonic =
  'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold'

const keygen: StepReport = {
  step: 'keygen-admin',
  result: 'pass',
  node: 'keygen-admin-x7x2p',
  pod: 'keygen-admin-x7x2p-2kqjd',
  container: 'keygen',
  exitCode: 0,
  startedAt: '2026-11-21T12:00:00Z',
  finishedAt: '2026-11-21T12:00:03Z',
  lastLines: [],
}

const failed: StepReport = {
  step: 'run-release-test',
  result: 'task-fail',
  container: 'main',
  exitCode: 1,
  reason: 'Error',
  startedAt: '2026-11-21T12:00:03Z',
  finishedAt: '2026-11-21T12:25:33Z',
  lastLines: ['\u001B[31m3 failing\u001B[0m', '| a | `b` ```', mnemonic],
}

const passing: ScenarioRun = {
  runId: '42',
  trigger: 'CronJob nightly/release-test',
  harness: '0.1.0',
  cluster: 'harbor',
  workflow: 'release-test-42',
  namespace: 'nightly',
  origin: {
    scenario: 'release-test',
    repo: 'github.com/sei-protocol/scenarios',
    ref: 'main',
    commit: '1cc206c1cc206c1cc206c1cc206c1cc206c1cc20',
    path: 'scenarios/release-test.yaml',
    sha256: 'ab'.repeat(32),
  },
  guarded: true,
  simulated: false,
  startedAt: '2026-11-21T12:00:00Z',
  finishedAt: '2026-11-21T12:30:00Z',
  vars: { SEI_CHAIN_ID: 'rel-42' },
  images: [{ image: 'sei/seid:v7', imageID: 'sei/seid@sha256:0123' }],
  allowedDrift: [],
  verdict: { result: 'pass', outcome: 'passed', later: [], steps: [keygen], summary: 'all steps passed' },
  outcomes: [],
  stages: [{ stage: 'fetch', startedAt: '2026-11-21T12:00:00Z', finishedAt: '2026-11-21T12:00:00.5Z' }],
  chainIds: ['rel-42'],
  heights: [
    { node: 'rel-42-0', role: 'validator', before: '9007199254740993', after: '9007199254741004' },
    { node: 'rel-42-1', role: 'validator', before: '9007199254740999', after: '9007199254741003' },
    { node: 'rel-42-rpc-0', role: 'node', before: '7' },
  ],
  gates: [
    {
      gate: 'height',
      node: 'rel-42-0',
      passed: true,
      observed: 'height 2',
      threshold: 'above 1, not catching up',
      tookMs: 61_000,
      limitMs: 300_000,
    },
    { gate: 'rpc', node: 'rel-42-rpc-0', passed: false, observed: '<503>' },
  ],
  defences: [],
  cleanUp: { deleted: ['Workflow release-test-42'], left: [] },
  missing: [],
  workflowVars: { EXIT_REASON: 'pass' },
}

async function written(run: ScenarioRun): Promise<{ report: string; summary: string }> {
  const made = await mkdtemp(join(tmpdir(), 'report '))
  onTestFinished(() => rm(made, { recursive: true }))
  const folder = join(made, 'run')
  await writeReport(run, folder, createRedactor([mnemonic]))
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
  return { report: await read('report.json'), summary: await read('summary.md') }
}

test('default: the summary begins with the verdict and says how far it reaches', async () => {
  const { summary } = await written(passing)
  expect(summary).toMatchInlineSnapshot(`
    "# PASS: release-test (run 42)

    Passed: 1 of 1 steps of release-test on rel-42, heights 9007199254740993 to 9007199254741004 of 2 of 3 nodes.

    ## Steps

    | step           | result | exit | took  | reason |
    | -------------- | ------ | ---- | ----- | ------ |
    | \`keygen-admin\` | pass   | 0    | 3.0 s |        |

    ## Gates

    | node           | gate   | result     | observed | threshold                | took    | limit   |
    | -------------- | ------ | ---------- | -------- | ------------------------ | ------- | ------- |
    | \`rel-42-0\`     | height | passed     | height 2 | above 1, not catching up | 1 m 1 s | 5 m 0 s |
    | \`rel-42-rpc-0\` | rpc    | not passed | \\<503\\>  |                          |         |         |

    ## Heights

    | node           | role      | before           | after            | blocks |
    | -------------- | --------- | ---------------- | ---------------- | ------ |
    | \`rel-42-0\`     | validator | 9007199254740993 | 9007199254741004 | 11     |
    | \`rel-42-1\`     | validator | 9007199254740999 | 9007199254741003 | 4      |
    | \`rel-42-rpc-0\` | node      | 7                | not read         |        |

    ## Phases

    | phase | began                | took  | error |
    | ----- | -------------------- | ----- | ----- |
    | fetch | 2026-11-21T12:00:00Z | 0.5 s |       |

    ## Run

    - Workflow: nightly/release-test-42
    - cluster: harbor
    - chains: rel-42
    - began: 2026-11-21T12:00:00Z
    - ended: 2026-11-21T12:30:00Z (30 m 0 s)
    - started by: CronJob nightly/release-test
    - harness: 0.1.0
    - guarded: yes

    ## Inputs

    - scenario: github.com/sei-protocol/scenarios at 1cc206c1cc206c1cc206c1cc206c1cc206c1cc20, scenarios/release-test.yaml
    - SHA-256 of it: abababababababababababababababababababababababababababababababab
    - image \`sei/seid:v7\`: \`sei/seid@sha256:0123\`
    - \`SEI_CHAIN_ID=rel-42\`

    ## Clean-up

    1 object deleted, 0 left
    "
  `)
})

test('default: report.json is the run, with its version and headline', async () => {
  const { report } = await written(passing)
  const { version, headline, heights, ...run } = JSON.parse(report) as Record<string, unknown>
  expect(version).toBe(1)
  expect(headline).toContain('Passed: 1 of 1 steps of release-test on rel-42')
  const { heights: before, ...others } = passing
  expect(run).toEqual(JSON.parse(JSON.stringify(others)))
  expect(heights).toEqual(
    before?.map((height, at) => ({ ...height, ...[{ blocks: '11' }, { blocks: '4' }][at] })),
  )
})

test.for<[string, Partial<ScenarioRun>, string]>([
  ['one node', { heights: [{ node: 'a', before: '3', after: '9' }] }, ' on rel-42, heights 3 to 9 of a.'],
  ['no node that answered', { heights: [{ node: 'a', before: '3' }, { node: 'b' }] }, ' on rel-42.'],
  ['nodes of two chains', { chainIds: ['a', 'b'] }, ' on a, b.'],
  [
    'all nodes',
    {
      heights: [
        { node: 'a', before: '10', after: '12' },
        { node: 'b', before: '9', after: '9' },
      ],
    },
    ' on rel-42, heights 9 to 12 of 2 nodes.',
  ],
])('behavior: the headline claims the heights of %s', async ([, change, ending]) => {
  const { summary } = await written({ ...passing, ...change })
  expect(summary.split('\n')[2]).toBe(`Passed: 1 of 1 steps of release-test${ending}`)
})

test('behavior: a node that was set back has no blocks, and gates without room are counted', async () => {
  const heights = [{ node: 'a', before: '12', after: '3' }]
  const { summary } = await written({ ...passing, heights, gatesOmitted: 7 })
  expect(summary).toMatch(/\| `a` +\| +\| 12 +\| 3 +\| +\|/)
  expect(summary).toContain('7 more were left out for want of room.')
})

test('default: a failure is told with its step, its exit code and the end of its log, harmless and without secrets', async () => {
  const later = { ...keygen, step: 'upload-report', result: 'infra-fail' as const, exitCode: 2 }
  const { report, summary } = await written({
    ...passing,
    verdict: {
      result: 'task-fail',
      outcome: 'testFailed',
      first: failed,
      later: [later],
      steps: [keygen, failed, later, { step: 'never', result: 'not-run', lastLines: [] }],
      summary: 'run-release-test, container main, exit 1: 3 failing',
    },
    outcomes: [
      { outcome: 'testFailed', what: 'step run-release-test' },
      { outcome: 'noVerdict', what: 'the upload failed' },
    ],
    cleanUp: { deleted: [], left: ['SeiNetwork rel-42'] },
  })
  const lines = summary.split('\n')
  expect(lines[0]).toBe('# FAIL: release-test (run 42)')
  expect(summary).toContain('First failure: `run-release-test` task-fail, container `main`, exit 1, Error')
  expect(summary).toContain('````text\n3 failing\n| a | `b` ```\n[redacted]\n````')
  expect(summary).toContain('- then `upload-report` infra-fail, container `keygen`, exit 2')
  expect(summary).toContain('- noVerdict: the upload failed')
  expect(summary).toContain('- left: `SeiNetwork rel-42`')
  expect(summary).toMatch(/\| `run-release-test` +\| task-fail +\| 1 +\| 25 m 30 s \| Error/)
  for (const text of [report, summary]) expect(text).not.toContain('clutch')
})

test.for([
  ['noVerdict', '# NO VERDICT:'],
  ['notReady', '# NO VERDICT:'],
  ['cancelled', '# NO VERDICT:'],
  ['testFailed', '# FAIL:'],
] as const)('behavior: a pass after which the run ended with %s is no PASS', async ([outcome, begins]) => {
  const { summary } = await written({ ...passing, outcomes: [{ outcome, what: 'something else' }] })
  expect(summary.startsWith(begins)).toBe(true)
  expect(summary.split('\n')[2]).toContain('something else')
})

test('behavior: missing evidence takes the headline, and is listed', async () => {
  const missing = [{ item: 'logs/a/main.log', reason: 'the pod had <gone>' }]
  const { summary } = await written({ ...passing, missing })
  expect(summary.split('\n')[2]).toBe('No headline: 1 item of evidence is missing.')
  expect(summary).toContain('- `logs/a/main.log`: the pod had \\<gone\\>')
})
