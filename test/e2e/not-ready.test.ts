import { describe, expect, test } from 'vitest'
import { created } from '../helpers/run-events.ts'
import { defaultConfig, suite, tempProject } from '../helpers/temp-project.ts'

const broken = "{ network: { validators: 1, image: 'sei/seid:dev--never-pulls' }, followers: 0 }"
const imports = "import { test, expect } from 'vitest-environment-sei/test'\n"
const message = /network sei-\w+-1 is not ready|sei-\w+-1-0 is not ready|gate phase/

interface Results {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

describe.concurrent('a network that does not get ready', () => {
  test('error: fails each test that wants it, however it does, with the gate’s message in every report', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(broken),
      'failing.test.ts': await suite('failing'),
    })
    const { exitCode, output, events, receipt } = await project.run(
      ['default', 'json', 'junit'].map((name) => `--reporter=${name}`),
    )
    expect(exitCode, output).toBe(3)
    expect(created(events)).toHaveLength(1)
    const { testResults } = JSON.parse(await project.read('.vitest/json/output.json')) as Results
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
    expect(tests.filter(({ status }) => status === 'passed').map(({ title }) => title)).toEqual([
      'needs nothing',
    ])
    const failed = tests.filter(({ status }) => status === 'failed')
    expect(failed).toHaveLength(7)
    for (const { failureMessages } of failed) expect(failureMessages[0]).toMatch(message)
    const junit = await project.read('.vitest/junit/output.xml')
    expect(junit).toMatch(/tests="8" failures="7"/)
    expect(junit.match(/gate phase/g)?.length).toBeGreaterThanOrEqual(7)
    expect(output).toMatch(message)
    expect(receipt?.left).toEqual([])
    expect(receipt?.seals).toHaveLength(1)
  })

  test('error: a hook that wants it fails its file, which is not a failure of what is tested', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(broken),
      'hook.test.ts': `${imports}
        test.beforeAll(async ({ network }) => { await network.latestHeight() })
        test('waits for its hook', () => expect(1).toBe(1))`,
    })
    const { exitCode, output } = await project.run(['--reporter=default', '--reporter=junit'])
    expect(exitCode, output).toBe(3)
    expect(await project.read('.vitest/junit/output.xml')).toMatch(message)
    expect(output).not.toMatch(/testFailed/)
  })

  test('error: with bail the run ends with the same code', async () => {
    const wants = `${imports}test('wants it', ({ network }) => network.latestHeight())`
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(broken, '{ bail: 1 }'),
      ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`${name}.test.ts`, wants])),
    })
    const { exitCode, output, receipt } = await project.run()
    expect(exitCode, output).toBe(3)
    expect(receipt?.left).toEqual([])
  })
})

describe.concurrent('a network that takes its time', () => {
  const slow = (test: string): string =>
    defaultConfig(`{ network: { validators: 1 }, followers: 0, embedded: { rate: 2 } }`, test)

  test('default: times no test out', async () => {
    await using project = await tempProject({
      'vitest.config.ts': slow('{ testTimeout: 4_000, hookTimeout: 4_000 }'),
      'slow.test.ts': `${imports}
        const mine = test.extend('head', { scope: 'file' }, ({ network }) => network.latestHeight())
        mine('gets it', ({ head }) => expect(head).toBeGreaterThan(0))
        test.describe('nested', () => {
          test.beforeAll(async ({ network }) => { await network.latestHeight() })
          test('gets it too', async ({ endpoints }) => expect((await fetch(endpoints.tendermintRpc)).ok).toBe(true))
        })`,
    })
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(0)
    expect(output).toContain('clock ×2')
  })

  test('default: blocks may be slow without being taken for a halt', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(
        '{ network: { validators: 1 }, followers: 0, embedded: { blockMs: 3_200 } }',
      ),
      'slow.test.ts': `${imports}
        test('waits for a block', async ({ network }) => {
          const head = await network.latestHeight()
          expect(await network.waitHeightAdvances(3)).toBeGreaterThan(head)
          expect(network.signal.aborted).toBe(false)
        }, 60_000)`,
    })
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(0)
  })

  test('error: a run that bails out meanwhile is a failed run, not a cancelled one', async () => {
    await using project = await tempProject({
      'vitest.config.ts': slow('{ bail: 1, maxWorkers: 2 }'),
      'fails.test.ts': "import { test, expect } from 'vitest'\ntest('fails', () => expect(1).toBe(2))",
      'waits.test.ts': `${imports}test('waits', ({ network }) => network.latestHeight())`,
    })
    const { exitCode, output, receipt } = await project.run()
    expect(exitCode, output).toBe(1)
    expect(output).not.toMatch(/cancelled: /)
    expect(receipt?.left ?? []).toEqual([])
  })
})
