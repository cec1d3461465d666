import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ClockState, PassRequest, WaitRequest } from '../contract/clock-door.ts'
import { openClockDoor } from './clock-door.ts'
import { createClock } from './clock.ts'
import { createVirtualWall, type VirtualWall } from './wall.ts'

const hour = 3_600_000

let wall: VirtualWall
let door: Awaited<ReturnType<typeof openClockDoor>>
let agent: Agent

beforeEach(async () => {
  wall = createVirtualWall()
  door = await openClockDoor(createClock(1, wall), wall, 4 * hour)
  agent = new Agent({ keepAlive: true })
})

afterEach(() => {
  agent.destroy()
  door.close()
})

function send(method: 'POST', body: PassRequest | WaitRequest): Promise<ClockState> {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body)
    const headers = { 'content-length': Buffer.byteLength(text) }
    const sent = request(door.url, { method, agent, headers }, (response) => {
      let read = ''
      response.on('data', (part: Buffer) => (read += String(part)))
      response.on('end', () => resolve(JSON.parse(read) as ClockState))
    })
    sent.on('error', reject)
    sent.end(text)
  })
}

/** A waiter that has been here before; `told` and `leaptMs` as its last answer said. */
async function join(waiter: string): Promise<{ waiter: string; leaptMs: number; told: number }> {
  const { leaptMs, told } = await send('POST', { waiter })
  return { waiter, leaptMs, told }
}

describe('the door of a virtual clock', () => {
  test('default: a wait is answered when it is due, after everything that falls due before', async () => {
    const seen: string[] = []
    wall.after(hour / 2, () => void seen.push('half an hour'))
    wall.after(2 * hour, () => void seen.push('two hours'))
    const me = await join('a')
    const { leaptMs } = await send('POST', { ...me, demandMs: hour })
    expect(leaptMs).toBeGreaterThan(hour - 5_000)
    expect(seen).toEqual(['half an hour'])
  })

  test('behavior: the first request of a waiter is answered at once: what was leapt before is not its time', async () => {
    await send('POST', { passMs: hour })
    const me = await join('late')
    expect(me.leaptMs).toBeGreaterThan(hour - 5_000)
    const { leaptMs } = await send('POST', { ...me, demandMs: hour })
    expect(leaptMs - me.leaptMs).toBeGreaterThan(hour - 5_000)
  })

  test('behavior: a passive wait is told in time, and has none pass', async () => {
    const [idle, eager] = [await join('idle'), await join('eager')]
    let told = false
    const watching = send('POST', { ...idle, passiveMs: hour }).then(() => (told = true))
    await sleep(50)
    expect({ told, leaptMs: wall.leaptMs }).toEqual({ told: false, leaptMs: 0 })
    const waiting = send('POST', { ...eager, demandMs: 2 * hour })
    await watching
    // Whoever was told has a look before anything else happens.
    await sleep(50)
    expect(wall.leaptMs).toBeLessThan(hour + 5_000)
    // It waits for nothing more, but is there.
    void send('POST', { ...idle, leaptMs: wall.leaptMs }).catch(() => undefined)
    expect((await waiting).leaptMs).toBeGreaterThan(2 * hour - 5_000)
  })

  test('behavior: what is sent to anyone outside has every waiter look before time goes on', async () => {
    const me = await join('a')
    wall.after(1_000, () => wall.told())
    const first = await send('POST', { ...me, demandMs: hour })
    expect(first.told).toBe(me.told + 1)
    expect(first.leaptMs).toBeLessThan(2_000)
    await sleep(50)
    expect(wall.leaptMs).toBe(first.leaptMs)
    const { waiter } = me
    const rest = { waiter, leaptMs: first.leaptMs, told: first.told, demandMs: hour - 1_000 }
    expect((await send('POST', rest)).leaptMs).toBeGreaterThan(hour - 5_000)
  })

  test('behavior: who has not heard of the last thing sent is answered at once', async () => {
    const me = await join('a')
    wall.told()
    const { leaptMs, told } = await send('POST', { ...me, demandMs: hour })
    expect({ leaptMs, told }).toEqual({ leaptMs: 0, told: me.told + 1 })
  })

  test('behavior: a waiter whose connection is gone is not waited for', async () => {
    const me = await join('a')
    const watching = send('POST', { ...me, passiveMs: hour }).catch(() => undefined)
    await sleep(20)
    wall.told()
    await watching
    agent.destroy()
    agent = new Agent({ keepAlive: true })
    expect((await send('POST', { passMs: hour })).leaptMs).toBeGreaterThan(hour - 5_000)
  })

  test('behavior: who gives a request up takes its demand back', async () => {
    const stop = new AbortController()
    const body = JSON.stringify({ passMs: 1e12 })
    const passing = fetch(door.url, { method: 'POST', body, signal: stop.signal }).catch(() => 'given up')
    stop.abort()
    expect(await passing).toBe('given up')
    await sleep(50)
    const { leaptMs } = wall
    wall.after(hour, () => undefined)
    await sleep(50)
    expect(wall.leaptMs).toBe(leaptMs)
  })

  test.for([
    ['PUT', '{}', 405],
    ['POST', '{', 400],
    ['POST', '[]', 400],
    ['POST', '{"passMs":-1}', 400],
    ['POST', '{"waiter":7}', 400],
    ['DELETE', '{}', 405],
  ] as const)('error: %s %s is refused with %d', async ([method, body, status]) => {
    const asked = { method, body } as const
    expect((await fetch(door.url, asked)).status).toBe(status)
  })

  test('error: nobody comes in who does not know its address', async () => {
    expect((await fetch(new URL('/clock', door.url))).status).toBe(404)
  })
})
