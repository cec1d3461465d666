import { expect, test } from 'vitest'
import { createClock } from './clock.ts'
import { createVirtualWall } from './wall.ts'

const hour = 3_600_000

test('default: an hour passes at once where nothing happens in it', async () => {
  const wall = createVirtualWall()
  const before = wall.now()
  await wall.pass(hour)
  expect(wall.now() - before).toBeGreaterThanOrEqual(hour)
  expect(wall.leaptMs).toBeGreaterThan(hour - 5_000)
})

test('behavior: whatever falls due on the way comes first, and in its order', async () => {
  const wall = createVirtualWall()
  const seen: string[] = []
  const note = (name: string) => () => void seen.push(name)
  wall.after(2_000, note('second'))
  wall.after(1_000, () => {
    seen.push('first')
    wall.after(500, note('set off by the first'))
  })
  const cancel = wall.after(1_200, note('cancelled'))
  cancel()
  wall.after(hour, note('too late'))
  await wall.pass(3_000)
  expect(seen).toEqual(['first', 'set off by the first', 'second'])
})

test('behavior: an answer that takes turns of the event loop is waited for', async () => {
  const wall = createVirtualWall()
  const seen: string[] = []
  wall.after(1_000, () => {
    const release = wall.hold()
    setTimeout(() => {
      seen.push(`answered at ${Math.round(wall.leaptMs / 100)}`)
      release()
    }, 30)
  })
  wall.after(5_000, () => void seen.push('later'))
  await wall.pass(6_000)
  expect(seen).toEqual(['answered at 10', 'later'])
})

test('behavior: without anybody waiting time flows and does not leap', async () => {
  const wall = createVirtualWall()
  wall.after(hour, () => {})
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(wall.leaptMs).toBe(0)
})

test('behavior: who gives up waiting stops the leaps', async () => {
  const wall = createVirtualWall()
  const stop = new AbortController()
  const every = (): void => void wall.after(1_000, every)
  every()
  wall.after(10_000, () => stop.abort(new Error('enough')))
  await expect(wall.pass(hour, stop.signal)).rejects.toThrow('enough')
  const leapt = wall.leaptMs
  expect(leapt).toBeLessThan(12_000)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(wall.leaptMs).toBe(leapt)
})

test('behavior: a clock on it runs at its rate', async () => {
  const wall = createVirtualWall()
  const clock = createClock(100, wall)
  const began = clock.now().getTime()
  const slept = clock.sleep(hour)
  await wall.pass(hour / 100 + 1)
  await slept
  expect(clock.now().getTime() - began).toBeGreaterThanOrEqual(hour / 100)
})
