import { expect, test } from 'vitest'

import { changedFields } from './status-writer.ts'

test('default: nothing to write when nothing changed, also where undefined meets absent', () => {
  expect(changedFields({ a: 1, b: { c: [1] } }, { a: 1, b: { c: [1] }, d: undefined })).toBeUndefined()
})

test('behavior: only what changed is written, lists whole, what is gone as null', () => {
  expect(changedFields({ a: 1, b: [1, 2], c: 'x', d: 1 }, { a: 1, b: [1], d: undefined })).toEqual({
    b: [1],
    c: null,
    d: null,
  })
})

test('behavior: a merge patch merges objects, so keys that went are named', () => {
  const before = { plan: { id: 'a', failedPhase: 'Failed', tasks: [1], detail: { x: 1 } } }
  expect(changedFields(before, { plan: { id: 'b', tasks: [] } })).toEqual({
    plan: { id: 'b', tasks: [], failedPhase: null, detail: null },
  })
})
