import { describe, expect, test } from 'vitest'
import { outsideHand } from '../helpers/outside-hand.ts'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'

const imports = `
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { test, expect } from 'vitest-environment-sei/test'
import { deletePod } from './outside-hand.mjs'
`

function files(
  suite: string,
  options = '{ network: { validators: 4 }, followers: 1 }',
): Record<string, string> {
  return {
    'vitest.config.ts': defaultConfig(options, '{ maxWorkers: 1 }'),
    'outside-hand.mjs': outsideHand,
    'a.test.ts': imports + suite,
  }
}

const failing = { isolation: 'file' }
void failing

describe.concurrent('the watchdog', () => {
  test('error: the end of one validator of four that nobody expected ends its tests, with what is known of it', async () => {
    await using project = await tempProject(
      files(`
        test('hangs on it', { timeout: 60_000 }, async ({ network }) => {
          await deletePod(network.validators[2])
          await new Promise(() => {})
        })
        test('comes later', ({ network }) => network.latestHeight())`),
    )
    const { exitCode, output, events, receipt } = await project.run()
    expect(exitCode, output).toBe(2)
    expect(output).toMatch(
      /network sei-[\w-]+-1 is lost: sei-[\w-]+-2 is down: it exited with code 0|is lost: \S+-2 is down/,
    )
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'termination', container: 'seid', exitCode: expect.any(Number) }),
    )
    expect(receipt).toMatchObject({ left: [] })
  })

  test('behavior: one that a test has expected is nothing, and the network goes on', async () => {
    await using project = await tempProject(
      files(`
        test('deletes a pod', { timeout: 60_000 }, async ({ network }) => {
          const [node] = network.validators
          const seen = await network.expectDisruption({ node: node.name, reason: 'deletes its pod' }, async () => {
            const { metadata } = await deletePod(node)
            await sleep(500)
            await node.waitReady()
            await node.waitHeight((await network.latestHeight()) + 2)
            return metadata.uid
          })
          expect(seen).toBeTypeOf('string')
        })
        test('goes on', async ({ network }) => {
          await network.waitHeightAdvances(20)
          expect(network.signal.aborted).toBe(false)
        })`),
    )
    const { exitCode, output, receipt } = await project.run()
    expect(exitCode, output).toBe(0)
    expect(receipt).toMatchObject({ left: [] })
  })

  test('error: an unrelated death inside a window still aborts', async () => {
    await using project = await tempProject(
      files(`
        test('expects another', { timeout: 60_000 }, async ({ network }) => {
          const [one, other] = network.validators
          await using _ = await network.expectDisruption({ node: one.name, reason: 'a test' })
          await deletePod(other)
          await new Promise(() => {})
        })`),
    )
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(2)
    expect(output).toMatch(/is lost: sei-[\w-]+-1 is down/)
  })

  test('error: a quorum that is lost is said long before the chain counts as standing', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(
        `{ network: { validators: 4, image: 'sei/seid:dev--halts-at-60.on-0--halts-at-60.on-1' }, followers: 0, watchdog: { stallMs: 3600000 } }`,
        '{ maxWorkers: 1 }',
      ),
      'a.test.ts': `import { test } from 'vitest-environment-sei/test'
        test('hangs on it', { timeout: 60_000 }, async ({ network }) => new Promise(() => {}))`,
    })
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(1)
    expect(output).toMatch(/is lost: no block after height 60 .*no quorum at height 60: prevotes of 50 %/)
  })

  test('error: a node that stops while the network goes on is named', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(
        `{ network: { validators: 4, image: 'sei/seid:dev--halts-at-60.on-3' }, followers: 0 }`,
        '{ maxWorkers: 1 }',
      ),
      'a.test.ts': `import { test } from 'vitest-environment-sei/test'
        test('hangs on it', { timeout: 60_000 }, async ({ network }) => new Promise(() => {}))`,
    })
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(1)
    expect(output).toMatch(/is lost: sei-[\w-]+-3 stopped following at height 60, the network is at \d+/)
  })

  test('behavior: switched off it aborts nothing', async () => {
    await using project = await tempProject(
      files(
        `test('deletes a pod', { timeout: 60_000 }, async ({ network }) => {
          await deletePod(network.validators[0])
          await sleep(1_500)
          expect(network.signal.aborted).toBe(false)
        })`,
        '{ network: { validators: 4 }, followers: 0, watchdog: { enabled: false } }',
      ),
    )
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(0)
  })
})
