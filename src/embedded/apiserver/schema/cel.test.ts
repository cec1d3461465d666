import { describe, expect, test } from 'vitest'
import { widget, widgetCrd } from '../../../../test/helpers/schema-widget.ts'
import { fieldErrorText } from '../field-error.ts'
import { compileCrd, type CompiledVersion } from './compile-crd.ts'

async function compile(spec?: Record<string, unknown>): Promise<CompiledVersion> {
  const crd = compileCrd(spec === undefined ? widgetCrd() : widgetCrd(spec))
  expect([...crd.errors, ...(await crd.ready)]).toEqual([])
  const version = crd.versions.get('v1')
  if (version === undefined) throw new Error('no version v1')
  return version
}

async function judge(
  spec: Record<string, unknown> | undefined,
  next: unknown,
  old?: unknown,
): Promise<string[]> {
  const version = await compile(spec)
  return version.validate(widget(next), old === undefined ? undefined : widget(old)).map(fieldErrorText)
}

const any = { 'x-kubernetes-preserve-unknown-fields': true }
const rule = (text: string, rest: object = {}): object[] => [{ rule: text, ...rest }]

describe('rules of a widget', () => {
  test.each<[string, unknown, unknown, string[]]>([
    ['one of the two', { kind: 'k', x: '1' }, undefined, []],
    ['none of the two', { kind: 'k' }, undefined, ['spec: Invalid value: exactly one of x, y']],
    [
      'both of the two',
      { kind: 'k', x: '1', y: '2' },
      undefined,
      ['spec: Invalid value: exactly one of x, y'],
    ],
    [
      'a transition on update',
      { kind: 'l', x: '1' },
      { kind: 'k', x: '1' },
      ['spec: Invalid value: spec.kind is immutable'],
    ],
    ['no transition without change', { kind: 'k', x: '2' }, { kind: 'k', x: '1' }, []],
    ['a plain rule is forgiven where nothing changed', { kind: 'k' }, { kind: 'k' }, []],
    [
      'rules are not tried after a blocking fault',
      { x: '1', y: '2' },
      undefined,
      [
        'spec.kind: Required value',
        '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
      ],
    ],
    [
      'rules are tried after other faults',
      { kind: 'k', size: 9 },
      undefined,
      [
        'spec.size: Invalid value: 9: spec.size in body should be less than or equal to 5',
        'spec: Invalid value: exactly one of x, y',
      ],
    ],
  ])('behavior: %s', async (_what, next, old, expected) => {
    expect(await judge(undefined, next, old)).toEqual(expected)
  })
})

describe('messages', () => {
  const count = {
    n: { type: 'integer' },
    gone: { type: 'string' },
    deep: { type: 'object', properties: { v: { type: 'integer' } } },
  }
  const withRule = (rules: object[]): Record<string, unknown> => ({
    type: 'object',
    properties: count,
    'x-kubernetes-validations': rules,
  })
  test.each<[string, object, string]>([
    ['without message the rule is told', {}, 'spec: Invalid value: failed rule: self.n > 5'],
    ['message is trimmed', { message: '  too small ' }, 'spec: Invalid value: too small'],
    ['messageExpression', { messageExpression: "'n is ' + string(self.n)" }, 'spec: Invalid value: n is 3'],
    [
      'a failing messageExpression',
      { messageExpression: "self.gone + ''", message: 'fallback' },
      'spec: Invalid value: fallback',
    ],
    [
      'an empty messageExpression',
      { messageExpression: "''", message: 'fallback' },
      'spec: Invalid value: fallback',
    ],
    ['fieldPath', { fieldPath: '.deep.v', message: 'm' }, 'spec.deep.v: Invalid value: m'],
    ['reason Forbidden', { reason: 'FieldValueForbidden', message: 'm' }, 'spec: Forbidden: m'],
    ['reason Required', { reason: 'FieldValueRequired', message: 'm' }, 'spec: Required value: m'],
    ['reason Duplicate', { reason: 'FieldValueDuplicate', message: 'm' }, 'spec: Duplicate value: {"n":3}'],
  ])('behavior: %s', async (_what, rest, expected) => {
    expect(await judge(withRule(rule('self.n > 5', rest)), { n: 3 })).toEqual([expected])
  })

  test('behavior: a rule on a scalar shows the value', async () => {
    const spec = {
      type: 'object',
      properties: { n: { type: 'integer', 'x-kubernetes-validations': rule('self > 5', { message: 'm' }) } },
    }
    expect(await judge(spec, { n: 3 })).toEqual(['spec.n: Invalid value: 3: m'])
  })

  test('behavior: a rule that cannot be evaluated tells why, with the type in place of the value', async () => {
    expect(await judge(withRule(rule("self.gone == 'x'", { message: 'm' })), { n: 3 })).toEqual([
      'spec: Invalid value: "object": no such key: gone evaluating rule: m',
    ])
    expect(await judge(withRule(rule("self.n.contains('x')")), { n: 3 })).toEqual([
      `spec: Invalid value: "object": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.n.contains('x')`,
    ])
  })
})

