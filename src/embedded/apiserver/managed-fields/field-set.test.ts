import { expect, test } from 'vitest'
import {
  difference,
  equalSets,
  hasMember,
  intersection,
  isFieldSet,
  leaf,
  pathsOf,
  union,
  type FieldSet,
} from './field-set.ts'

const none: FieldSet = {}

test.for<[string, FieldSet, FieldSet, FieldSet]>([
  ['disjoint sets in order', { 'f:b': {} }, { 'f:a': {} }, { 'f:a': {}, 'f:b': {} }],
  [
    'a member and what is below it',
    { 'f:a': {} },
    { 'f:a': { 'f:b': {} } },
    { 'f:a': { '.': {}, 'f:b': {} } },
  ],
  ['below a member', { 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': {} }, { 'f:a': { '.': {}, 'f:b': {} } }],
  ['with nothing', { 'f:a': {} }, none, { 'f:a': {} }],
])('default: union: %s', ([, a, b, expected]) => {
  expect(union(a, b)).toEqual(expected)
  expect(union(b, a)).toEqual(expected)
})

test.for<[string, FieldSet, FieldSet, FieldSet]>([
  ['a leaf', { 'f:a': {}, 'f:b': {} }, { 'f:a': {} }, { 'f:b': {} }],
  ['everything', { 'f:a': { 'f:b': {} } }, { 'f:a': { 'f:b': {} } }, none],
  [
    'a node, not what is below it',
    { 'f:a': { '.': {}, 'f:b': {} } },
    { 'f:a': {} },
    { 'f:a': { 'f:b': {} } },
  ],
  ['what is below, not the node', { 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': { 'f:b': {} } }, { 'f:a': {} }],
  ['what is not there', { 'f:a': {} }, { 'f:a': { 'f:b': {} } }, { 'f:a': {} }],
])('default: difference: %s', ([, a, b, expected]) => {
  expect(difference(a, b)).toEqual(expected)
})

test.for<[string, FieldSet, FieldSet, FieldSet]>([
  ['of disjoint sets', { 'f:a': {} }, { 'f:b': {} }, none],
  ['of a node and what is below it', { 'f:a': {} }, { 'f:a': { 'f:b': {} } }, none],
  [
    'of shared members',
    { 'f:a': { '.': {}, 'f:b': {}, 'f:c': {} } },
    { 'f:a': { '.': {}, 'f:c': {} } },
    { 'f:a': { '.': {}, 'f:c': {} } },
  ],
])('default: intersection: %s', ([, a, b, expected]) => {
  expect(intersection(a, b)).toEqual(expected)
  expect(intersection(b, a)).toEqual(expected)
})

test('behavior: a result that equals its operand is that operand', () => {
  const set: FieldSet = { 'f:a': { '.': {}, 'f:b': {} }, 'f:c': {} }
  expect(union(set, { 'f:a': { 'f:b': {} } })).toBe(set)
  expect(difference(set, { 'f:x': {} })).toBe(set)
  const smaller = difference(set, { 'f:c': {} })
  expect(smaller['f:a']).toBe(set['f:a'])
})

test('default: members and equality', () => {
  expect(hasMember({ 'f:a': leaf }, 'f:a')).toBe(true)
  expect(hasMember({ 'f:a': { 'f:b': {} } }, 'f:a')).toBe(false)
  expect(equalSets({ 'f:a': {}, 'f:b': {} }, { 'f:b': {}, 'f:a': {} })).toBe(true)
  expect(equalSets({ 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': { 'f:b': {} } })).toBe(false)
})

test('default: paths come level by level, sorted', () => {
  const set: FieldSet = { 'f:z': {}, 'f:a': { '.': {}, 'k:{"n":"x"}': {} } }
  expect([...pathsOf(set)]).toEqual([['f:a'], ['f:z'], ['f:a', 'k:{"n":"x"}']])
})

test.for<[string, unknown, boolean]>([
  ['a tree', { 'f:a': { '.': {}, 'v:1': {}, 'i:0': {}, 'k:{}': {} } }, true],
  ['a leaf that is no map', { 'f:a': 1 }, false],
  ['an element of no kind', { a: {} }, false],
  ['a list', [], false],
])('error: what a set is: %s', ([, value, expected]) => {
  expect(isFieldSet(value)).toBe(expected)
})
