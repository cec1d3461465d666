import { expect, test } from 'vitest'
import { goDuration, parseGoDuration } from './go-duration.ts'

test('default: durations are written as Go writes them', () => {
  expect([10_000, 80_000, 300_000, 3_600_000].map(goDuration)).toEqual(['10s', '1m20s', '5m0s', '1h0m0s'])
})

test('default: durations are read as Go reads them', () => {
  expect(['5m', '1h30m', '0', '1.5s', '250ms', '-2s'].map(parseGoDuration)).toEqual([
    300_000, 5_400_000, 0, 1_500, 250, -2_000,
  ])
})

test('error: what is no duration is undefined', () => {
  expect(['', '5', '5 m', 'five', 'm5'].map(parseGoDuration)).toEqual(Array(5).fill(undefined))
})