describe('values', () => {
  test.each<[string, Record<string, unknown>, string, unknown]>([
    ['integers are ints', { a: { type: 'integer' } }, 'self.a + 1 == 3', { a: 2 }],
    ['numbers are doubles', { a: { type: 'number' } }, 'self.a + 0.5 == 2.5', { a: 2 }],
    [
      'int-or-string is what it is',
      { a: { 'x-kubernetes-int-or-string': true } },
      'type(self.a) == int && self.a == 2',
      { a: 2 },
    ],
    [
      'date-time is a timestamp',
      { a: { type: 'string', format: 'date-time' } },
      "self.a < timestamp('2027-01-01T00:00:00Z')",
      { a: '2026-01-01T00:00:00Z' },
    ],
    [
      'duration is a duration',
      { a: { type: 'string', format: 'duration' } },
      "self.a > duration('1m')",
      { a: '1h' },
    ],
    ['byte is bytes', { a: { type: 'string', format: 'byte' } }, "self.a == b'abc'", { a: 'YWJj' }],
    [
      'lists',
      { a: { type: 'array', items: { type: 'integer' } } },
      'self.a.all(n, n > 0) && size(self.a) == 2',
      { a: [1, 2] },
    ],
    [
      'maps by key',
      { a: { type: 'object', additionalProperties: { type: 'string' } } },
      "self.a['my-key'] == 'v'",
      { a: { 'my-key': 'v' } },
    ],
    ['names are escaped', { 'a-b': { type: 'string' } }, "self.a__dash__b == 'v'", { 'a-b': 'v' }],
    [
      'double underscores are escaped',
      { a__b: { type: 'string' } },
      "self.a__underscores__b == 'v'",
      { a__b: 'v' },
    ],
    [
      'reserved words are escaped',
      { namespace: { type: 'string' } },
      "self.__namespace__ == 'v'",
      { namespace: 'v' },
    ],
    [
      'reserved words may also stand bare',
      { import: { type: 'string' } },
      "has(self.import) && self.import == 'v'",
      { import: 'v' },
    ],
    [
      'content without schema is dynamic',
      { a: any },
      "self.a.n == 1 && self.a.l[0] == 'x'",
      { a: { n: 1, l: ['x'] } },
    ],
    [
      'strings have their functions',
      { a: { type: 'string' } },
      "self.a.lowerAscii() == 'ab' && self.a.matches('^A')",
      { a: 'Ab' },
    ],
  ])('behavior: %s', async (_what, properties, text, value) => {
    const spec = { type: 'object', properties, 'x-kubernetes-validations': rule(text) }
    expect(await judge(spec, value)).toEqual([])
  })

  test('behavior: a rule at the root sees the names of the object and no other metadata', async () => {
    const crd = widgetCrd({ type: 'object' }) as {
      spec: { versions: { schema: { openAPIV3Schema: object } }[] }
    }
    const version = crd.spec.versions[0]
    if (version === undefined) throw new Error('no version')
    version.schema.openAPIV3Schema = {
      ...version.schema.openAPIV3Schema,
      'x-kubernetes-validations': [
        { rule: "self.metadata.name == 'w' && self.kind == 'Widget'" },
        { rule: '!has(self.metadata.namespace)' },
      ],
    }
    const compiled = compileCrd(crd)
    await compiled.ready
    expect(compiled.versions.get('v1')?.validate(widget({}))).toEqual([])
  })
})

