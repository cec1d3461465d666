import { describe, expect, test } from 'vitest'

import { duplicateKeys } from './duplicate-keys.ts'
import { negotiate } from './negotiate.ts'

describe('negotiation', () => {
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
  const cases: readonly (readonly [string | undefined, object])[] = [
    [undefined, { encoding: 'json' }],
    ['*/*', { encoding: 'json' }],
    ['application/json, */*;q=0.8', { encoding: 'json' }],
    ['application/vnd.kubernetes.protobuf,application/json', { encoding: 'json' }],
    ['application/yaml', { encoding: 'yaml' }],
    [table, { encoding: 'json', transform: 'Table', transformVersion: 'meta.k8s.io/v1' }],
    [table.replace('v=v1', 'v=v1beta1'), { transform: 'Table', transformVersion: 'meta.k8s.io/v1beta1' }],
    [`application/json;as=Odd;g=meta.k8s.io;v=v1,${table}`, { transform: 'Table' }],
    [`application/json;as=Table;g=other;v=v1,application/json`, { encoding: 'json' }],
  ]

  test.each(cases)('behavior: %s', (accept, expected) => {
    const format = negotiate(accept, true)
    expect(format).toMatchObject(expected)
    if (!('transform' in expected)) expect(format.transform).toBeUndefined()
  })

  test('error: what cannot be served is 406, with what could be', () => {
    expect(() => negotiate('application/vnd.kubernetes.protobuf', false)).toThrow(
      'only the following media types are accepted: application/json, application/yaml',
    )
    expect(() => negotiate('text/html', true)).toThrow(/application\/vnd\.kubernetes\.protobuf$/)
  })
})

describe('duplicate keys', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['{"a":1,"b":{"a":1}}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"s":{"x":{"a":1},"x":{"a":1}}}', ['s.x']],
    ['{"l":[{"a":1},{"a":1,"b":[],"a":2}]}', ['l[1].a']],
    [' { "a" : "x:\\"y\\":" , "b\\u0061" : null , "ba" : -1.5e3 } ', ['ba']],
    ['[1,{"a":[[],{}],"a":true}]', ['[1].a']],
  ]

  test.each(cases)('behavior: %s', (text, expected) => {
    expect(duplicateKeys(text, JSON.parse(text))).toEqual(expected)
  })
})
