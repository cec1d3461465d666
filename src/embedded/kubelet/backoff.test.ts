import { describe, expect, test } from 'vitest'
import { createBackOff, pullDelayMs } from './backoff.ts'

describe('restart back-off', () => {
  test('default: the first restart is immediate, then 10 s doubling to 300 s', () => {
    const backOff = createBackOff()
    let now = 0
    const waits = Array.from({ length: 8 }, () => {
      const wait = backOff.afterExit(now)
      now += wait
      return wait / 1000
    })
    expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300])
  })

  test('behavior: a container that restarted within the last ten minutes waits at once', () => {
    const backOff = createBackOff()
    backOff.afterExit(0)
    expect(backOff.afterExit(599_000)).toBe(10_000)
  })

  test('behavior: ten minutes of running forget the back-off', () => {
    const backOff = createBackOff()
    for (const now of [0, 1, 2]) backOff.afterExit(now)
    expect(backOff.afterExit(700_000)).toBe(0)
  })
})

test('behavior: image pulls are tried again after 10, 20, 40 … 300 s', () => {
  expect([1, 2, 3, 9].map(pullDelayMs)).toEqual([10_000, 20_000, 40_000, 300_000])
})
