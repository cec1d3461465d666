import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Era } from '../../../contract/crds/eras.ts'
import { createClock } from '../../clock.ts'
import { realWall } from '../../wall.ts'
import { createBucket, type ArtifactBucket } from './bucket.ts'
import { emptyFiles, type NodeFiles, type TaskRecord } from './files.ts'
import { createGate } from './gate.ts'
import { createLedger } from './ledger.ts'
import type { LocalSeid } from './local-seid.ts'
import { createSidecarServer } from './server.ts'

interface Sidecar {
  readonly files: NodeFiles
  ask(
    method: string,
    path: string,
    body?: unknown,
    token?: string | null,
  ): Promise<{ status: number; body: unknown }>
  /** Submits and waits until the task left `running`. */
  run(type: string, params?: unknown, id?: string): Promise<TaskRecord>
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function start(options: {
  bucket: ArtifactBucket
  files?: NodeFiles
  ceremonyFails?: boolean
  seid?: LocalSeid
  era?: Era
}): Promise<Sidecar> {
  const files = options.files ?? emptyFiles()
  const context = {
    clock: createClock(1_000),
    era: options.era ?? ('head' as const),
    keyring: true,
    seid: options.seid ?? {
      up: createGate(),
      wall: realWall,
      signal: () => undefined,
      port: () => Promise.resolve(1),
    },
    files,
    artifacts: options.bucket.chain('genesis', 'net-1'),
    gate: createGate(),
    chainId: 'net-1',
    ceremonyFails: options.ceremonyFails ?? false,
    now: () => new Date(),
  }
  const ledger = createLedger(context, () => undefined)
  const server = createSidecarServer({ context, ledger, authorize: (token) => token === 'secret' })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const ask: Sidecar['ask'] = async (method, path, body, token = 'secret') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    }
  }
  const run: Sidecar['run'] = async (type, params, id = randomUUID()) => {
    expect(await ask('POST', '/v0/tasks', { id, type, params })).toEqual({ status: 201, body: { id } })
    for (;;) {
      const { body } = await ask('GET', `/v0/tasks/${id}`)
      const record = body as TaskRecord
      if (record.status !== 'running') return record
    }
  }
  return { files, ask, run }
}

const balance = '1000000usei'
const identity = { chainId: 'net-1', moniker: 'net-0' }
const gentx = { chainId: 'net-1', stakingAmount: '10000000usei', accountBalance: balance }
const group = {
  accountBalance: balance,
  namespace: 'ns',
  nodes: [{ name: 'net-0' }, { name: 'net-1' }],
  accounts: [],
}

async function contribute(sidecar: Sidecar, name: string): Promise<void> {
  await sidecar.run('generate-identity', { ...identity, moniker: name })
  await sidecar.run('generate-gentx', gentx)
  await sidecar.run('upload-genesis-artifacts', { nodeName: name })
}

