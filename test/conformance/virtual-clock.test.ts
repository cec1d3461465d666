import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type KubeSeiClient } from '../../src/client/client.ts'
import { startEmbedded, type EmbeddedCluster } from '../../src/clusters/embedded.ts'
import { startEnvtest } from '../../src/clusters/envtest.ts'
import type { ClockState } from '../../src/contract/clock-door.ts'

const minutes = 60_000

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
