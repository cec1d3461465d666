import { describe, expect, test } from 'vitest'

import { parseFieldSelector, parseLabelSelector } from './selectors.ts'

describe('label selectors', () => {
  const matching: readonly (readonly [string, Record<string, string>, boolean])[] = [
    ['a', { a: '' }, true],
    ['a', {}, false],
    ['!a', {}, true],
    ['!a', { a: '1' }, false],
    ['a=1', { a: '1' }, true],
    ['a = 1 , b == 2', { a: '1', b: '2' }, true],
    ['a=', { a: '' }, true],
    ['a=', {}, false],
    ['a!=1', {}, true],
    ['a!=1', { a: '1' }, false],
    ['a in (1, 2)', { a: '2' }, true],
    ['a in (1,2)', {}, false],
    ['a notin (1,2),b', { b: '' }, true],
    ['a notin (1,2)', { a: '1' }, false],
    ['a>2', { a: '10' }, true],
    ['a>2', { a: 'ten' }, false],
    ['a<2', { a: '1' }, true],
    ['app.kubernetes.io/name=x', { 'app.kubernetes.io/name': 'x' }, true],
  ]

  test.each(matching)('behavior: %s on %j', (text, labels, expected) => {
    expect(parseLabelSelector(text)?.(labels)).toBe(expected)
  })

  test('default: an empty one selects everything', () => {
    expect(parseLabelSelector('')).toBeUndefined()
  })

  test.each(['a in', 'a in 1', 'a,,b', '=1', 'a=b=c', 'a>x', 'a b', 'UPPER/x y', 'a=not valid', '-a=1'])(
    'error: %s is refused',
    (text) => {
      expect(() => parseLabelSelector(text)).toThrow(/^unable to parse requirement: /)
    },
  )
})

describe('field selectors', () => {
  test('behavior: terms are split at commas that are not escaped', () => {
    expect(parseFieldSelector('metadata.name=a\\,b\\=c,spec.x!=1,y==2')).toEqual([
      { field: 'metadata.name', equal: true, value: 'a,b=c' },
      { field: 'spec.x', equal: false, value: '1' },
      { field: 'y', equal: true, value: '2' },
    ])
    expect(parseFieldSelector('')).toEqual([])
  })

  test('error: a term without operator is refused', () => {
    expect(() => parseFieldSelector('metadata.name')).toThrow(
      "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
    )
  })
})
