import { expect, test } from 'vitest'
import { StatusError } from '../status-error.ts'
import { applyJsonPatch } from './json-patch.ts'

const object = { a: 1, list: ['x', 'y'], map: { 'k/1': { n: null }, '~': 2 } }

test.for<[string, unknown[], unknown]>([
  ['add a key', [{ op: 'add', path: '/b', value: { c: 1 } }], { ...object, b: { c: 1 } }],
  ['add replaces a key', [{ op: 'add', path: '/a', value: null }], { ...object, a: null }],
  ['add in a list', [{ op: 'add', path: '/list/1', value: 'n' }], { ...object, list: ['x', 'n', 'y'] }],
  ['add behind a list', [{ op: 'add', path: '/list/-', value: 'n' }], { ...object, list: ['x', 'y', 'n'] }],
  [
    'add at a list’s length',
    [{ op: 'add', path: '/list/2', value: 'n' }],
    { ...object, list: ['x', 'y', 'n'] },
  ],
  ['add the whole', [{ op: 'add', path: '', value: { z: 1 } }], { z: 1 }],
  ['remove a key', [{ op: 'remove', path: '/a' }], { list: object.list, map: object.map }],
  ['remove an item', [{ op: 'remove', path: '/list/0' }], { ...object, list: ['y'] }],
  ['replace', [{ op: 'replace', path: '/list/1', value: 3 }], { ...object, list: ['x', 3] }],
  [
    'replace of a key that is not there',
    [{ op: 'replace', path: '/none', value: 1 }],
    { ...object, none: 1 },
  ],
  [
    'escaped names',
    [
      { op: 'replace', path: '/map/k~11/n', value: 1 },
      { op: 'remove', path: '/map/~0' },
    ],
    { ...object, map: { 'k/1': { n: 1 } } },
  ],
  ['move', [{ op: 'move', from: '/list/0', path: '/first' }], { ...object, list: ['y'], first: 'x' }],
  ['move within a list', [{ op: 'move', from: '/list/0', path: '/list/1' }], { ...object, list: ['y', 'x'] }],
  ['copy', [{ op: 'copy', from: '/map', path: '/again' }], { ...object, again: object.map }],
  ['test', [{ op: 'test', path: '/map', value: { '~': 2, 'k/1': { n: null } } }], object],
  ['test for null where there is nothing', [{ op: 'test', path: '/none', value: null }], object],
  [
    'in order',
    [
      { op: 'add', path: '/b', value: {} },
      { op: 'add', path: '/b/c', value: 1 },
    ],
    { ...object, b: { c: 1 } },
  ],
  ['nothing', [], object],
])('default: %s', ([, operations, expected]) => {
  const before = structuredClone(object)
  expect(applyJsonPatch(object, operations)).toEqual(expected)
  expect(object).toEqual(before)
})

function codeOf(operations: unknown): number {
  try {
    applyJsonPatch(object, operations)
  } catch (error) {
    if (error instanceof StatusError) return error.code
    throw error
  }
  return 200
}

test.for<[string, unknown]>([
  ['a failed test', { op: 'test', path: '/a', value: 2 }],
  ['a missing parent', { op: 'add', path: '/none/b', value: 1 }],
  ['a parent that is a scalar', { op: 'add', path: '/a/b', value: 1 }],
  ['remove of what is not there', { op: 'remove', path: '/none' }],
  ['replace where nothing is around it', { op: 'replace', path: '/none/x', value: 1 }],
  ['replace of a list item that is not there', { op: 'replace', path: '/list/9', value: 1 }],
  ['an index behind the list', { op: 'add', path: '/list/3', value: 1 }],
  ['an index that is none', { op: 'remove', path: '/list/01' }],
  ['- where nothing is added', { op: 'remove', path: '/list/-' }],
  ['copy of what is not there', { op: 'copy', from: '/none', path: '/b' }],
  ['move into itself', { op: 'move', from: '/map', path: '/map/k' }],
  ['no path', { op: 'remove' }],
  ['no from', { op: 'move', path: '/a' }],
  ['a path without slash', { op: 'remove', path: 'a' }],
  ['a test without value', { op: 'test', path: '/map' }],
  ['nothing left', { op: 'replace', path: '', value: null }],
  ['a name of Object.prototype', { op: 'remove', path: '/constructor' }],
])('error: 422 for %s', ([, operation]) => {
  expect(codeOf([operation])).toBe(422)
})

test.for<[string, unknown]>([
  ['a patch that is no list', {}],
  ['an operation that is no map', ['add']],
  ['a path that is no text', [{ op: 'remove', path: 5 }]],
])('error: 400 for %s', ([, operations]) => {
  expect(codeOf(operations)).toBe(400)
})

test('error: 422 for an unknown operation', () => {
  expect(codeOf([{ op: 'inc', path: '/a' }])).toBe(422)
})

test('error: 413 for more than 10000 operations', () => {
  const operations = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 }))
  expect(codeOf(operations)).toBe(413)
  expect(codeOf(operations.slice(1))).toBe(200)
})