describe('sidecar surface', () => {
  test('default: closed gate, no identity, no tasks', async () => {
    const { ask } = await start({ bucket: createBucket() })
    expect(await ask('GET', '/v0/healthz')).toEqual({ status: 503, body: '' })
    expect(await ask('GET', '/v0/startupz')).toMatchObject({ status: 503 })
    expect(await ask('GET', '/v0/livez')).toMatchObject({ status: 200 })
    expect(await ask('GET', '/v0/status')).toEqual({ status: 200, body: { status: 'Initializing' } })
    expect(await ask('GET', '/v0/node-id')).toMatchObject({
      status: 500,
      body: { error: expect.any(String) },
    })
    expect(await ask('GET', '/v0/tasks')).toEqual({ status: 200, body: [] })
  })

  test('behavior: mark-ready opens the gate, mark-not-ready closes it', async () => {
    const { ask, run } = await start({ bucket: createBucket() })
    await run('mark-ready')
    expect(await ask('GET', '/v0/healthz')).toMatchObject({ status: 200 })
    expect(await ask('GET', '/v0/status')).toEqual({ status: 200, body: { status: 'Ready' } })
    await run('mark-not-ready')
    expect(await ask('GET', '/v0/healthz')).toMatchObject({ status: 503 })
  })

  test('behavior: without a token only the probes pass the proxy', async () => {
    const { ask } = await start({ bucket: createBucket() })
    expect(await ask('GET', '/v0/livez', undefined, null)).toMatchObject({ status: 200 })
    expect(await ask('GET', '/v0/status', undefined, null)).toEqual({ status: 401, body: 'Unauthorized\n' })
    expect(await ask('GET', '/v0/status', undefined, 'wrong')).toMatchObject({ status: 401 })
  })

  test('error: what is no task is refused with 400 and a reason', async () => {
    const { ask } = await start({ bucket: createBucket() })
    const refused = [
      ['{', 'invalid JSON body'],
      [{}, 'missing task type'],
      [{ type: 'discover-peers' }, 'unknown task type: discover-peers'],
      [{ type: 'mark-ready', id: 'one' }, 'invalid task id: not a UUID'],
      [{ type: 'mark-ready', params: [] }, 'params must be an object'],
    ] as const
    for (const [body, error] of refused)
      expect(await ask('POST', '/v0/tasks', body)).toEqual({ status: 400, body: { error } })
    expect(await ask('GET', `/v0/tasks/${randomUUID()}`)).toMatchObject({ status: 404 })
    expect(await ask('GET', '/v1/tasks')).toMatchObject({ status: 404 })
  })

  test('behavior: a task can be deleted from the ledger', async () => {
    const { ask, run } = await start({ bucket: createBucket() })
    const { id } = await run('mark-ready')
    expect(await ask('DELETE', `/v0/tasks/${id}`)).toMatchObject({ status: 204 })
    expect(await ask('GET', `/v0/tasks/${id}`)).toMatchObject({ status: 404 })
  })
})

describe('idempotency', () => {
  test('behavior: a completed id is left alone, a failed one is executed again', async () => {
    const bucket = createBucket()
    const first = await start({ bucket })
    const failed = await first.run('configure-genesis', {})
    expect(failed).toMatchObject({
      status: 'failed',
      run: 1,
      error: expect.stringContaining('not in the bucket yet'),
    })
    expect(await first.run('configure-genesis', {}, failed.id)).toMatchObject({ status: 'failed', run: 2 })
    const done = await first.run('generate-identity', identity)
    const nodeId = first.files.home?.nodeId
    expect(await first.run('generate-identity', identity, done.id)).toMatchObject({
      status: 'completed',
      run: 1,
    })
    expect(first.files.home?.nodeId).toBe(nodeId)
  })

  test('behavior: a task that a crash left running is executed by the next sidecar', async () => {
    const files = emptyFiles()
    const id = randomUUID()
    files.tasks.set(id, {
      id,
      type: 'generate-identity',
      params: identity,
      status: 'running',
      run: 1,
      submittedAt: new Date().toISOString(),
    })
    const { run } = await start({ bucket: createBucket(), files })
    expect(await run('generate-identity', identity, id)).toMatchObject({ status: 'completed', run: 1 })
    expect(files.home?.nodeId).toMatch(/^[0-9a-f]{40}$/)
  })
})

