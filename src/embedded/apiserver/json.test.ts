import { expect, test } from 'vitest'

import { parseJson, toJson } from './json.ts'

const kept = [
  '{"n":9007199254740993}',
  '{"n":-9007199254740993}',
  '[9223372036854775807,-9223372036854775808]',
  '{"s":"9007199254740993","t":"a,12345678901234567890,b"}',
  '{"n":9007199254740991,"f":0.5,"list":[{"n":1234567890123456789}]}',
]

test.each(kept)('behavior: %s comes out as it went in', (text) => {
  expect(toJson(parseJson(text))).toBe(text)
})

test('behavior: what a number can hold stays a number; beyond 64 bits and in a fraction the nearest one does', () => {
  expect(parseJson('{"a":1,"b":9007199254740991,"c":1e21,"d":1.0,"e":-0.5}')).toEqual({
    a: 1,
    b: 9_007_199_254_740_991,
    c: 1e21,
    d: 1,
    e: -0.5,
  })
  expect(toJson(parseJson('[ 12345678901234567890 ]'))).toBe('[12345678901234567000]')
})

test('error: what is no JSON is no JSON with long numbers either', () => {
  expect(() => parseJson('{"a": 9007199254740993 ')).toThrow(SyntaxError)
})
