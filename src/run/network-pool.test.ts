import { describe, expect, test } from 'vitest'
import type { ResolvedSpec } from '../contract/spec.ts'
import { NetworkPool, type NetworkEntry } from './network-pool.ts'
import type { Provisioned } from './provision.ts'

function spec(hash: string, exclusive = false): ResolvedSpec {
  return {
    network: { validators: 4, image: 'sei/seid:dev', config: {}, genesis: {}, accounts: [] },
    followers: { count: 0, image: 'sei/seid:dev', config: {} },
    exclusive,
    hash,
  }
}

/** A pool whose networks come up at once unless told otherwise, with a log of what happened. */
function poolOf(
  options: {
    maxNetworks?: number
    fail?: (entry: NetworkEntry) => Error | undefined
    dispose?: () => Promise<void>
  } = {},
): {
  pool: NetworkPool
  log: string[]
} {
  const log: string[] = []
  const pool = new NetworkPool({
    run: 'rtest',
    maxNetworks: options.maxNetworks ?? Number.POSITIVE_INFINITY,
    provision: async (entry) => {
      const error = options.fail?.(entry)
      if (error !== undefined) throw error
      return { network: {}, followers: [], traces: [] } as unknown as Provisioned
    },
    dispose: async (entry) => {
      await options.dispose?.()
      log.push(`disposed ${entry.name}`)
      return true
    },
    onState: (entry) => log.push(`${entry.name} ${entry.state}`),
  })
  return { pool, log }
}

describe('NetworkPool', () => {
  test('default: files with equal specs share one network', async () => {
    const { pool } = poolOf()
    const first = pool.acquire(spec('a'), 'one.test.ts')
    const second = pool.acquire(spec('a'), 'two.test.ts')
    expect(second).toBe(first)
    await first.ready
    expect([...first.holders]).toEqual(['one.test.ts', 'two.test.ts'])
  })

  test('default: other specs and exclusive leases get networks of their own', () => {
    const { pool } = poolOf()
    const names = [spec('a'), spec('b'), spec('a', true), spec('a', true)].map(
      (wanted, at) => pool.acquire(wanted, `${at}.test.ts`).name,
    )
    expect(new Set(names).size).toBe(4)
  })

  test('behavior: a released shared network stays for the next file, an exclusive one goes', async () => {
    const { pool, log } = poolOf()
    const shared = pool.acquire(spec('a'), 'one.test.ts')
    const own = pool.acquire(spec('a', true), 'two.test.ts')
    await Promise.all([shared.ready, own.ready])
    pool.release('one.test.ts')
    pool.release('two.test.ts')
    await own.disposal
    expect(log.filter((line) => line.startsWith('disposed'))).toEqual([`disposed ${own.name}`])
    expect(pool.acquire(spec('a'), 'three.test.ts')).toBe(shared)
  })

  test('behavior: what does not fit queues, and starts when another is gone', async () => {
    const { pool, log } = poolOf({ maxNetworks: 1 })
    const first = pool.acquire(spec('a'), 'one.test.ts')
    await first.ready
    const second = pool.acquire(spec('b'), 'two.test.ts')
    expect(second.state).toBe('queued')
    pool.release('one.test.ts')
    await second.ready
    expect(log).toEqual([
      `${first.name} creating`,
      `${first.name} ready`,
      `${second.name} queued`,
      `disposed ${first.name}`,
      `${first.name} deleted`,
      `${second.name} creating`,
      `${second.name} ready`,
    ])
  })

  test('behavior: an idle network makes room for one that queues', async () => {
    const { pool } = poolOf({ maxNetworks: 1 })
    const first = pool.acquire(spec('a'), 'one.test.ts')
    await first.ready
    pool.release('one.test.ts')
    await pool.acquire(spec('b'), 'two.test.ts').ready
    expect(first.state).toBe('deleted')
  })

  test('behavior: one that was started in hope makes room too: its file may wait for the worker of the one that queues', async () => {
    const { pool } = poolOf({ maxNetworks: 1 })
    pool.prewarm(spec('a'))
    const second = pool.acquire(spec('b'), 'two.test.ts')
    expect(second.state).toBe('queued')
    await second.ready
    expect(pool.entries).toEqual(new Set([second]))
  })

  test('behavior: no more networks go than are needed for the queue', async () => {
    const { pool, log } = poolOf({ maxNetworks: 2 })
    const idle = [pool.acquire(spec('a'), 'one.test.ts'), pool.acquire(spec('b'), 'one.test.ts')]
    await Promise.all(idle.map(({ ready }) => ready))
    pool.release('one.test.ts')
    await pool.acquire(spec('c'), 'two.test.ts').ready
    expect(log.filter((line) => line.startsWith('disposed'))).toHaveLength(1)
  })

  test('behavior: a network that its file has changed goes to nobody else, and ends with the file', async () => {
    const { pool } = poolOf()
    const first = pool.acquire(spec('a'), 'one.test.ts')
    await first.ready
    first.retired = true
    expect(pool.acquire(spec('a'), 'two.test.ts')).not.toBe(first)
    pool.release('one.test.ts')
    await first.disposal
    expect(first.state).toBe('deleted')
  })

  test('error: a lost network is what later files of the run get, and not what a rerun gets', async () => {
    const { pool } = poolOf()
    const first = pool.acquire(spec('a'), 'one.test.ts')
    await first.ready
    first.loss.abort(new Error('lost'))
    expect(pool.acquire(spec('a'), 'two.test.ts')).toBe(first)
    pool.forgetFailures()
    expect(pool.acquire(spec('a'), 'one.test.ts')).not.toBe(first)
  })

  test('error: a rerun tries again also while the failed network is still being deleted', async () => {
    let broken = true
    const { pool } = poolOf({
      fail: () => (broken ? new Error('no quota') : undefined),
      dispose: () => new Promise(() => {}),
    })
    const first = pool.acquire(spec('a'), 'one.test.ts')
    await expect(first.ready).rejects.toThrow('no quota')
    expect(first.state).toBe('failed')
    broken = false
    pool.forgetFailures()
    await expect(pool.acquire(spec('a'), 'one.test.ts').ready).resolves.toBeDefined()
  })

  test('error: a failed provisioning is remembered and disposed of, and a rerun tries again', async () => {
    let broken = true
    const { pool, log } = poolOf({ fail: () => (broken ? new Error('no quota') : undefined) })
    const first = pool.acquire(spec('a'), 'one.test.ts')
    await expect(first.ready).rejects.toThrow('no quota')
    const again = pool.acquire(spec('a'), 'two.test.ts')
    await expect(again.ready).rejects.toThrow('no quota')
    expect(again).toBe(first)
    await first.disposal
    expect(log).toContain(`disposed ${first.name}`)
    broken = false
    pool.forgetFailures()
    await expect(pool.acquire(spec('a'), 'one.test.ts').ready).resolves.toBeDefined()
  })

  test('behavior: closeAll stops what is under way and disposes of everything once', async () => {
    const { pool, log } = poolOf({ maxNetworks: 1 })
    const first = pool.acquire(spec('a'), 'one.test.ts')
    const queued = pool.acquire(spec('b'), 'two.test.ts')
    await first.ready
    const reason = new Error('the run is ending')
    await Promise.all([pool.closeAll(reason), pool.closeAll(reason)])
    await expect(queued.ready).rejects.toBe(reason)
    expect(log.filter((line) => line === `disposed ${first.name}`)).toHaveLength(1)
  })
})