describe('genesis ceremony', () => {
  test('behavior: it assembles once every validator has contributed', async () => {
    const bucket = createBucket()
    const one = await start({ bucket })
    const two = await start({ bucket })
    await contribute(one, 'net-0')
    expect(await one.run('assemble-and-upload-genesis', group)).toMatchObject({
      status: 'failed',
      error: 'gentx of net-1 is not in the bucket yet',
    })
    await contribute(two, 'net-1')
    const funded = [{ address: 'sei1abc', balance: '5usei' }]
    const assembled = await one.run('assemble-and-upload-genesis', { ...group, accounts: funded })
    expect(assembled).toMatchObject({
      status: 'completed',
      result: { genesisHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    })

    for (const sidecar of [one, two]) {
      expect(await sidecar.run('configure-genesis', { expectedGenesisHash: '' })).toMatchObject({
        status: 'completed',
      })
      expect(await sidecar.run('set-genesis-peers')).toMatchObject({ status: 'completed' })
    }
    expect(two.files.genesis).toMatchObject({
      chainId: 'net-1',
      validators: [
        { moniker: 'net-0', power: 10 },
        { moniker: 'net-1', power: 10 },
      ],
    })
    expect(two.files.genesis?.accounts.map((account) => account.balance)).toEqual([balance, balance, '5usei'])
    expect(two.files.persistentPeers).toEqual([
      `${one.files.home?.nodeId}@net-0-0.net-0.ns.svc.cluster.local:26656`,
    ])
  })

  test('behavior: the node id is that of the gentx, and stays through a repeated generate-identity', async () => {
    const sidecar = await start({ bucket: createBucket() })
    await contribute(sidecar, 'net-0')
    const { body } = await sidecar.ask('GET', '/v0/node-id')
    await sidecar.run('generate-identity', identity)
    expect((await sidecar.ask('GET', '/v0/node-id')).body).toEqual(body)
  })

  test('error: the ordered fault fails the gentx', async () => {
    const sidecar = await start({ bucket: createBucket(), ceremonyFails: true })
    await sidecar.run('generate-identity', identity)
    expect(await sidecar.run('generate-gentx', gentx)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('ceremony-fails'),
    })
  })

  test('error: what is wrong from the start has failed by the first look', async () => {
    const sidecar = await start({ bucket: createBucket(), ceremonyFails: true })
    await sidecar.run('generate-identity', identity)
    const id = randomUUID()
    await sidecar.ask('POST', '/v0/tasks', { id, type: 'generate-gentx', params: gentx })
    expect((await sidecar.ask('GET', `/v0/tasks/${id}`)).body).toMatchObject({ status: 'failed', run: 1 })
  })

  test('error: a genesis of another hash is not installed', async () => {
    const bucket = createBucket()
    const sidecar = await start({ bucket })
    await contribute(sidecar, 'net-0')
    await sidecar.run('assemble-and-upload-genesis', { ...group, nodes: [{ name: 'net-0' }] })
    expect(await sidecar.run('configure-genesis', { expectedGenesisHash: 'feed' })).toMatchObject({
      status: 'failed',
    })
    expect(sidecar.files.genesis).toBeUndefined()
  })
})

describe('configuration', () => {
  test('behavior: config-apply replaces mode and overrides, and sets the peers it names', async () => {
    const { files, run } = await start({ bucket: createBucket() })
    const overrides = { 'evm.http_enabled': 'true', 'network.p2p.persistent_peers': 'a@h:1,b@h:2' }
    await run('config-apply', { mode: 'archive', overrides })
    expect(files).toMatchObject({ mode: 'archive', overrides, persistentPeers: ['a@h:1', 'b@h:2'] })
    await run('config-apply', { mode: 'full', overrides: { 'logging.level': 'error' } })
    expect(files).toMatchObject({
      mode: 'full',
      overrides: { 'logging.level': 'error' },
      persistentPeers: ['a@h:1', 'b@h:2'],
    })
  })

  test('behavior: config-patch replaces the peers in config.toml', async () => {
    const { files, run } = await start({ bucket: createBucket() })
    await run('config-patch', { files: { 'config.toml': { p2p: { 'persistent-peers': 'c@h:3' } } } })
    expect(files.persistentPeers).toEqual(['c@h:3'])
  })

  test('error: an unknown mode, one witness and an empty snapshot bucket fail', async () => {
    const { run } = await start({ bucket: createBucket() })
    expect(await run('config-apply', { mode: 'fast' })).toMatchObject({ status: 'failed' })
    expect(await run('configure-state-sync', { rpcServers: ['a:26657'] })).toMatchObject({ status: 'failed' })
    expect(await run('snapshot-restore', { targetHeight: 5 })).toMatchObject({ status: 'failed' })
    expect(await run('config-validate')).toMatchObject({ status: 'failed' })
  })
})
