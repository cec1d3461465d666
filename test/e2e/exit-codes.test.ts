import { describe, expect, test } from 'vitest'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'

const one = '{ network: { validators: 1 }, followers: 0 }'
// In two parts, since Vitest looks for docblocks in the whole text of this file as well.
const docblock = `// @vitest-${'environment-options'}`
const imports = "import { test, expect } from 'vitest-environment-sei/test'\n"

interface Ending {
  readonly title: string
  readonly files: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  readonly exitCode: number
  readonly says: RegExp
}

const endings: readonly Ending[] = [
  {
    title: 'a failed test',
    files: {
      'a.test.ts': `${imports}test('fails', async ({ network }) => expect(network.name).toBe('other'))`,
    },
    exitCode: 1,
    says: /testFailed: a\.test\.ts > fails/,
  },
  {
    title: 'a failed test of a file that names no fixture',
    files: { 'a.test.ts': "import { test, expect } from 'vitest'\ntest('fails', () => expect(1).toBe(2))" },
    exitCode: 1,
    says: /testFailed/,
  },
  {
    title: 'a file that cannot be loaded',
    files: { 'a.test.ts': `${imports}throw new Error('no tests today')` },
    exitCode: 1,
    says: /a\.test\.ts failed outside its tests/,
  },
  {
    title: 'every test skipped',
    files: { 'a.test.ts': `${imports}test.skip('never', ({ network }) => expect(network).toBeDefined())` },
    exitCode: 4,
    says: /nothingRan: all 1 tests were skipped/,
  },
  {
    title: 'a name pattern that selects nothing',
    files: { 'a.test.ts': `${imports}test('one', () => expect(1).toBe(1))` },
    args: ['-t', 'no such test'],
    exitCode: 4,
    says: /nothingRan/,
  },
  {
    title: 'no test file at all',
    files: {},
    exitCode: 4,
    says: /nothingRan: no test was found/,
  },
  {
    title: 'a failed test beside a network that never got ready',
    files: {
      'a.test.ts': "import { test, expect } from 'vitest'\ntest('fails', () => expect(1).toBe(2))",
      'b.test.ts': `${docblock} {"network":{"image":"sei/seid:dev--never-pulls"}}\n${imports}test('waits', async ({ network }) => expect(network).toBeDefined())`,
    },
    exitCode: 1,
    says: /exit 1: testFailed[\s\S]*notReady: /,
  },
  {
    title: 'a docblock that is no JSON',
    files: { 'a.test.ts': `${docblock} {followers: 3}\n${imports}test('x', () => {})` },
    exitCode: 64,
    says: /a\.test\.ts.*JSON/,
  },
  {
    title: 'a docblock with an unknown key',
    files: { 'a.test.ts': `${docblock} {"folowers":3}\n${imports}test('x', () => {})` },
    exitCode: 64,
    says: /folowers.*followers/s,
  },
  {
    title: 'a run folder that cannot be made',
    files: {
      'vitest.config.ts': defaultConfig("{ runFolder: 'package.json' }"),
      'a.test.ts': `${imports}test('x', ({ network }) => expect(network).toBeDefined())`,
    },
    exitCode: 64,
    says: /no run can be recorded in .*package\.json.*runFolder/s,
  },
]

describe.concurrent('exit codes', () => {
  test.for(endings)('error: $title ends with $exitCode', async ({ files, args = [], exitCode, says }) => {
    await using project = await tempProject({ 'vitest.config.ts': defaultConfig(one), ...files })
    const result = await project.run(args)
    expect(result.output).toMatch(says)
    expect(result.exitCode, result.output).toBe(exitCode)
    expect(result.receipt?.left ?? []).toEqual([])
  })

  test('error: bad options end with 64 at start-up', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig('{ network: { validators: 2 } }'),
      'a.test.ts': `${imports}test('x', () => {})`,
    })
    const { exitCode, output, folder } = await project.run()
    expect(exitCode, output).toBe(64)
    expect(output).toMatch(/validators/)
    expect(folder).toBeUndefined()
  })

  test('behavior: reporters of any shape stand beside ours', async () => {
    await using project = await tempProject({
      'vitest.config.ts': [
        "import { defineConfig } from 'vitest/config'",
        "import { sei } from 'vitest-environment-sei/plugin'",
        'class Own { self = this; onTestRunEnd() { console.log("OUR OWN REPORTER") } }',
        `export default defineConfig({ plugins: [sei(${one})], test: { reporters: [new Own(), 'default'] } })`,
      ].join('\n'),
      'a.test.ts': "import { test, expect } from 'vitest'\ntest('passes', () => expect(1).toBe(1))",
    })
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(0)
    expect(output).toContain('OUR OWN REPORTER')
  })

  test('behavior: passing tests that need no network start none', async () => {
    await using project = await tempProject({
      'a.test.ts': "import { test, expect } from 'vitest'\ntest('passes', () => expect(1).toBe(1))",
    })
    const { exitCode, output, events } = await project.run()
    expect(exitCode, output).toBe(0)
    expect(events.filter(({ type }) => type === 'cluster')).toEqual([])
  })
})
