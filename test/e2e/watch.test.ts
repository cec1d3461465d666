import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Receipt } from '../../src/run/receipt.ts'
import { homeParts } from '../helpers/home.ts'
import { clusterPid, Output } from '../helpers/processes.ts'
import { created, deleted } from '../helpers/run-events.ts'
import { defaultConfig, docblock, tempProject, type TempProject } from '../helpers/temp-project.ts'

const one = '{ network: { validators: 1 }, followers: 0 }'
const imports = "import { test, expect } from 'vitest-environment-sei/test'\n"
const tells = (options?: object, note = ''): string =>
  `${options === undefined ? '' : docblock(options)}${imports}
    test('tells', async ({ network }) => {
      await network.waitHeightAdvances(1)
      console.log('NETWORK', network.name, '${note}')
    })`
/** What Vitest says after a run that passed, or failed. */
const waiting = /(Waiting|Watching) for file changes/

/** A watching Vitest after its first run. */
async function watch(project: TempProject) {
  const running = project.start(['--watch'])
  const output = new Output(running)
  const first = await output.until(waiting)
  return {
    first,
    output,
    /** What the run printed that came of writing these files. */
    rerun: async (files: Record<string, string>): Promise<string> => {
      const from = output.text.length
      await project.write(files)
      return output.until(waiting, from)
    },
    quit: async () => {
      running.kill('SIGINT')
      const { exitCode, all } = await running
      return { exitCode, output: all, ...(await project.lastRun()) }
    },
  }
}

const networkIn = (text: string): string | undefined => /NETWORK (\S+)/.exec(text)?.[1]

describe.concurrent('watch mode', () => {
  test('default: a second run re-uses the network, another docblock gets another, quitting ends all', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(one),
      'a.test.ts': tells(),
    })
    const { first, rerun, quit } = await watch(project)
    const network = networkIn(first)
    expect(network ?? first).toMatch(/^sei-\w+-1$/)
    expect(networkIn(await rerun({ 'a.test.ts': tells({}, 'again') }))).toBe(network)
    const other = await rerun({ 'a.test.ts': tells({ followers: 2 }) })
    expect(networkIn(other)).toMatch(/-2$/)
    expect(networkIn(await rerun({ 'a.test.ts': tells({}, 'back') }))).toBe(network)

    const { output, events, receipt } = await quit()
    expect(output.match(/mode e/g)).toHaveLength(1)
    expect(created(events)).toHaveLength(2)
    expect(deleted(events).toSorted()).toEqual(created(events).toSorted())
    expect(receipt?.left).toEqual([])
    expect(receipt?.seals).toHaveLength(2)
  })

  test('behavior: closing Vitest from a script ends all, with the code of the last run', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(one),
      'a.test.ts': tells(),
      'watch.mjs': `
        import { startVitest } from 'vitest/node'
        const vitest = await startVitest('test', [], { watch: true })
        await vitest.rerunFiles()
        await vitest.close()
        console.log('CLOSED')`,
    })
    const { exitCode, all } = await project.node(['watch.mjs'])
    expect(exitCode, all).toBe(0)
    expect(new Set(all.match(/NETWORK \S+/g)).size).toBe(1)
    expect(all.match(/NETWORK /g)).toHaveLength(2)
    expect(all.indexOf('nothing left')).toBeLessThan(all.indexOf('CLOSED'))
    const { receipt } = await project.lastRun()
    expect(receipt?.left).toEqual([])
  })

  test('behavior: a changed config ends the run and begins another', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(one),
      'a.test.ts': tells(),
    })
    const { first, rerun, quit } = await watch(project)
    const second = await rerun({ 'vitest.config.ts': `${defaultConfig(one)}// changed` })
    expect(networkIn(second) ?? second).toMatch(/^sei-\w+-1$/)
    expect(networkIn(second)).not.toBe(networkIn(first))
    const { output } = await quit()
    expect(output.match(/mode e/g)).toHaveLength(2)
    expect(output.match(/cluster closed/g)).toHaveLength(2)
    const runs = await readdir(join(project.root, '.sei', 'runs'))
    const receipts = runs.map((run) => project.read(join('.sei', 'runs', run, 'receipt.json')))
    expect((await Promise.all(receipts)).map((text) => (JSON.parse(text) as Receipt).left)).toEqual([[], []])
  })

  test('error: a run that failed, for whatever reason, is mended by a rerun', async () => {
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(one),
      'a.test.ts': tells({ network: { image: 'sei/seid:dev--never-pulls' } }),
      'watch.mjs': `
        import { writeFileSync } from 'node:fs'
        import { startVitest } from 'vitest/node'
        const vitest = await startVitest('test', [], { watch: true })
        const next = async (text) => {
          writeFileSync('a.test.ts', text)
          vitest.invalidateFile(process.cwd() + '/a.test.ts')
          console.log('NEXT')
          await vitest.rerunFiles().catch((error) => console.log('THROWN', error.message))
        }
        await next(${JSON.stringify(tells({ followres: 3 }))})
        await next(${JSON.stringify(tells({}))})
        await vitest.close()`,
    })
    const { exitCode, all } = await project.node(['watch.mjs'])
    const [notReady = '', refused = '', passed = ''] = all.split('NEXT')
    expect(notReady).toMatch(/gate phase/)
    expect(refused).toMatch(/followres.*followers/s)
    expect(networkIn(passed), all).toBeDefined()
    // Vitest's own code stays 1 once a run has failed; ours has nothing to add to it.
    expect(exitCode, all).toBe(1)
    expect(all).not.toMatch(/exit \d+: /)
    expect((await project.lastRun()).receipt?.left).toEqual([])
  })

  test('error: a lost network is not what a rerun gets, nor is a cluster that died', async () => {
    const loses = (image: string): string => `${docblock({ network: { image } })}${imports}
      test('waits', { timeout: 60_000 }, async ({ network }) => {
        console.log('NETWORK', network.name)
        await new Promise(() => {})
      })`
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(one),
      'a.test.ts': loses('sei/seid:dev--halts-at-40'),
    })
    const { first, output, rerun, quit } = await watch(project)
    expect(first).toMatch(/is lost: no block after height 40/)
    const again = await rerun({ 'a.test.ts': `${loses('sei/seid:dev--halts-at-40')}//` })
    expect(networkIn(again)).not.toBe(networkIn(first))
    const [part] = homeParts()
    process.kill(await clusterPid(first, part), 'SIGKILL')
    await output.until(new RegExp(`${part.gone} \\(process \\d+\\) is gone`))
    const fresh = await rerun({ 'a.test.ts': tells() })
    expect(networkIn(fresh) ?? fresh).toMatch(/-3$/)
    const { receipt } = await quit()
    expect(output.text.match(/cluster ready/g)).toHaveLength(2)
    expect(receipt?.left).toEqual([])
  })
})
