import { expect, test } from 'vitest'
import { quantity } from './quantity.ts'

test.for<[string | number, number]>([
  ['2Gi', 2 * 2 ** 30],
  ['1.5Ti', 1.5 * 2 ** 40],
  ['500m', 0.5],
  ['1e3', 1_000],
  ['12E', 12e18],
  ['.5k', 500],
  [4, 4],
])('default: %s', ([text, value]) => {
  expect(quantity(text)).toBe(value)
})

test.for(['', 'Gi', '1.2.3', '1 Gi', '2GB', 'many'])('error: %j is no quantity', (text) => {
  expect(quantity(text)).toBeNaN()
})
