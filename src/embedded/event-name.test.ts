import { expect, test } from 'vitest'
import { eventName } from './event-name.ts'

const noon = new Date('2026-11-21T12:00:00Z')

test('default: the name of the object, and nanoseconds in hex', () => {
  const [object, nanos] = eventName('data-long-3', noon).split('.')
  expect(object).toBe('data-long-3')
  expect(BigInt(`0x${nanos}`) / 1_000_000n).toBe(BigInt(noon.getTime()))
})

test('behavior: no two events of one instant share a name, whoever records them', () => {
  const names = Array.from({ length: 1_000 }, () => eventName('data-long-3', noon))
  expect(new Set(names).size).toBe(names.length)
})
