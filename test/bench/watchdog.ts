import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { outsideHand } from '../helpers/outside-hand.ts'
import { createProject, defaultConfig } from '../helpers/project.ts'
import { percentile, type Benchmark } from './benchmark.ts'

const exits = 20
const quorums = 10
const blockMs = 100
/** Three block times and a second. */
const quorumGoalMs = 3 * blockMs + 1_000

const config = defaultConfig(
  `{ mode: 'embedded', network: { validators: 4 }, followers: 0, watchdog: { stallMs: 3600000 }, embedded: { blockMs: ${blockMs} } }`,
  '{ maxWorkers: 1 }',
)

/** How soon a test ends by itself after a validator's pod went, and after two validators of four stopped voting. */
export const watchdog: Benchmark = {
  name: 'watchdog',
  async run({ packed, note }) {
    await using project = await createProject(packed, {
      'vitest.config.ts': config,
      'outside-hand.mjs': outsideHand,
      ...Object.fromEntries(numbers(exits).map((n) => [`exit-${n}.test.ts`, exitTest(n)])),
      ...Object.fromEntries(numbers(quorums).map((n) => [`quorum-${n}.test.ts`, quorumTest(n)])),
    })
    note(`  ${exits + quorums} networks, each of which is lost`)
    const { output } = await project.run(['--reporter=dot'])
    const read = async (name: string): Promise<number> => {
      const text = await readFile(join(project.root, name), 'utf8').catch(() => undefined)
      if (text === undefined) throw new Error(`${name} was not written:\n${output}`)
      return Number(text)
    }
    const afterExit = await Promise.all(numbers(exits).map((n) => read(`exit-${n}.ms`)))
    const afterQuorum = await Promise.all(numbers(quorums).map((n) => read(`quorum-${n}.ms`)))
    return [
      { name: 'pod deleted to test aborted, p50', value: percentile(afterExit, 50), unit: 'ms', goal: null },
      { name: 'pod deleted to test aborted, p95', value: percentile(afterExit, 95), unit: 'ms', goal: 1_000 },
      { name: 'last block to test aborted, p50', value: percentile(afterQuorum, 50), unit: 'ms', goal: null },
      {
        name: 'last block to test aborted, p95',
        value: percentile(afterQuorum, 95),
        unit: 'ms',
        goal: quorumGoalMs,
      },
    ]
  },
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

function options(value: object): string {
  return `// @vitest-${'environment-options'} ${JSON.stringify(value)}\n`
}

/** From the moment the deletion is sent: the pod exits a little later. */
function exitTest(number: number): string {
  return `${options({ isolation: 'file' })}
import { writeFileSync } from 'node:fs'
import { test } from 'vitest-environment-sei/test'
import { deletePod } from './outside-hand.mjs'
test('hangs', { timeout: 60_000 }, async ({ network, onTestFailed }) => {
  let from = 0
  onTestFailed(() => writeFileSync('exit-${number}.ms', String(performance.now() - from)))
  await network.waitHeightAdvances(5)
  from = performance.now()
  await deletePod(network.validators[${number % 4}])
  await new Promise(() => {})
})
`
}

/** From the moment the last block was first seen: it was made a little earlier. */
function quorumTest(number: number): string {
  const image = 'sei/seid:dev--halts-at-80.on-0--halts-at-80.on-1'
  return `${options({ isolation: 'file', network: { image } })}
import { writeFileSync } from 'node:fs'
import { test } from 'vitest-environment-sei/test'
test('hangs', { timeout: 60_000 }, async ({ network, onTestFailed }) => {
  const [, , node] = network.validators
  let seen = 0
  let from = performance.now()
  onTestFailed(() => writeFileSync('quorum-${number}.ms', String(performance.now() - from)))
  for (;;) {
    const height = await node.latestHeight()
    if (height > seen) from = performance.now()
    seen = height
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
})
`
}