describe('transitions', () => {
  const item = {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, n: { type: 'integer' } },
    'x-kubernetes-validations': rule('self.n >= oldSelf.n', { message: 'n only grows' }),
  }
  const keyed = {
    type: 'object',
    properties: {
      ports: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: item,
      },
      byKey: {
        type: 'object',
        additionalProperties: { type: 'integer', 'x-kubernetes-validations': rule('self >= oldSelf') },
      },
      once: { type: 'string', 'x-kubernetes-validations': rule('self == oldSelf', { message: 'immutable' }) },
    },
  }
  test.each<[string, object, object, string[]]>([
    [
      'items are found by their keys',
      { ports: [{ name: 'a', n: 1 }] },
      {
        ports: [
          { name: 'b', n: 0 },
          { name: 'a', n: 2 },
        ],
      },
      [],
    ],
    [
      'an item that breaks its rule is named by its new place',
      { ports: [{ name: 'a', n: 5 }] },
      {
        ports: [
          { name: 'b', n: 0 },
          { name: 'a', n: 2 },
        ],
      },
      ['spec.ports[1]: Invalid value: n only grows'],
    ],
    [
      'values of a map are found by their key',
      { byKey: { k: 5 } },
      { byKey: { k: 4, l: 1 } },
      ['spec.byKey[k]: Invalid value: 4: failed rule: self >= oldSelf'],
    ],
    ['a field that appears has no old value', {}, { once: 'x' }, []],
    ['a field that goes has no new one', { once: 'x' }, {}, []],
    ['a field that changes', { once: 'x' }, { once: 'y' }, ['spec.once: Invalid value: "y": immutable']],
  ])('behavior: %s', async (_what, old, next, expected) => {
    expect(await judge(keyed, next, old)).toEqual(expected)
  })

  test('behavior: sets and keyed lists are equal whatever their order', async () => {
    const spec = {
      type: 'object',
      properties: {
        tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        },
        plain: { type: 'array', items: { type: 'string' } },
      },
      'x-kubernetes-validations': rule('self == oldSelf', { message: 'changed' }),
    }
    const old = { tags: ['a', 'b'], ports: [{ name: 'p' }, { name: 'q' }], plain: ['x', 'y'] }
    expect(
      await judge(spec, { ...old, tags: ['b', 'a'], ports: [{ name: 'q' }, { name: 'p' }] }, old),
    ).toEqual([])
    expect(await judge(spec, { ...old, tags: ['b', 'c'] }, old)).toEqual(['spec: Invalid value: changed'])
    expect(await judge(spec, { ...old, plain: ['y', 'x'] }, old)).toEqual(['spec: Invalid value: changed'])
  })

  test('behavior: a word that only contains oldSelf is no transition', async () => {
    const spec = {
      type: 'object',
      properties: { a: { type: 'string' } },
      'x-kubernetes-validations': rule("self.a == 'oldSelf'"),
    }
    expect(await judge(spec, { a: 'x' })).toEqual([`spec: Invalid value: failed rule: self.a == 'oldSelf'`])
  })
})

test('error: objects cannot be judged by rules before the engine is there', () => {
  const version = compileCrd(widgetCrd()).versions.get('v1')
  expect(() => version?.validate(widget({ kind: 'k', x: '1' }))).toThrow('not ready')
})
