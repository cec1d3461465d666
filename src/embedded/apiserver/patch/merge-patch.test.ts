import { expect, test } from 'vitest'
import { applyMergePatch } from './merge-patch.ts'

test.for<[string, object, object, object]>([
  ['null removes', { a: 1, b: 2 }, { a: null }, { b: 2 }],
  ['null for what is not there does nothing', { a: 1 }, { b: null }, { a: 1 }],
  ['maps merge', { a: { b: 1, c: 2 } }, { a: { b: 3 } }, { a: { b: 3, c: 2 } }],
  ['lists are replaced', { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ['a map replaces a scalar', { a: 1 }, { a: { b: 2 } }, { a: { b: 2 } }],
  ['a scalar replaces a map', { a: { b: 2 } }, { a: 1 }, { a: 1 }],
  ['nulls in a new map are dropped', {}, { a: { b: null, c: { d: null } } }, { a: { c: {} } }],
  ['nulls in lists stay', {}, { a: [null] }, { a: [null] }],
])('default: %s', ([, object, patch, expected]) => {
  const before = structuredClone(object)
  expect(applyMergePatch(object, patch)).toEqual(expected)
  expect(object).toEqual(before)
})

test('behavior: a patch that changes nothing gives the object itself, others share the rest', () => {
  const object = { a: { b: 1 }, c: { d: 2 } }
  expect(applyMergePatch(object, {})).toBe(object)
  expect(applyMergePatch(object, { a: { b: 1 }, x: null })).toBe(object)
  expect(applyMergePatch(object, { a: { b: 2 } }).c).toBe(object.c)
})

test('behavior: __proto__ is a key like any other', () => {
  const patch: unknown = JSON.parse('{"__proto__":{"polluted":true}}')
  const merged: object = applyMergePatch({}, patch)
  expect(Object.keys(merged)).toEqual(['__proto__'])
  expect('polluted' in merged).toBe(false)
})

test.for([null, [], 'text', 1])('error: 400 for %j', (patch) => {
  expect(() => applyMergePatch({}, patch)).toThrow(expect.objectContaining({ code: 400 }))
})
