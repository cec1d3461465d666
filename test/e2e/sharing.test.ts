import { describe, expect, test } from 'vitest'
import { created, standingAtOnce } from '../helpers/run-events.ts'
import { defaultConfig, docblock, tempProject, type TempProject } from '../helpers/temp-project.ts'

const one = '{ network: { validators: 1 }, followers: 0 }'
const imports = `
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'
import { test, expect } from 'vitest-environment-sei/test'
const tell = (name, facts) => writeFileSync(name + '.json', JSON.stringify(facts))
const isTold = async (name) => { while (!existsSync(name + '.json')) await sleep(10) }
const waiver = { kind: 'waiver', reason: 'the test is about deletion' }
`

async function told<T>(project: TempProject, name: string): Promise<T> {
  return JSON.parse(await project.read(`${name}.json`)) as T
}

describe.concurrent('who shares a network', () => {
  test('default: equal specs share one, whatever the pool and isolation; others have their own', async () => {
    const pools = ['forks', 'threads', 'vmForks', 'vmThreads']
    const isolated = (pool: string): boolean[] => (pool.startsWith('vm') ? [true] : [true, false])
    const cells = pools.flatMap((pool) => isolated(pool).map((isolate) => ({ pool, isolate })))
    const names = cells.map(({ pool, isolate }) => `${pool}-${isolate}`)
    const projects = cells.map(({ pool, isolate }, at) => ({
      extends: true,
      test: { name: names[at], pool, isolate, provide: { cell: names[at] } },
    }))
    const tells = (file: string): string =>
      `${imports}test('tells', async ({ network, followers }) => {
        await network.waitHeightAdvances(1)
        tell(inject('cell') + '-${file}', { network: network.name, followers: followers.length })
      })`
    const equal = docblock({ network: { validators: 1, accounts: [] }, followers: { count: 0 } })
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(one, JSON.stringify({ projects })),
      'a.test.ts': tells('a'),
      'equal.test.ts': equal + tells('equal'),
      'other.test.ts': docblock({ followers: 2 }) + tells('other'),
      'own.test.ts': docblock({ isolation: 'file' }) + tells('own'),
    })
    const { exitCode, output, events, receipt } = await project.run()
    expect(exitCode, output).toBe(0)
    const networks = async (file: string): Promise<Set<string>> => {
      const all = names.map((name) => told<{ network: string }>(project, `${name}-${file}`))
      return new Set((await Promise.all(all)).map(({ network }) => network))
    }
    const shared = await networks('a')
    expect(shared.size).toBe(1)
    expect(await networks('equal')).toEqual(shared)
    const other = await networks('other')
    expect(other.size).toBe(1)
    const own = await networks('own')
    expect(own.size).toBe(cells.length)
    expect(new Set(created(events))).toEqual(new Set([...shared, ...other, ...own]))
    expect(created(events)).toHaveLength(2 + cells.length)
    expect(receipt).toMatchObject({ left: [] })
    expect(receipt?.seals).toHaveLength(2 + cells.length)
  })

  test('behavior: a docblock is merged over the options: objects merged, lists replaced', async () => {
    const first = 'sei1qyqszqgpqyqszqgpqyqszqgpqyqszqgpllsgta'
    const second = 'sei1qgpqyqszqgpqyqszqgpqyqszqgpqyqszwmkdqt'
    const accounts = (address: string): object[] => [{ address, balance: '5usei' }]
    const options = {
      network: { validators: 1, config: { 'a.b': '1', 'c.d': '2' }, accounts: accounts(first) },
      followers: 0,
    }
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(JSON.stringify(options)),
      'merged.test.ts': `${docblock({ network: { config: { 'c.d': '3' }, accounts: accounts(second) } })}${imports}
        test('tells', ({ network }) => tell('spec', network.object.spec))`,
    })
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(0)
    const spec = await told<{
      configOverrides: Record<string, string>
      genesis: { accounts: { address: string }[] }
    }>(project, 'spec')
    expect(spec.configOverrides).toMatchObject({ 'a.b': '1', 'c.d': '3' })
    const addresses = spec.genesis.accounts.map(({ address }) => address)
    expect(addresses).toContain(second)
    expect(addresses).not.toContain(first)
  })
})

