import { describe, expect, test } from 'vitest'
import { environmentOf, seitask } from '../helpers/named-cluster.ts'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'

const clocks = ['real', 'virtual'] as const

/** Waits of several minutes of the cluster's time, at a rate of 200 many hours of its controllers'. */
const patient = `
import { test, expect } from 'vitest-environment-sei/test'
test('blocks', { timeout: 60_000 }, async ({ network, followers }) => {
  const height = await network.latestHeight()
  expect(await network.waitHeight(height + 50)).toBeGreaterThanOrEqual(height + 50)
  for (const node of followers) await node.waitHeight(height + 50)
})
test('a task', { timeout: 60_000 }, async ({ tasks, followers: [follower] }) => {
  const { height } = await tasks.awaitHeight(follower, (await follower.latestHeight()) + 30)
  expect(height).toBeGreaterThan(0)
  await tasks.restartPod(follower)
})
test('a height that does not come', { timeout: 60_000 }, async ({ network }) => {
  await expect(network.waitHeight(1_000_000, { timeoutMs: 3_000 })).rejects.toMatchObject({ code: 'WAIT_TIMEOUT' })
})
`

const stuck = `
import { test } from 'vitest-environment-sei/test'
test('wants it', async ({ network }) => { await network.latestHeight() })
`

function configOf(clock: string, more = ''): string {
  return defaultConfig(
    `{ mode: 'embedded', network: { validators: 4 }, followers: 1, embedded: { clock: '${clock}' }${more} }`,
  )
}

/** The embedded API server is the only one that has it. */
describe('a virtual clock', () => {
  test('behavior: the same file passes by both clocks, its waits as well as its time-outs', async () => {
    for (const clock of clocks) {
      await using project = await tempProject({
        'vitest.config.ts': configOf(clock),
        'patient.test.ts': patient,
      })
      const { exitCode, output, receipt } = await project.run()
      expect(exitCode, output).toBe(0)
      expect(output).toContain(clock === 'virtual' ? 'virtual clock ×200' : 'simulated, clock ×200')
      expect(receipt).toMatchObject({ left: [] })
    }
  })

  test('error: a node that is never caught up ends a run with the same code, gate and cause', async () => {
    const told: string[] = []
    for (const clock of clocks) {
      await using project = await tempProject({
        'vitest.config.ts': configOf(clock).replace(
          'followers: 1',
          "followers: { count: 1, image: 'sei/seid:dev--never-caught-up' }",
        ),
        'stuck.test.ts': stuck,
      })
      const { exitCode, output } = await project.run()
      expect(exitCode, output).toBe(3)
      told.push(
        /gate (\w+)/.exec(output)?.[1] ?? output,
        /likely cause: (.*)/.exec(output)?.[1]?.replaceAll(/\d+/g, 'N') ?? output,
      )
    }
    expect(told.slice(2)).toEqual(told.slice(0, 2))
    expect(told[0]).toBe('height')
  })

  test('behavior: a test lets hours pass; the watchdog takes it for no loss', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(
        "{ mode: 'embedded', network: { validators: 1 }, followers: 0, embedded: { clock: 'virtual', rate: 1, blockMs: 60000 } }",
      ),
      'hours.test.ts': `
        import { test, expect } from 'vitest-environment-sei/test'
        test('hours', { timeout: 120_000 }, async ({ sei, network }) => {
          const before = await network.validators[0].status()
          await sei.advance(4 * 3_600_000)
          const after = await network.validators[0].status()
          expect(Date.parse(after.latestBlockTime) - Date.parse(before.latestBlockTime)).toBeGreaterThan(3 * 3_600_000)
          expect(after.latestHeight - before.latestHeight).toBeGreaterThan(3 * 60)
        })`,
    })
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(0)
  })

  test('error: a clock of another kind is refused before anything starts', async () => {
    await using project = await tempProject({
      'vitest.config.ts': configOf('sundial'),
      'stuck.test.ts': stuck,
    })
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(64)
    expect(output).toContain('embedded.clock')
  })

  test('default: a named cluster has one, for runs, for scripts and for people', async () => {
    const cli = await seitask()
    const up = await cli.up('--json', '--clock', 'virtual')
    expect(up).toMatchObject({ exitCode: 0, json: { event: 'up', clock: 'virtual' } })
    const advanced = await cli.run('advance', '--by', '30m', '--json')
    expect(advanced).toMatchObject({ exitCode: 0, json: { event: 'advanced' } })
    expect(Number(advanced.json['passedMs'])).toBeGreaterThanOrEqual(1_800_000)
    await using project = await tempProject({ 'patient.test.ts': patient })
    const { exitCode, output } = await project.run([], await environmentOf(cli))
    expect(exitCode, output).toBe(0)
    expect(output).toContain('virtual clock ×200')
    expect(await cli.run('up', '--clock', 'real')).toMatchObject({ exitCode: 64 })
    await cli.run('down')
    await cli.expectNothingLeft()
    expect(await cli.run('advance')).toMatchObject({ exitCode: 2 })
  })

  test('error: a clock that is real is not advanced', async () => {
    const cli = await seitask()
    await cli.up()
    const { exitCode, stderr } = await cli.run('advance')
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining('--clock virtual'),
    })
    await cli.run('down')
  })
})
