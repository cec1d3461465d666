import { describe, expect, test } from 'vitest'
import { loadCelEngine } from './cel-engine.ts'
import { stringFormats } from './formats.ts'
import { translatePattern } from './pattern.ts'

const samples = [
  '',
  'a',
  'A',
  'abc',
  'a-b',
  'a.b',
  'a b',
  'a\nb',
  'a\tb',
  'a\u000bb',
  'a\u2028b',
  'a\u00a0b',
  '1',
  '١',
  'é',
  '😀',
  'h:26657',
  '1s',
  '-',
  '[',
  ']',
  '_',
  'a/b',
  '\r',
]

describe('patterns', () => {
  test.each([
    '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
    '^[^\\s:/,]+:[0-9]{1,5}$',
    '^[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h)$',
    '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))$',
    'a.b',
    'a\\sb',
    'a\\Sb',
    '\\d',
    '\\w\\W\\w',
    '[\\w.\\-]',
    '[\\[a]',
    '^.$',
    'a\\-b',
    'a\\_b|a',
    '(?:a|b)$',
    '\\bb',
  ])('behavior: %s means in JavaScript what it means in RE2', async (pattern) => {
    const native = translatePattern(pattern)
    if (native === undefined) throw new Error('the pattern was not translated')
    const re2 = (await loadCelEngine()).matcher(pattern)
    expect(samples.filter((text) => native.test(text))).toEqual(samples.filter(re2))
  })

  test.each([
    '(?i)a',
    '[[:alpha:]]',
    '\\pL',
    '\\Aa\\z',
    '(?P<n>a)',
    '[]a]',
    '(?=a)',
    '(a)\\1',
    '[\\S]',
    'a**',
    '\\Q.\\E',
  ])('behavior: %s is left to RE2', (pattern) => {
    expect(translatePattern(pattern)).toBeUndefined()
  })

  test('behavior: RE2 stands in for what JavaScript cannot say', async () => {
    const matches = (await loadCelEngine()).matcher('(?i)^[[:alpha:]]+\\z')
    expect(['abc', 'ABC', 'a1'].map(matches)).toEqual([true, true, false])
  })
})

describe('formats', () => {
  test.each<[string, string[], string[]]>([
    [
      'date-time',
      ['2026-01-02T03:04:05Z', '2026-01-02t03:04:05.123+02:00', '2024-02-29T00:00:00Z'],
      ['2026-01-02', '2026-02-30T00:00:00Z', '2026-01-02T25:00:00Z', '2026-01-02 03:04:05Z', ''],
    ],
    ['date', ['2026-12-31'], ['2026-13-01', '26-1-1']],
    ['duration', ['1s', '1h30m', '-1.5h', '0', '3 weeks', '10us'], ['', '1', 'soon', '1 fortnight']],
    ['byte', ['', 'YWJj', 'YQ=='], ['YQ', 'Y Q=']],
    ['uri', ['http://a.b/c', '/path'], ['a b', 'plain']],
    ['email', ['a@b.c'], ['a', 'a@b@c']],
    ['hostname', ['a', 'a-b.example.com'], ['a_b', '-a', '']],
    ['ipv4', ['10.0.0.1'], ['10.0.0', '::1']],
    ['ipv6', ['::1'], ['10.0.0.1']],
    ['cidr', ['10.0.0.0/8', '::/0'], ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/a']],
    ['mac', ['00:11:22:33:44:55'], ['00:11:22:33:44']],
    ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['123e4567']],
    ['uuid4', ['123e4567-e89b-42d3-a456-426614174000'], ['123e4567-e89b-12d3-a456-426614174000']],
  ])('behavior: %s is told from what it is not', (format, good, bad) => {
    const accepts = stringFormats[format]
    if (accepts === undefined) throw new Error('unknown format')
    expect(good.filter((text) => !accepts(text))).toEqual([])
    expect(bad.filter((text) => accepts(text))).toEqual([])
  })
})