describe.concurrent('changing a network', () => {
  test.for(['forks', 'threads'])(
    'error: one that another file holds is not deleted, nor are its nodes (%s)',
    async (pool) => {
      await using project = await tempProject({
        'vitest.config.ts': defaultConfig(
          '{ network: { validators: 1 }, followers: 2 }',
          JSON.stringify({ pool, isolate: pool === 'forks', maxWorkers: 2 }),
        ),
        'holds.test.ts': `${imports}
          test('holds while the other tries', async ({ network, sei }) => {
            await sei.createNode({ name: network.name + '-mine', network: network.chainId })
            tell('held', {})
            await isTold('tried')
            await network.waitHeightAdvances(1)
          }, 30_000)`,
        'tries.test.ts': `${imports}
          test('tries', async ({ network, followers, sei }) => {
            await isTold('held')
            const extra = await sei.createNode({ name: network.name + '-extra', network: network.chainId })
            const other = { name: network.name + '-mine', network: network.chainId }
            await expect(sei.createNode(other)).rejects.toThrow('exists already, created by holds.test.ts')
            const attempts = [network, network.validators[0], followers[1], extra].map((one) =>
              one.delete(waiver).then(() => 'deleted', ({ code, message }) => ({ code, message })))
            tell('tried', await Promise.all(attempts))
          }, 30_000)`,
      })
      const { exitCode, output, receipt } = await project.run()
      expect(exitCode, output).toBe(0)
      const refused = {
        code: 'NETWORK_SHARED',
        message: expect.stringMatching(
          /shared with holds\.test\.ts,.*\n.*\{"isolation":"file"\} into tries\.test\.ts/,
        ),
      }
      expect(await told(project, 'tried')).toEqual([refused, refused, refused, 'deleted'])
      expect(receipt?.left).toEqual([])
    },
  )

  test('behavior: who holds it alone may, and the next file gets a fresh one', async () => {
    const deletes = `${imports}test('deletes', async ({ network, followers }) => {
      await network.waitHeightAdvances(1)
      expect(followers).toHaveLength(2)
      await followers[0].delete(waiver)
      await network.delete(waiver)
      // Longer than the watchdog's patience: the silence of a deleted network is no loss.
      await sleep(3_500)
    }, 30_000)`
    await using project = await tempProject({
      'vitest.config.ts': defaultConfig(
        '{ network: { validators: 1 }, followers: 2 }',
        '{ maxWorkers: 1, isolate: false }',
      ),
      'a.test.ts': deletes,
      'b.test.ts': deletes,
    })
    const { exitCode, output, events, receipt } = await project.run()
    expect(exitCode, output).toBe(0)
    expect(created(events)).toHaveLength(2)
    expect(receipt?.waivers).toHaveLength(4)
    expect(receipt?.left).toEqual([])
  })
})

describe.concurrent('networks at once', () => {
  test.for([1, 2])(
    'behavior: with maxNetworks 1 and %i workers the others queue and say so',
    async (maxWorkers) => {
      const file = (name: string): string =>
        `${docblock({ network: { config: { 'a.b': name } } })}${imports}
          test('has it', ({ network }) => network.waitHeightAdvances(1))
          // Larger files run first, while provisioning begins with the first by name.
          ${'//'.padEnd(1_000 * Number(name))}`
      await using project = await tempProject({
        'vitest.config.ts': defaultConfig(
          '{ network: { validators: 1 }, followers: 0, maxNetworks: 1 }',
          JSON.stringify({ maxWorkers }),
        ),
        ...Object.fromEntries(['1', '2', '3'].map((name) => [`${name}.test.ts`, file(name)])),
      })
      const { exitCode, output, events, receipt } = await project.run()
      expect(exitCode, output).toBe(0)
      expect(new Set(created(events)).size).toBeGreaterThanOrEqual(3)
      expect(standingAtOnce(events)).toBe(1)
      expect(output).toMatch(/queued: waits for one of at most 1 networks at once to be deleted/)
      expect(receipt?.left).toEqual([])
    },
  )
})
