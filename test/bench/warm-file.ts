import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { startVitest, type Vitest } from 'vitest/node'
import { createProject, defaultConfig } from '../helpers/project.ts'
import { median, type Benchmark } from './benchmark.ts'

const repetitions = 25

/**
 * One trivial file run again, with `({ network })` on a network that is warm, beside the same file of plain Vitest. Both
 * instances watch, so that a run is what a save of the file would cause.
 */
export const warmFile: Benchmark = {
  name: 'warm-file',
  async run({ packed }) {
    await using project = await createProject(packed, {
      'sei.config.ts': defaultConfig("{ mode: 'embedded' }", "{ include: ['sei.test.ts'] }"),
      'plain.config.ts': "export default { test: { include: ['plain.test.ts'] } }",
      'sei.test.ts': trivialTest('vitest-environment-sei/test', '{ network }', 'network.name'),
      'plain.test.ts': trivialTest('vitest', '', "'plain'"),
    })
    const plain = await startWatching(project.root, 'plain.config.ts')
    const sei = await startWatching(project.root, 'sei.config.ts')
    try {
      const plainMs: number[] = []
      const seiMs: number[] = []
      for (let count = 0; count < repetitions; count += 1) {
        plainMs.push(await rerunMs(plain))
        seiMs.push(await rerunMs(sei))
      }
      return [
        {
          name: 'trivial file, warm to plain',
          value: median(seiMs) / median(plainMs),
          unit: '×',
          goal: 1.25,
        },
        { name: 'trivial file, plain', value: median(plainMs), unit: 'ms', goal: null },
      ]
    } finally {
      await sei.close()
      await plain.close()
    }
  },
}

function trivialTest(door: string, fixtures: string, value: string): string {
  return [
    `import { test, expect } from '${door}'`,
    `test('trivial', (${fixtures}) => {`,
    `  expect(${value}).toBeTypeOf('string')`,
    '})',
    '',
  ].join('\n')
}

async function startWatching(root: string, config: string): Promise<Vitest> {
  const vitest = await startVitest(
    [],
    { root, config: join(root, config), watch: true, reporters: [{}] },
    {},
    // stdout belongs to the result.
    { stdout: new PassThrough().resume(), stderr: process.stderr },
  )
  checkPassed(vitest)
  return vitest
}

async function rerunMs(vitest: Vitest): Promise<number> {
  const specifications = await vitest.globTestSpecifications()
  const startedAt = performance.now()
  await vitest.runTestSpecifications(specifications)
  const elapsedMs = performance.now() - startedAt
  checkPassed(vitest)
  return elapsedMs
}

function checkPassed(vitest: Vitest): void {
  const modules = vitest.state.getTestModules()
  if (modules.length === 1 && modules.every((module) => module.ok())) return
  const errors = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => test.result().errors),
  )
  throw new Error(`the trivial file did not pass: ${JSON.stringify(errors)}`)
}
