import { setImmediate } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { createClock } from '../../clock.ts'
import { createWorkQueue, type WorkQueue } from './work-queue.ts'

/** So fast that every simulated wait of this file is over within milliseconds. */
const clock = createClock(1_000_000)

/** A queue whose work ends when it is told to; `done` has the keys in the order they were begun. */
function held(concurrency: number): { queue: WorkQueue; begun: string[]; end: () => Promise<void> } {
  const begun: string[] = []
  const ends: (() => void)[] = []
  const queue = createWorkQueue(clock, concurrency, (key) => {
    begun.push(key)
    return new Promise((resolve) => ends.push(resolve))
  })
  const end = async (): Promise<void> => {
    ends.shift()?.()
    await setImmediate()
  }
  return { queue, begun, end }
}

test('default: a key added many times is worked on once', async () => {
  const { queue, begun } = held(4)
  for (const key of ['a', 'b', 'a', 'a']) queue.add(key)
  await setImmediate()
  expect(begun).toEqual(['a', 'b'])
})

test('behavior: a key added while it is worked on runs once more, and not beside itself', async () => {
  const { queue, begun, end } = held(4)
  queue.add('a')
  await setImmediate()
  queue.add('a')
  queue.add('a')
  await setImmediate()
  expect(begun).toEqual(['a'])
  await end()
  expect(begun).toEqual(['a', 'a'])
  await end()
  expect(begun).toEqual(['a', 'a'])
})

test('behavior: no more keys at once than allowed', async () => {
  const { queue, begun, end } = held(2)
  for (const key of ['a', 'b', 'c']) queue.add(key)
  await setImmediate()
  expect(begun).toEqual(['a', 'b'])
  await end()
  expect(begun).toEqual(['a', 'b', 'c'])
})

test('behavior: of two wishes for later the earlier wins', async () => {
  const slow = createClock(1)
  const ran = Promise.withResolvers<string>()
  const queue = createWorkQueue(slow, 1, async (key) => ran.resolve(key))
  queue.addAfter('a', 3_600_000)
  queue.addAfter('a', 1)
  queue.addAfter('a', 3_600_000)
  expect(await ran.promise).toBe('a')
})

test('behavior: closing drops what waits and lets what runs end', async () => {
  const { queue, begun, end } = held(1)
  queue.add('a')
  queue.add('b')
  await setImmediate()
  const closed = queue.close()
  await end()
  await closed
  expect(begun).toEqual(['a'])
})
