import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createProject, defaultConfig, type TempProject } from '../helpers/project.ts'
import { median, type Benchmark } from './benchmark.ts'

const repetitions = 7

interface Start {
  readonly config: string
  /** What chooses the mode. */
  readonly mode: Readonly<Record<string, string>>
}

const sei: Start = { config: 'vitest.config.ts', mode: { SEI_EMBEDDED: '1' } }
const plain: Start = { config: 'plain.config.ts', mode: {} }

/** A file that needs the default network, and writes down when its first test began. */
export const firstSeiTest: Readonly<Record<string, string>> = {
  [sei.config]: defaultConfig('{ network: { validators: 4 }, followers: 2 }', "{ include: ['sei.test.ts'] }"),
  'sei.test.ts': firstTest('vitest-environment-sei/test', '{ network, followers }', [
    'expect(network.validators).toHaveLength(4)',
    'expect(followers).toHaveLength(2)',
  ]),
}

/**
 * From the start of `vitest run` until the body of the first test begins, with the default spec: 4 validators and 2
 * followers through all their gates. The first run after an install has no compiled code to load and is told apart.
 */
export const coldStart: Benchmark = {
  name: 'cold-start',
  async run({ packed }) {
    await using project = await createProject(packed, {
      ...firstSeiTest,
      [plain.config]: "export default { test: { include: ['plain.test.ts'] } }",
      'plain.test.ts': firstTest('vitest', '', ['expect(2).toBe(2)']),
    })
    const fresh = await timeToFirstTest(project, sei)
    await timeToFirstTest(project, plain)
    const seiMs: number[] = []
    const plainMs: number[] = []
    for (let count = 0; count < repetitions; count += 1) {
      plainMs.push(await timeToFirstTest(project, plain))
      seiMs.push(await timeToFirstTest(project, sei))
    }
    const seconds = median(seiMs) / 1_000
    return [
      { name: 'cold start to first test', value: seconds, unit: 's', goal: 1.5 },
      {
        name: 'cold start to plain vitest run',
        value: median(seiMs) / median(plainMs),
        unit: '×',
        goal: null,
      },
      { name: 'first start after an install', value: fresh / 1_000, unit: 's', goal: null },
    ]
  },
}

function firstTest(door: string, fixtures: string, checks: readonly string[]): string {
  return [
    "import { writeFileSync } from 'node:fs'",
    `import { test, expect } from '${door}'`,
    `test('first', (${fixtures}) => {`,
    "  writeFileSync('began', String(Date.now()))",
    ...checks.map((check) => `  ${check}`),
    '})',
    '',
  ].join('\n')
}

/** Ms from the start of `vitest run` until its first test begins. */
export async function timeToFirstTest(project: TempProject, { config, mode }: Start): Promise<number> {
  await rm(join(project.root, 'began'), { force: true })
  const startedAt = Date.now()
  const { exitCode, all } = await project.start(['run', '--config', config], mode)
  if (exitCode !== 0) throw new Error(`vitest run --config ${config} ended with ${exitCode}:\n${all}`)
  return Number(await project.read('began')) - startedAt
}
