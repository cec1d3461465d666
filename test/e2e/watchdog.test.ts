import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
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
        `{ network: { validators: 4, image: 'sei/seid:dev--halts-at-200.on-0--halts-at-200.on-1' }, followers: 0, watchdog: { stallMs: 3600000 } }`,
        '{ maxWorkers: 1 }',
      ),
      'a.test.ts': `import { test } from 'vitest-environment-sei/test'
        test('hangs on it', { timeout: 60_000 }, async ({ network }) => new Promise(() => {}))`,
    })
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(1)
    expect(output).toMatch(/is lost: no block after height 200 .*no quorum at height 200: prevotes of 50 %/)
  })

  /** Validators of an image with these words, and a test that would never notice. */
  const ordered = (words: string): Record<string, string> => ({
    'vitest.config.ts': defaultConfig(
      `{ network: { validators: 4, image: 'sei/seid:v6.6.0${words}' }, followers: 0, watchdog: { stallMs: 3600000 } }`,
      '{ maxWorkers: 1 }',
    ),
    'a.test.ts': `import { test } from 'vitest-environment-sei/test'
      test('hangs on it', { timeout: 60_000 }, async ({ network }) => new Promise(() => {}))`,
  })

  test.for<[string, RegExp, object]>([
    ['--exits-1-at-200.on-2', /-2 is down: it exited with code 1/, { node: expect.stringMatching(/-2$/) }],
    [
      '--panics-70-at-200-for-v9',
      /said .*UPGRADE .*v9.* NEEDED at height: 200/,
      { source: 'stderr', height: 200 },
    ],
    [
      '--halt-contract--intends-71-at-200-for-v9',
      /exited with code 71 \(binary-too-new\)/,
      { source: 'exit-code' },
    ],
    [
      '--halt-contract--stay-alive--halt-strings--intends-72-at-200-for-v9.on-1',
      /-1 halts: it announced halt 72 \(downgrade\) for plan v9/,
      { source: 'halt_intent' },
    ],
  ])('error: %s ends the tests with its verdict', async ([words, says, details]) => {
    await using project = await tempProject(ordered(words))
    const { exitCode, output, folder } = await project.run()
    expect(exitCode, output).toBe(1)
    expect(output).toMatch(says)
    const [name] = /sei-[\w-]+-1(?= is lost)/.exec(output) ?? []
    const kept = async (file: string): Promise<unknown> =>
      JSON.parse(await readFile(join(folder ?? '', 'evidence', name ?? '', 'loss', file), 'utf8'))
    expect(await kept('failure.json')).toMatchObject({ code: 'NETWORK_LOST', details })
    if (words.includes('stay-alive')) return
    const ended = { container: 'seid', exitCode: expect.any(Number), finishedAt: expect.any(String) }
    expect(await kept('terminations.json')).toContainEqual(expect.objectContaining(ended))
  })

  test('behavior: a halt that a test expects is its result, and what is left halted is no loss', async () => {
    await using project = await tempProject({
      ...ordered('--panics-70-at-200-for-v9'),
      'a.test.ts': `import { test, expect } from 'vitest-environment-sei/test'
        import { setTimeout as sleep } from 'node:timers/promises'
        test('halts', { timeout: 60_000 }, async ({ network }) => {
          const verdict = await network.expectHalt({ reason: 70, height: 200, timeoutMs: 40_000 }, async () => {})
          expect(verdict).toMatchObject({ kind: 'upgrade-required', planName: 'v9', source: 'stderr', exitCode: 2 })
          await sleep(1_000)
          expect(network.signal.aborted).toBe(false)
        })`,
    })
    const { exitCode, output, receipt } = await project.run()
    expect(exitCode, output).toBe(0)
    expect(receipt).toMatchObject({ left: [] })
  })

  test('error: another halt than the expected one, one that does not come, and senseless ones', async () => {
    await using project = await tempProject({
      ...ordered('--panics-72-at-200-for-v9'),
      'a.test.ts': `import { test, expect } from 'vitest-environment-sei/test'
        test('bad input', async ({ network }) => {
          for (const wrong of [{ reason: 73 }, { reason: 'halted' }, { reason: 70, height: -1 }, { reason: 70, node: 'other-0' }])
            await expect(network.expectHalt(wrong)).rejects.toMatchObject({ code: 'BAD_INPUT' })
          await expect(network.expectDisruption({ reason: ' ' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
        })
        test('too early', async ({ network }) => {
          await using halt = await network.expectHalt({ reason: 70, timeoutMs: 50 })
          await expect(halt.verdict()).rejects.toMatchObject({ code: 'WAIT_TIMEOUT' })
        })
        test('another', { timeout: 60_000 }, async ({ network }) => {
          await using halt = await network.expectHalt({ reason: 70, timeoutMs: 40_000 })
          await expect(halt.verdict()).rejects.toMatchObject({ code: 'UNEXPECTED_HALT', message: expect.stringContaining('Wrong app version') })
        })`,
    })
    const { exitCode, output } = await project.run()
    // The halt itself is a loss all the same: nobody expected that one.
    expect(exitCode, output).toBe(1)
    expect(output).toMatch(/✓ bad input/)
    expect(output).toMatch(/✓ too early/)
    expect(output).toMatch(/is lost: sei-[\w-]+ is down: it said .*Wrong app version/)
  })

  test('error: a node that stops while the network goes on is named', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(
        `{ network: { validators: 4, image: 'sei/seid:dev--halts-at-200.on-3' }, followers: 0 }`,
        '{ maxWorkers: 1 }',
      ),
      'a.test.ts': `import { test } from 'vitest-environment-sei/test'
        test('hangs on it', { timeout: 60_000 }, async ({ network }) => new Promise(() => {}))`,
    })
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(1)
    expect(output).toMatch(/is lost: sei-[\w-]+-3 stopped following at height 200, the network is at \d+/)
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
