import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import type { ResolvedSpec } from '../contract/spec.ts'
import type { WireLease } from '../contract/lease.ts'
import { SeiError } from '../errors/sei-error.ts'
import { toWire } from '../errors/wire.ts'
import { LeaseClient } from '../runner/lease-client.ts'
import { Calls, type CallTable } from './calls.ts'
import { fileKey } from './file-specs.ts'
import { startLeaseServer, type LeaseServer } from './lease-server.ts'
import { Leases } from './leases.ts'
import { NetworkPool } from './network-pool.ts'
import type { Provisioned } from './provision.ts'

const spec: ResolvedSpec = {
  network: { validators: 4, image: 'sei/seid:dev', config: {}, genesis: {}, accounts: [] },
  followers: { count: 0, image: 'sei/seid:dev', config: {} },
  exclusive: false,
  hash: 'a',
}

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A lease API over a pool whose networks come up when `provision` says so, and a client of it. */
async function leaseApi(provision: () => Promise<Provisioned>): Promise<{
  client: LeaseClient
  server: LeaseServer
  pool: NetworkPool
  leases: Leases
  failures: unknown[]
}> {
  const failures: unknown[] = []
  const pool = new NetworkPool({
    run: 'rtest',
    maxNetworks: 9,
    provision,
    dispose: async () => true,
    onState: () => {},
  })
  const leases = new Leases({
    pool,
    specOf: (key) => (key === fileKey('unit', '/a.test.ts') ? spec : undefined),
    toWire: (entry) => ({ run: 'rtest', network: { name: entry.name } }) as unknown as WireLease,
    onFailure: (_, error) => {
      failures.push(error)
      return toWire(error)
    },
  })
  const calls = new Calls({
    refreshNode: async (_: unknown, { name }: { name: string }) => ({ metadata: { name } }),
    deleteNode: async () => {
      throw new SeiError('not yours', { class: 'usage', code: 'BAD_INPUT', hint: 'leave it' })
    },
    waitNodeReady: (_: unknown, __: unknown, signal: AbortSignal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      }),
  } as unknown as CallTable)
  const server = await startLeaseServer({
    lease: (request) => leases.create(request),
    leaseAnswer: (id, waitMs) => leases.answer(id, waitMs),
    loss: (id, gone) => leases.loss(id, gone),
    call: (id, call) => calls.start(leases.get(id), call),
    callAnswer: (id, waitMs) => calls.answer(id, waitMs),
    cancelCall: (id) => calls.cancel(id),
  })
  closers.push(() => server.close())
  const client = new LeaseClient({ url: server.url, token: server.token, project: 'unit' })
  closers.push(() => client.close())
  return { client, server, pool, leases, failures }
}

const up = async (): Promise<Provisioned> => ({}) as Provisioned

describe('lease API', () => {
  test('default: a file waits for its network and gets it', async () => {
    const gate = Promise.withResolvers<Provisioned>()
    const { client } = await leaseApi(() => gate.promise)
    let id = ''
    const lease = client.acquire('/a.test.ts', (given) => (id = given))
    gate.resolve({} as Provisioned)
    expect((await lease).network.name).toBe('sei-rtest-1')
    expect(id).not.toBe('')
  })

  test('behavior: a verb whose asker gives up is told so, and its end is what the asker gets', async () => {
    const { client } = await leaseApi(up)
    let id = ''
    await client.acquire('/a.test.ts', (given) => (id = given))
    const stop = new AbortController()
    const args = { name: 'n', namespace: 'default' }
    const waiting = client.call(id, 'waitNodeReady', args, stop.signal)
    setTimeout(() => stop.abort(new Error('enough')), 20)
    await expect(waiting).rejects.toMatchObject({
      class: 'cancelled',
      message: 'The test gave the operation up',
    })
  })

  test('behavior: a verb is carried out and its result fetched', async () => {
    const { client } = await leaseApi(up)
    let id = ''
    await client.acquire('/a.test.ts', (given) => (id = given))
    const node = await client.call(id, 'refreshNode', { name: 'n', namespace: 'default' })
    expect(node.metadata.name).toBe('n')
  })

  test('behavior: a lost network is told to who waits for it', async () => {
    const { client, pool } = await leaseApi(up)
    let id = ''
    await client.acquire('/a.test.ts', (given) => (id = given))
    const loss = client.loss(id)
    const [entry] = pool.entries
    entry?.loss.abort(new SeiError('no block', { class: 'failed', code: 'NETWORK_LOST' }))
    expect(await loss).toMatchObject({ code: 'NETWORK_LOST', message: 'no block' })
  })

  test('behavior: when the file ends nobody waits for a loss any more', async () => {
    const { client, leases } = await leaseApi(up)
    let id = ''
    await client.acquire('/a.test.ts', (given) => (id = given))
    const loss = client.loss(id)
    leases.release(fileKey('unit', '/a.test.ts'))
    expect(await loss).toBeUndefined()
    await expect(client.call(id, 'refreshNode', { name: 'n', namespace: 'd' })).rejects.toMatchObject({
      code: 'LEASE_FAILED',
    })
  })

  test('error: a worker that dies gives its network back', async () => {
    const { server, pool } = await leaseApi(up)
    const holders = (): number => [...pool.entries].reduce((sum, entry) => sum + entry.holders.size, 0)
    const module = JSON.stringify(new URL('../runner/lease-client.ts', import.meta.url))
    const api = JSON.stringify({ url: server.url, token: server.token, project: 'unit' })
    const worker = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { LeaseClient } from ${module}
       const client = new LeaseClient(${api})
       await client.acquire('/a.test.ts', (id) => void client.loss(id))
       console.log('leased')
       setInterval(() => {}, 1000)`,
    ])
    await once(worker.stdout, 'data')
    expect(holders()).toBe(1)
    worker.kill('SIGKILL')
    await expect.poll(holders).toBe(0)
  })

  test('error: a failed provisioning arrives with class, code and hint', async () => {
    const failure = new SeiError('stuck', {
      class: 'timeout',
      code: 'READINESS_TIMEOUT',
      hint: 'look',
      details: { a: 1 },
    })
    const { client, failures } = await leaseApi(async () => {
      throw failure
    })
    await expect(client.acquire('/a.test.ts', () => {})).rejects.toMatchObject({
      class: 'timeout',
      code: 'READINESS_TIMEOUT',
      hint: 'look',
      details: { a: 1 },
      message: 'stuck\n  hint: look',
    })
    expect(failures).toEqual([failure])
  })

  test('error: who waits when the run is cancelled is answered at once', async () => {
    const { client, leases } = await leaseApi(() => new Promise(() => {}))
    const waiting = client.acquire('/a.test.ts', () => {
      leases.cancelPending(new SeiError('cancelled', { class: 'cancelled', code: 'RUN_CANCELLED' }))
    })
    await expect(waiting).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  })

  test('error: a file that is not of the run is refused', async () => {
    const { client } = await leaseApi(up)
    await expect(client.acquire('/other.test.ts', () => {})).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  test('error: a verb that fails arrives typed', async () => {
    const { client } = await leaseApi(up)
    let id = ''
    await client.acquire('/a.test.ts', (given) => (id = given))
    const call = client.call(id, 'deleteNode', { name: 'n', namespace: 'default', reason: 'done' })
    await expect(call).rejects.toMatchObject({ class: 'usage', hint: 'leave it' })
  })

  test('error: without the token nothing is answered', async () => {
    const { server } = await leaseApi(up)
    const response = await fetch(`${server.url}/leases`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(401)
  })
})
