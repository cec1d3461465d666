import { describe, expect, test } from 'vitest'
import { defaultConfig, docblock, tempProject } from '../helpers/temp-project.ts'

const one = '{ network: { validators: 1 }, followers: 0 }'
const imports = `
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { test, expect } from 'vitest-environment-sei/test'
`
/** A network that stops making blocks after it was ready, and tests that would never notice. */
const halting = `${docblock({ network: { image: 'sei/seid:dev--halts-at-40' } })}${imports}
test('hangs on it', { timeout: 100_000 }, async ({ network, onTestFailed }) => {
  network.signal.addEventListener('abort', () => writeFileSync('signal', network.signal.reason.code))
  onTestFailed(() => writeFileSync('lost', ''))
  await new Promise(() => {})
})
test('comes later', ({ network }) => network.latestHeight())
test('comes later still and retries', { retry: 3 }, async ({ endpoints }) => sleep(100_000))
`

describe.concurrent('a network that is lost', () => {
  test.for([
    { pool: 'forks', isolate: true },
    { pool: 'threads', isolate: false },
  ])('error: ends its tests at once, and no others ($pool, isolate $isolate)', async ({ pool, isolate }) => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(one, JSON.stringify({ pool, isolate, maxWorkers: 2 })),
      'halting.test.ts': halting,
      'other.test.ts': `${imports}
        test('goes on', { timeout: 100_000 }, async ({ network }) => {
          while (!existsSync('lost')) await network.waitHeightAdvances(1)
          expect(network.signal.aborted).toBe(false)
        })`,
    })
    const { exitCode, output, events, receipt } = await project.run([
      '--reporter=default',
      '--reporter=json',
      '--reporter=junit',
    ])
    expect(exitCode, output).toBe(1)
    const { testResults } = JSON.parse(await project.read('.vitest/json/output.json')) as {
      testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[]
    }
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
    const failed = tests.filter(({ status }) => status === 'failed')
    expect(failed.map(({ title }) => title)).toEqual([
      'hangs on it',
      'comes later',
      'comes later still and retries',
    ])
    const message = /network sei-[\w-]+ is lost: no block after height 40/
    for (const { failureMessages } of failed) expect(failureMessages[0]).toMatch(message)
    expect(tests.filter(({ status }) => status === 'passed')).toMatchObject([{ title: 'goes on' }])
    expect(await project.read('signal')).toBe('NETWORK_LOST')
    expect(await project.read('.vitest/junit/output.xml')).toMatch(message)
    expect(events).toContainEqual(expect.objectContaining({ type: 'network', state: 'lost' }))
    expect(output).toMatch(/exit 1: testFailed\n {2}- testFailed: network sei-[\w-]+ is lost/)
    expect(receipt).toMatchObject({ left: [], seals: [{ missing: [] }, { missing: [] }] })
  })

  test('error: with haltRun everything stops', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(
        '{ network: { validators: 1 }, followers: 0, haltRun: true }',
        '{ maxWorkers: 2 }',
      ),
      'halting.test.ts': halting,
      'other.test.ts': `${imports}
        test('would go on for ever', { timeout: 100_000 }, async ({ network }) => {
          while (!existsSync('never')) await network.waitHeightAdvances(1)
        })
        test('is not begun', () => writeFileSync('begun', ''))`,
    })
    const { exitCode, output, receipt } = await project.run()
    expect(exitCode, output).toBe(1)
    expect(output).toMatch(/is lost: no block after height 40/)
    await expect(project.read('begun')).rejects.toThrow('ENOENT')
    expect(receipt?.left).toEqual([])
  })
})
