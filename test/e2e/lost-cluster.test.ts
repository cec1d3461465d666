import { describe, expect, test } from 'vitest'
import { homeParts } from '../helpers/home.ts'
import { clusterPid, printed } from '../helpers/processes.ts'
import { defaultConfig, tempProject } from '../helpers/temp-project.ts'

const one = defaultConfig('{ network: { validators: 1 }, followers: 0 }')
/** Not ready until a budget is over: time enough to find a process. */
const held = defaultConfig("{ network: { validators: 1, image: 'sei/seid:dev--halts-at-1' }, followers: 0 }")
const imports = "import { test } from 'vitest-environment-sei/test'\n"

/** Each process by itself where a test runs: a run may lose any of them. */
describe.concurrent('a cluster that dies', () => {
  test('error: during a test ends the run without a verdict, and soon', async () => {
    for (const part of homeParts()) {
      await using project = await tempProject({
        'vitest.config.ts': one,
        'a.test.ts': `${imports}
          test('is there when it dies', async ({ network }) => {
            console.log('THE TEST RUNS')
            await new Promise(() => {})
          }, 60_000)
          test('comes later', async ({ network }) => {})`,
      })
      const running = project.start(['run'])
      process.kill(await clusterPid(await printed(running, /THE TEST RUNS/), part), 'SIGKILL')
      const { exitCode, all } = await running
      expect(all).toMatch(new RegExp(`SeiError: ${part.gone} \\(process \\d+\\) is gone: `))
      expect(all).toContain('Tests  2 failed')
      expect(exitCode, all).toBe(2)
      // What was in it went with it, and the receipt still says what that was.
      const { receipt } = await project.lastRun()
      expect(receipt).toMatchObject({ left: [], existed: [{ kind: 'SeiNetwork' }] })
      expect(receipt?.seals).toHaveLength(1)
    }
  })

  test('error: during provisioning ends that at once', async () => {
    const [part] = homeParts()
    await using project = await tempProject({
      'vitest.config.ts': held,
      'a.test.ts': `${imports}
        test('waits for it', ({ network }) => network.latestHeight())
        test('comes later', ({ network }) => network.latestHeight())`,
    })
    const running = project.start(['run'])
    process.kill(await clusterPid(await printed(running, /✓ phase/), part), 'SIGKILL')
    const { exitCode, all } = await running
    expect(exitCode, all).toBe(2)
    expect(all).toMatch(new RegExp(`SeiError: ${part.gone} \\(process \\d+\\) is gone: `))
    expect(all).toMatch(/Tests +2 failed/)
    const { receipt } = await project.lastRun()
    expect(receipt).toMatchObject({ left: [], existed: [{ kind: 'SeiNetwork' }] })
    expect(receipt?.seals).toHaveLength(1)
  })
})
