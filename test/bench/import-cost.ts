import { createProject, defaultConfig, type TempProject } from '../helpers/project.ts'
import { median, type Benchmark } from './benchmark.ts'

const repetitions = 11

interface Cost {
  /** From the start of the worker's process to the body of its first test. */
  readonly ms: number
  readonly rssMb: number
}

/**
 * What environment, set-up file and `vitest-environment-sei/test` add to a worker before its first test, beside a plain one.
 * No test names a fixture, and the import is one file away, so that no cluster runs meanwhile.
 */
export const importCost: Benchmark = {
  name: 'import-cost',
  async run({ packed }) {
    await using project = await createProject(packed, {
      'sei.config.ts': defaultConfig("{ mode: 'embedded' }", "{ include: ['sei.test.ts'] }"),
      'plain.config.ts': "export default { test: { include: ['plain.test.ts'] } }",
      'sei.ts': "export { test } from 'vitest-environment-sei/test'",
      'plain.ts': "export { test } from 'vitest'",
      'sei.test.ts': weighingTest('./sei.ts'),
      'plain.test.ts': weighingTest('./plain.ts'),
    })
    await weigh(project, 'sei')
    await weigh(project, 'plain')
    const sei: Cost[] = []
    const plain: Cost[] = []
    for (let count = 0; count < repetitions; count += 1) {
      plain.push(await weigh(project, 'plain'))
      sei.push(await weigh(project, 'sei'))
    }
    const added = (of: (cost: Cost) => number): number => median(sei.map(of)) - median(plain.map(of))
    return [
      { name: 'import cost, time', value: added(({ ms }) => ms), unit: 'ms', goal: 60 },
      { name: 'import cost, memory', value: added(({ rssMb }) => rssMb), unit: 'MB', goal: 20 },
    ]
  },
}

function weighingTest(door: string): string {
  return [
    "import { writeFileSync } from 'node:fs'",
    `import { test } from '${door}'`,
    "test('weigh', () => {",
    '  const cost = { ms: performance.now(), rssMb: process.memoryUsage.rss() / 2 ** 20 }',
    "  writeFileSync('cost.json', JSON.stringify(cost))",
    '})',
    '',
  ].join('\n')
}

async function weigh(project: TempProject, which: 'sei' | 'plain'): Promise<Cost> {
  const { exitCode, all } = await project.start(['run', '--config', `${which}.config.ts`])
  if (exitCode !== 0) throw new Error(`vitest run of ${which} ended with ${exitCode}:\n${all}`)
  return JSON.parse(await project.read('cost.json')) as Cost
}
