import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Era } from '../../../contract/crds/eras.ts'
import { createClock } from '../../clock.ts'
import { realWall } from '../../wall.ts'
import { createBucket } from './bucket.ts'
import { emptyFiles, type NodeFiles, type TaskRecord } from './files.ts'
import { createGate } from './gate.ts'
import type { TaskContext } from './handler.ts'
import { createLedger, type TaskLedger } from './ledger.ts'

interface Machine {
  readonly files: NodeFiles
  readonly context: TaskContext
  /** What seid's `/status` says; without it nothing answers. */
  sync: { height: number; catchingUp: boolean } | undefined
  /** Signals that seid got, in order. */
  readonly signals: string[]
  /** Starts a process that ends by these signals alone. */
  startSeid(endsBy: readonly string[]): void
  ledger(): TaskLedger
  run(type: string, params?: Record<string, unknown>): Promise<TaskRecord>
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A pod's seid as the sidecar sees it: a process that takes signals, and an RPC. */
async function machine(era: Era = 'head'): Promise<Machine> {
  const server = createServer((_request, response) => {
    const { sync } = result
    if (sync === undefined) response.destroy()
    else
      response.end(
        JSON.stringify({
          node_info: { network: 'net-1' },
          sync_info: { latest_block_height: String(sync.height), catching_up: sync.catchingUp },
        }),
      )
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const up = createGate()
  const signals: string[] = []
  let endsBy: readonly string[] = []
  const seid = {
    up,
    wall: realWall,
    signal: (signal: string) => {
      signals.push(signal)
      if (endsBy.includes(signal)) up.set(false)
    },
    port: () => Promise.resolve(port),
  }
  const files = emptyFiles()
  const context: TaskContext = {
    clock: createClock(1_000),
    seid,
    era,
    keyring: false,
    files,
    artifacts: createBucket().chain('genesis', 'net-1'),
    gate: createGate(),
    chainId: 'net-1',
    ceremonyFails: false,
    now: () => new Date(),
  }
  const ledger = createLedger(context, () => undefined)
  const result: Machine = {
    files,
    context,
    sync: undefined,
    signals,
    startSeid(by) {
      endsBy = by
      up.set(true)
    },
    ledger: () => ledger,
    async run(type, params = {}) {
      const id = ledger.submit(randomUUID(), type, params)
      return over(ledger, id)
    },
  }
  return result
}

async function over(ledger: TaskLedger, id: string): Promise<TaskRecord> {
  for (;;) {
    const record = ledger.get(id)
    if (record !== undefined && record.status !== 'running') return record
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('stop-seid and restart-seid', () => {
  test('default: SIGTERM, and success when the process is down or was', async () => {
    const { run, signals, startSeid } = await machine()
    startSeid(['SIGTERM'])
    expect(await run('stop-seid')).toMatchObject({ status: 'completed' })
    expect(await run('stop-seid')).toMatchObject({ status: 'completed' })
    expect(signals).toEqual(['SIGTERM'])
  })

  test('error: a process that outlives SIGTERM is not killed: it may still be writing', async () => {
    const { run, signals, startSeid } = await machine()
    startSeid(['SIGKILL'])
    expect(await run('stop-seid')).toMatchObject({
      status: 'failed',
      error: 'seid did not exit within 90s of SIGTERM',
    })
    expect(signals).toEqual(['SIGTERM'])
  })

  test('behavior: a restart is done when the RPC answers again, caught up or not', async () => {
    const world = await machine()
    world.startSeid(['SIGTERM'])
    world.sync = { height: 7, catchingUp: true }
    expect(await world.run('restart-seid')).toMatchObject({ status: 'completed' })
    expect(world.signals).toEqual(['SIGTERM'])
  })

  test('error: a restart whose RPC does not come back', async () => {
    const { run } = await machine()
    expect(await run('restart-seid')).toMatchObject({
      status: 'failed',
      error: 'seid RPC did not come back within 300s',
    })
  })
})

describe('reset-data', () => {
  test('default: the blocks go, keys and genesis stay', async () => {
    const { files, run } = await machine()
    files.home = { nodeId: 'ab', height: 30, base: 20, storedHeight: 31 }
    expect(await run('reset-data')).toMatchObject({ status: 'completed', result: { wipedBytes: -1 } })
    expect(files.home).toEqual({ nodeId: 'ab', height: 0 })
  })

  test('error: not while the RPC answers', async () => {
    const world = await machine()
    world.files.home = { nodeId: 'ab', height: 30 }
    world.sync = { height: 30, catchingUp: false }
    expect(await world.run('reset-data')).toMatchObject({
      status: 'failed',
      error: 'seid RPC still answers: refusing to wipe the data of a running node',
    })
    expect(world.files.home.height).toBe(30)
  })
})

describe('await-condition', () => {
  test('default: a height is waited for, through times without an answer', async () => {
    const world = await machine()
    const { ledger } = world
    const id = ledger().submit(randomUUID(), 'await-condition', { condition: 'height', targetHeight: 10 })
    world.sync = { height: 9, catchingUp: false }
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(ledger().get(id)).toMatchObject({ status: 'running' })
    world.sync = { height: 10, catchingUp: true }
    expect(await over(ledger(), id)).toMatchObject({ status: 'completed' })
  })

  test('default: caught up means above height 1 as well', async () => {
    const world = await machine()
    world.sync = { height: 1, catchingUp: false }
    const id = world.ledger().submit(randomUUID(), 'await-condition', { condition: 'catchingUp' })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(world.ledger().get(id)).toMatchObject({ status: 'running' })
    world.sync = { height: 2, catchingUp: false }
    expect(await over(world.ledger(), id)).toMatchObject({ status: 'completed' })
  })

  test('behavior: its action ends seid, by force after half a minute', async () => {
    const world = await machine()
    world.startSeid(['SIGKILL'])
    world.sync = { height: 10, catchingUp: false }
    const params = { condition: 'height', targetHeight: 10, action: 'SIGTERM_SEID' }
    expect(await world.run('await-condition', params)).toMatchObject({ status: 'completed' })
    expect(world.signals).toEqual(['SIGTERM', 'SIGKILL'])
  })

  test('error: an unknown condition, height or action fails at once', async () => {
    const { run } = await machine()
    const wrong = [
      [{ condition: 'time' }, 'unknown condition "time"'],
      [{ condition: 'height' }, 'targetHeight must be a positive integer'],
      [{ condition: 'catchingUp', action: 'REBOOT' }, 'unknown action "REBOOT"'],
    ] as const
    for (const [params, error] of wrong)
      expect(await run('await-condition', params)).toMatchObject({ status: 'failed', error })
  })

  test('behavior: the next process of the sidecar goes on with what was running', async () => {
    const world = await machine()
    const id = world
      .ledger()
      .submit(randomUUID(), 'await-condition', { condition: 'height', targetHeight: 3 })
    world.ledger().stop()
    world.sync = { height: 3, catchingUp: false }
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(world.files.tasks.get(id)).toMatchObject({ status: 'running' })
    const next = createLedger(world.context, () => undefined)
    expect(await over(next, id)).toMatchObject({ status: 'completed', run: 1 })
  })
})

describe('discover-peers', () => {
  test('default: the sidecar of June writes the peers it is given, each once', async () => {
    const { files, run } = await machine('june')
    const sources = [
      { type: 'static', addresses: ['b@host:1', 'a@host:1'] },
      { type: 'static', addresses: ['a@host:1'] },
    ]
    expect(await run('discover-peers', { sources })).toMatchObject({ status: 'completed' })
    expect(files.persistentPeers).toEqual(['a@host:1', 'b@host:1'])
  })

  test('error: rather none than an empty list', async () => {
    const { files, run } = await machine('june')
    files.persistentPeers = ['a@host:1']
    const sources = [{ type: 'ec2Tags', region: 'eu', tags: { chain: 'net' } }]
    expect(await run('discover-peers', { sources })).toMatchObject({ status: 'failed' })
    expect(await run('discover-peers', {})).toMatchObject({ status: 'failed' })
    expect(files.persistentPeers).toEqual(['a@host:1'])
  })
})

test('error: without a keyring there is no governance', async () => {
  const { run } = await machine()
  expect(await run('gov-vote', { chainId: 'net-1' })).toMatchObject({
    status: 'failed',
    error: 'no keyring: SEI_KEYRING_BACKEND is not set',
  })
})
