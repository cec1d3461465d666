import { readFile } from 'node:fs/promises'
import { printed } from '../helpers/processes.ts'
import { defaultConfig } from '../helpers/project.ts'
import type { Scenario } from './scenario.ts'

const imports = "import { test, expect } from 'vitest-environment-sei/test'\n"
const passing = `${imports}
test('serves the head the validators committed', async ({ network, followers }) => {
  const head = await network.latestHeight()
  for (const node of followers) expect(await node.waitHeight(head)).toBeGreaterThanOrEqual(head)
})`
const hanging = `${imports}
test('hangs until it is stopped', { timeout: 240_000 }, async ({ network }) => {
  console.log('THE TEST RUNS', network.name)
  await new Promise(() => {})
})`

/** In two parts, since Vitest looks for it in the text of this file as well. */
const ownOptions = (options: object): string =>
  `// @vitest-${'environment-options'} ${JSON.stringify(options)}\n`

function project(options: object, files: Readonly<Record<string, string>>): Scenario['files'] {
  // Threads cost less than processes to start, and there is one worker per file anyway.
  const config = defaultConfig(JSON.stringify(options), "{ pool: 'threads' }")
  return async () => ({ 'vitest.config.ts': config, ...files })
}

/** A network that never gets ready, since a fault is ordered for one of its nodes. */
function notReady(fault: string, on: 'validators' | 'followers', says: readonly RegExp[]): Scenario {
  const image = `sei/seid:dev--${fault}`
  const network = { validators: 3, ...(on === 'validators' ? { image } : {}) }
  const followers = { count: 1, ...(on === 'followers' ? { image } : {}) }
  return {
    name: `not ready: ${fault}`,
    files: project({ network, followers }, { 'a.test.ts': passing }),
    exitCode: 3,
    says,
    makes: { SeiNetwork: 1, SeiNode: on === 'validators' ? 3 : 4, Namespace: 0 },
  }
}

/** The suite of every fixture, for mode k8s and with time limits of its tests that a slow API server does not reach. */
async function patientFixtures(): Promise<string> {
  const text = await readFile(new URL('../e2e/suites/fixtures.suite.ts', import.meta.url), 'utf8')
  return text.replaceAll('30_000)', '120_000)').replace(/mode: (.*),(?=\s*simulated)/, "mode: 'k8s',")
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'passes',
    files: project({ network: { validators: 3 }, followers: 1 }, { 'a.test.ts': passing }),
    exitCode: 0,
    says: [/Tests +1 passed/, /nothing left/],
    makes: { SeiNetwork: 1, SeiNode: 4, Namespace: 0 },
  },
  {
    name: 'two networks, one with followers elsewhere',
    files: project(
      { network: { validators: 1 }, followers: 0, maxNetworks: 2 },
      {
        'a.test.ts': passing,
        'b.test.ts': `${ownOptions({ network: { validators: 3 }, followers: { count: 1, namespace: 'elsewhere' } })}${passing}`,
      },
    ),
    exitCode: 0,
    says: [/Tests +2 passed/, /nothing left/],
    makes: { SeiNetwork: 2, SeiNode: 5, Namespace: 1 },
  },
  {
    name: 'every fixture',
    files: async () => ({
      'vitest.config.ts': defaultConfig(
        '{ network: { validators: 4 }, followers: 2 }',
        '{ testTimeout: 120_000 }',
      ),
      'fixtures.test.ts': await patientFixtures(),
    }),
    exitCode: 0,
    says: [/Tests +\d+ passed \(\d+\)/, /nothing left/],
    makes: { SeiNetwork: 2, SeiNode: 8, Namespace: 0 },
    // A follower and a network of its own, which its tests delete.
    waivers: 2,
    isCostly: true,
  },
  {
    name: 'a test fails',
    files: project(
      { network: { validators: 1 }, followers: 0 },
      {
        'a.test.ts': `${imports}test('fails', async ({ network }) => expect(await network.latestHeight()).toBe(-1))`,
      },
    ),
    exitCode: 1,
    says: [/Tests +1 failed/, /exit 1: testFailed\n +- testFailed: [^\n]*$/],
    makes: { SeiNetwork: 1, SeiNode: 1, Namespace: 0 },
  },
  notReady('ceremony-fails.on-1', 'validators', [/SeiError:.*-1-1\b.*gate phase.*generate-gentx/]),
  notReady('never-pulls.on-1', 'validators', [/SeiError:.*-1-1\b.*gate phase.*(image|pull)/i]),
  notReady('crash-loops.on-0', 'followers', [/SeiError:.*-rpc-0\b.*gate (rpc|phase).*(crash|exit code 1)/i]),
  {
    name: 'refused',
    files: project(
      { network: { validators: 1 } },
      { 'a.test.ts': `${ownOptions({ followers: 1_000 })}${passing}` },
    ),
    exitCode: 64,
    says: [/1000 is out of range/],
    makes: { SeiNetwork: 0, SeiNode: 0, Namespace: 0 },
  },
  {
    // Stands still with all of its nodes up: whatever the API server says, there is one cause to tell.
    name: 'lost',
    files: project(
      { network: { validators: 1, image: 'sei/seid:dev--halts-at-600' }, followers: 0 },
      { 'a.test.ts': hanging },
    ),
    exitCode: 1,
    says: [/network sei-[\w-]+-1 is lost: no block after height 600/, /exit 1: testFailed/],
    makes: { SeiNetwork: 1, SeiNode: 1, Namespace: 0 },
  },
  {
    name: 'cancelled',
    files: project({ network: { validators: 1 }, followers: 0 }, { 'a.test.ts': hanging }),
    exitCode: 130,
    says: [/exit 130: cancelled/],
    makes: { SeiNetwork: 1, SeiNode: 1, Namespace: 0 },
    meanwhile: async (running) => {
      await printed(running, /THE TEST RUNS/)
      running.kill('SIGINT')
    },
  },
]
