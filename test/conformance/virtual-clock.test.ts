import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type KubeSeiClient } from '../../src/client/client.ts'
import { startEmbedded, type EmbeddedCluster } from '../../src/clusters/embedded.ts'
import { startEnvtest } from '../../src/clusters/envtest.ts'
import type { ClockState } from '../../src/contract/clock-door.ts'
import { distinct } from '../helpers/milestones.ts'
import { playLongScenario, type Played } from '../helpers/long-scenario.ts'

const minutes = 60_000

describe('more than an hour of waiting, by both clocks', () => {
  let virtual: Played
  let real: Played
  beforeAll(async () => {
    const pace = { rate: 200, blockMs: 100 }
    virtual = await playLongScenario({ ...pace, clock: 'virtual' })
    real = await playLongScenario({ ...pace, clock: 'real' })
  }, 10 * minutes)

  test('default: it is more than an hour on both', () => {
    expect(virtual.simulatedMs).toBeGreaterThan(60 * minutes)
    expect(real.simulatedMs).toBeGreaterThan(60 * minutes)
  })

  test('behavior: every step comes out the same', () => {
    expect(virtual.outcomes).toEqual(real.outcomes)
    expect(virtual.outcomes).toContain('phase never met: TASK_FAILED TargetResolveFailed')
    expect(virtual.outcomes).toContain('never caught up: READINESS_TIMEOUT height')
  })

  test('behavior: every object goes through the same states in the same order, and gets the same events', () => {
    expect(virtual.states.size).toBeGreaterThan(30)
    for (const [key, states] of virtual.states) {
      const others = real.states.get(key) ?? []
      // A busy machine joins what lies close together into one report, by the real clock.
      const common = (these: readonly string[], those: readonly string[]): string[] =>
        distinct(these.filter((state) => those.includes(state)))
      expect(common(states, others), key).toEqual(common(others, states))
    }
  })

  test('behavior: the virtual clock leaves no crash out', () => {
    const pod = virtual.states.get('pod long-rpc-1-0') ?? []
    const runs = pod.filter((state) => state.includes(' running')).map((state) => Number(state.split(' ')[1]))
    expect(runs.length).toBeGreaterThan(10)
    expect(runs).toEqual(runs.map((_, index) => index))
  })
})

test('behavior: at the rate of a real cluster the same comes of it', { timeout: 5 * minutes }, async () => {
  const slow = await playLongScenario({ clock: 'virtual', rate: 1, blockMs: 1_000 })
  expect(slow.simulatedMs).toBeGreaterThan(60 * minutes)
  expect(slow.outcomes).toContain('ten crashes: done')
  expect(slow.outcomes).toContain('never caught up: READINESS_TIMEOUT height')
})

describe('a virtual clock', () => {
  let cluster: EmbeddedCluster
  let client: KubeSeiClient
  beforeAll(async () => {
    cluster = await startEmbedded({ clock: 'virtual', rate: 1, blockMs: 1_000 })
    client = createClient(cluster)
  })
  afterAll(async () => {
    client?.close()
    await cluster?.close()
  })

  const door = async (): Promise<ClockState> =>
    (await (await fetch(cluster.clockUrl ?? '')).json()) as ClockState

  test('default: it says so, and does not leap while nothing waits', async () => {
    expect(cluster.describe()).toContain('virtual clock ×1')
    const { leaptMs } = await door()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await door()).leaptMs).toBe(leaptMs)
  })

  test('behavior: advance() lets the cluster’s time pass', async () => {
    const before = await door()
    await client.advance(10 * minutes)
    expect((await door()).nowMs - before.nowMs).toBeGreaterThanOrEqual(10 * minutes)
  })

  test('behavior: advance() that is given up stops', async () => {
    const before = await door()
    const stop = new AbortController()
    const passed = client.advance(1e12, stop.signal)
    stop.abort()
    await passed
    const { leaptMs } = await door()
    expect(leaptMs - before.leaptMs).toBeLessThan(1e12)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await door()).leaptMs - leaptMs).toBeLessThan(1e12)
  })

  test('behavior: anybody may wait at its door', async () => {
    const before = await door()
    const response = await fetch(cluster.clockUrl ?? '', {
      method: 'POST',
      body: JSON.stringify({ passMs: 30_000 }),
    })
    const after = (await response.json()) as ClockState
    expect(after.nowMs - before.nowMs).toBeGreaterThanOrEqual(30_000)
  })

  test('behavior: an open request holds it', async () => {
    const { hostname, port } = new URL(cluster.info.server)
    const { connect } = await import('node:tls')
    const socket = connect({ host: hostname, port: Number(port), ca: cluster.info.ca ?? '' })
    const body = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"slow"}}'
    socket.write(
      `POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${cluster.info.token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
    )
    const before = await settled(door)
    let passed = false
    const passing = client.advance(5 * minutes).then(() => (passed = true))
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect({ passed, leaptMs: (await door()).leaptMs }).toEqual({ passed: false, leaptMs: before.leaptMs })
    socket.write(body)
    await passing
    expect((await door()).leaptMs).toBeGreaterThan(before.leaptMs)
    socket.destroy()
  })

  test.for([[{ passMs: -1 }], [{ passMs: 'long' }], [{ waiter: '' }], [[]]])(
    'error: its door refuses %j',
    async ([body]) => {
      const response = await fetch(cluster.clockUrl ?? '', { method: 'POST', body: JSON.stringify(body) })
      expect(response.status).toBe(400)
    },
  )

  test('error: advance() takes no time that is none', async () => {
    await expect(client.advance(-5)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(client.advance(Number.NaN)).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})

test('error: a real API server cannot have one', async () => {
  await expect(startEnvtest({ clock: 'virtual' })).rejects.toMatchObject({ code: 'BAD_OPTIONS' })
})

test('error: advance() on a real clock names the option', async () => {
  const cluster = await startEmbedded()
  const client = createClient(cluster)
  try {
    await expect(client.advance(1_000)).rejects.toMatchObject({
      code: 'CAPABILITY_MISSING',
      hint: expect.stringContaining("clock: 'virtual'"),
    })
  } finally {
    client.close()
    await cluster.close()
  }
})

/** What the door says once the request before it has arrived. */
async function settled(door: () => Promise<ClockState>): Promise<ClockState> {
  await new Promise((resolve) => setTimeout(resolve, 200))
  return door()
}
