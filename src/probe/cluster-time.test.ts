import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { ClockState, WaitRequest } from '../contract/clock-door.ts'
import { pause, realTime } from '../contract/time.ts'
import { timeOf } from './cluster-time.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** A cluster that leaps to the end of every wait that wants it. */
async function leapingDoor(leaptBefore: number): Promise<{ url: string; requests: Partial<WaitRequest>[] }> {
  let state: ClockState = { nowMs: 0, leaptMs: leaptBefore, rate: 1, told: 3 }
  const requests: Partial<WaitRequest>[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (part: Buffer) => (text += String(part)))
    request.on('end', () => {
      const body = JSON.parse(text) as Partial<WaitRequest>
      requests.push(body)
      const { demandMs, told } = body
      if (told !== undefined && demandMs === undefined && request.method === 'POST') return
      if (told !== undefined) state = { ...state, leaptMs: state.leaptMs + (demandMs ?? 0) }
      response.end(JSON.stringify(state))
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/clock`, requests }
}

test('default: without a virtual clock it is the wall clock’s', () => {
  expect(timeOf(undefined)).toBe(realTime)
})

test('default: waits end when their time has come by the cluster’s clock, in their order', async () => {
  const { url } = await leapingDoor(0)
  const time = timeOf(url)
  expect(timeOf(url)).toBe(time)
  const began = time.now()
  const ended: string[] = []
  const wait = (name: string, ms: number): Promise<void> => pause(time, ms).then(() => void ended.push(name))
  await Promise.all([wait('an hour', 3_600_000), wait('a minute', 60_000), wait('a second', 1_000)])
  expect(ended).toEqual(['a second', 'a minute', 'an hour'])
  expect(time.now() - began).toBeGreaterThanOrEqual(3_600_000)
})

test('behavior: what the cluster had leapt over before is not counted', async () => {
  const { url, requests } = await leapingDoor(1e9)
  const time = timeOf(url)
  const began = time.now()
  await pause(time, 60_000)
  expect(time.now() - began).toBeLessThan(120_000)
  expect(requests[0]?.leaptMs).toBeUndefined()
  expect(requests[1]).toMatchObject({ leaptMs: 1e9, told: 3 })
})

test('behavior: a passive wait asks for nothing, and one that is cancelled is taken back', async () => {
  const { url, requests } = await leapingDoor(0)
  const time = timeOf(url)
  const cancel = time.after(3_600_000, () => undefined, { passive: true })
  await expect.poll(() => requests.length).toBeGreaterThan(1)
  expect(requests.every(({ demandMs }) => demandMs === undefined)).toBe(true)
  expect(requests.at(-1)?.passiveMs).toBeGreaterThan(3_500_000)
  cancel()
  await expect.poll(() => requests.at(-1)?.passiveMs).toBeUndefined()
})

test('behavior: a cluster that is gone delays nothing for ever', async () => {
  const { url } = await leapingDoor(0)
  servers[0]?.close()
  const time = timeOf(url)
  const began = performance.now()
  await pause(time, 50)
  expect(performance.now() - began).toBeGreaterThan(45)
})

test('behavior: a pause ends early with its signal', async () => {
  const { url } = await leapingDoor(0)
  const stop = new AbortController()
  const ended = pause(timeOf(url), 1e9, stop.signal, { passive: true })
  stop.abort()
  await ended
})
