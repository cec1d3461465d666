import { createProject, defaultConfig } from '../helpers/project.ts'
import type { Benchmark, Figure } from './benchmark.ts'

/** How often each operation is done. `SEI_BENCH_ROUNDS` changes it. */
const rounds = Number(process.env['SEI_BENCH_ROUNDS'] ?? 50)

const config = defaultConfig(
  `{
    mode: 'embedded',
    tasks: true,
    network: {
      validators: 4,
      image: 'sei/seid:v1.0.0',
      config: { 'tx_index.indexer': 'kv', 'api.rest.enable': 'true' },
      genesis: { 'gov.voting_params.voting_period': '60s' },
    },
    followers: 2,
  }`,
  '{ maxWorkers: 1, testTimeout: 120_000 }',
)

/** `SEI_BENCH_OPERATIONS` names some of them, with commas between. */
const chosen = process.env['SEI_BENCH_OPERATIONS']?.split(',')

/** By operation: its body, of `network`, `followers`, `tasks`, the follower `node`, the validator `first` and the round `i`. */
const operations: Readonly<Record<string, string>> = {
  restartPod: 'await tasks.restartPod(node)',
  restartSeid: 'await tasks.restartSeid(node)',
  discoverPeers: 'await tasks.discoverPeers(node)',
  markReady: 'await tasks.markReady(node)',
  awaitHeight: 'await tasks.awaitHeight(node, (await network.latestHeight()) + 5)',
  // Each follower in its turn, from one image to the other and back.
  updateImage: 'await tasks.updateImage(node, `sei/seid:v1.0.${Math.floor(i / 2) % 2 === 0 ? 1 : 0}`)',
  'updateImage of the network': 'await tasks.updateImage(network, `sei/seid:v1.0.${i % 2 === 0 ? 1 : 0}`)',
  govParamChange:
    "await tasks.govParamChange(first, { changes: [{ subspace: 'staking', key: 'MaxValidators', value: 40 + i }] })",
  govVote: `
    const { proposalId } = await tasks.govParamChange(first, { changes: [{ subspace: 'staking', key: 'MaxValidators', value: 40 + i }] })
    await tasks.each(network.validators, (one) => tasks.govVote(one, { proposalId }))`,
  networkUpgrade:
    'await tasks.networkUpgrade(network, { upgradeName: `v${i + 2}.0.0`, image: `sei/seid:v${i + 2}.0.0`, followers })',
}

/**
 * Counts networks that the watchdog gives up although nothing but an operation of the harness happened to them; also operations
 * that failed for another reason, which would hide it.
 */
export const falseAborts: Benchmark = {
  name: 'false-aborts',
  onDemand: true,
  async run({ packed, note }) {
    const names = Object.keys(operations).filter((name) => chosen?.includes(name) !== false)
    await using project = await createProject(packed, {
      'vitest.config.ts': config,
      ...Object.fromEntries(names.map((name, at) => [`operation-${at}.test.ts`, testOf(name)])),
    })
    note(`  ${names.length} operations, ${rounds} times each`)
    const { output } = await project.run(['--reporter=json', '--outputFile=results.json'])
    const results = JSON.parse(await project.read('results.json')) as Results
    return names.flatMap((name): Figure[] => {
      const tests = results.testResults.flatMap(({ assertionResults }) =>
        assertionResults.filter(({ title }) => title.startsWith(`${name} #`)),
      )
      if (tests.length !== rounds) throw new Error(`${name} ran ${tests.length} times:\n${output}`)
      const failures = tests.filter(({ status }) => status !== 'passed')
      const lost = failures.filter(({ failureMessages }) => failureMessages.join().includes('is lost'))
      for (const { title, failureMessages } of failures)
        note(`  ${title}: ${failureMessages[0]?.split('\n')[0]}`)
      return [
        { name: `${name}: false aborts of ${rounds}`, value: lost.length, unit: '', goal: 0 },
        {
          name: `${name}: other failures of ${rounds}`,
          value: failures.length - lost.length,
          unit: '',
          goal: 0,
        },
      ]
    })
  },
}

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

function testOf(name: string): string {
  return `
import { test } from 'vitest-environment-sei/test'
for (let i = 0; i < ${rounds}; i += 1) {
  test(\`${name} #\${i}\`, async ({ network, followers, tasks }) => {
    const node = followers[i % followers.length]
    const first = network.validators[0]
    ${operations[name]}
    await network.waitHeightAdvances(2)
  })
}
`
}
