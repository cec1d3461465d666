import { describe, expect, test } from 'vitest'
import { widget, widgetCrd } from '../../../../test/helpers/schema-widget.ts'
import { fieldErrorBody, type FieldError } from '../field-error.ts'
import { compileCrd, type CompiledVersion } from './compile-crd.ts'
import type { JsonSchema } from './json-schema.ts'

async function compile(spec: JsonSchema | Record<string, unknown>): Promise<CompiledVersion> {
  const crd = compileCrd(widgetCrd(spec as Record<string, unknown>))
  expect([...crd.errors, ...(await crd.ready)]).toEqual([])
  const version = crd.versions.get('v1')
  if (version === undefined) throw new Error('no version v1')
  return version
}

function printed(errors: readonly FieldError[]): string[] {
  return errors.map((error) => `${error.type} ${error.field}: ${fieldErrorBody(error)}`)
}

/** The errors of `{a: value}` where `a` has the schema. */
async function judge(schema: JsonSchema, value: unknown): Promise<string[]> {
  const version = await compile({ type: 'object', properties: { a: schema } })
  return printed(version.validate(widget({ a: value })))
}

const wrongType = (type: string, got: string): string =>
  `FieldValueTypeInvalid spec.a: Invalid value: "${got}": spec.a in body must be of type ${type}: "${got}"`
const invalid = (value: string, rest: string): string =>
  `FieldValueInvalid spec.a: Invalid value: ${value}: spec.a in body ${rest}`

describe('types', () => {
  test.each<[JsonSchema, unknown, string[]]>([
    [{ type: 'string' }, 'x', []],
    [{ type: 'string' }, 1, [wrongType('string', 'integer')]],
    [{ type: 'string' }, null, [wrongType('string', 'null')]],
    [{ type: 'string', nullable: true }, null, []],
    [{ type: 'integer' }, 1, []],
    [
      { type: 'integer' },
      1.5,
      [
        wrongType('integer', 'number'),
        'FieldValueInvalid <nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.a',
      ],
    ],
    [{ type: 'integer' }, '1', [wrongType('integer', 'string')]],
    [{ type: 'number' }, 1, []],
    [{ type: 'number' }, 1.5, []],
    [{ type: 'boolean' }, 'true', [wrongType('boolean', 'string')]],
    [{ type: 'array', items: { type: 'string' } }, {}, [wrongType('array', 'object')]],
    [{ type: 'object' }, [], [wrongType('object', 'array')]],
    [{ 'x-kubernetes-int-or-string': true }, 1, []],
    [{ 'x-kubernetes-int-or-string': true }, '1', []],
    [{ 'x-kubernetes-int-or-string': true }, true, [wrongType('integer,string', 'boolean')]],
    [{ 'x-kubernetes-preserve-unknown-fields': true }, [1, 'a'], []],
  ])('behavior: %j takes %j as a real server does', async (schema, value, expected) => {
    expect(await judge(schema, value)).toEqual(expected)
  })
})

describe('values', () => {
  test.each<[JsonSchema, unknown, string[]]>([
    [{ type: 'string', enum: ['A', 'B'] }, 'A', []],
    [
      { type: 'string', enum: ['A', 'B'] },
      'X',
      ['FieldValueNotSupported spec.a: Unsupported value: "X": supported values: "A", "B"'],
    ],
    [{ type: 'string', pattern: '^[a-z]+$' }, 'Bad', [invalid('"Bad"', "should match '^[a-z]+$'")]],
    [{ type: 'string', minLength: 2 }, 'a', [invalid('"a"', 'should be at least 2 chars long')]],
    [{ type: 'string', minLength: 2 }, '😀', [invalid('"😀"', 'should be at least 2 chars long')]],
    [{ type: 'string', maxLength: 2 }, '😀😀', []],
    [
      { type: 'string', maxLength: 2 },
      'abc',
      ['FieldValueTooLong spec.a: Too long: may not be more than 2 bytes'],
    ],
    [
      { type: 'string', maxLength: 1 },
      'abc',
      ['FieldValueTooLong spec.a: Too long: may not be more than 1 byte'],
    ],
    [{ type: 'integer', minimum: 1 }, 0, [invalid('0', 'should be greater than or equal to 1')]],
    [{ type: 'integer', maximum: 5 }, 6, [invalid('6', 'should be less than or equal to 5')]],
    [{ type: 'integer', minimum: 0, exclusiveMinimum: true }, 0, [invalid('0', 'should be greater than 0')]],
    [{ type: 'integer', maximum: 9, exclusiveMaximum: true }, 9, [invalid('9', 'should be less than 9')]],
    [{ type: 'integer', multipleOf: 3 }, 4, [invalid('4', 'should be a multiple of 3')]],
    [{ type: 'integer', multipleOf: 3 }, 9, []],
    [{ type: 'integer', format: 'int32' }, 2 ** 31 - 1, []],
    [
      { type: 'integer', format: 'int32' },
      2 ** 31,
      [
        'FieldValueInvalid <nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.a',
      ],
    ],
    [{ type: 'integer', format: 'int64' }, 2 ** 53, []],
    [
      { type: 'integer', format: 'int64' },
      2 ** 63,
      [
        'FieldValueInvalid <nil>: Invalid value: "": Checked value must be of type integer with format int64 in spec.a',
      ],
    ],
    [
      { type: 'string', format: 'date-time' },
      'today',
      [
        'FieldValueTypeInvalid spec.a: Invalid value: "today": spec.a in body must be of type date-time: "today"',
      ],
    ],
    [{ type: 'string', format: 'of-the-future' }, 'x', []],
  ])('behavior: %j takes %j as a real server does', async (schema, value, expected) => {
    expect(await judge(schema, value)).toEqual(expected)
  })
})

const list: JsonSchema = { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 2 }
const record: JsonSchema = {
  type: 'object',
  required: ['b'],
  properties: { b: { type: 'string' } },
  additionalProperties: undefined as never,
}
const map: JsonSchema = {
  type: 'object',
  additionalProperties: { type: 'integer' },
  minProperties: 1,
  maxProperties: 2,
}

describe('lists and maps', () => {
  test.each<[string, JsonSchema, unknown, string[]]>([
    ['too few items', list, [], [invalid('0', 'should have at least 1 items')]],
    ['too many items', list, [1, 2, 3], ['FieldValueTooMany spec.a: Too many: 3: must have at most 2 items']],
    [
      'a bad item',
      list,
      [1, 'x'],
      [
        'FieldValueTypeInvalid spec.a[1]: Invalid value: "string": spec.a[1] in body must be of type integer: "string"',
      ],
    ],
    ['a required field missing', record, {}, ['FieldValueRequired spec.a.b: Required value']],
    ['too few properties', map, {}, [invalid('0', 'should have at least 1 properties')]],
    [
      'too many properties',
      map,
      { a: 1, b: 2, c: 3 },
      ['FieldValueTooMany spec.a: Too many: 3: must have at most 2 items'],
    ],
    [
      'a bad value',
      map,
      { k: 'x' },
      [
        'FieldValueTypeInvalid spec.a.k: Invalid value: "string": spec.a.k in body must be of type integer: "string"',
      ],
    ],
    [
      'a repeated item of a set',
      { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      ['x', 'y', 'x'],
      ['FieldValueDuplicate spec.a[2]: Duplicate value: "x"'],
    ],
    [
      'a repeated key of a keyed list',
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
        items: {
          type: 'object',
          required: ['type'],
          properties: { type: { type: 'string' }, n: { type: 'integer' } },
        },
      },
      [
        { type: 'Ready', n: 1 },
        { type: 'Ready', n: 2 },
      ],
      ['FieldValueDuplicate spec.a[1]: Duplicate value: {"type":"Ready"}'],
    ],
  ])('behavior: %s is told as a real server tells it', async (_what, schema, value, expected) => {
    expect(await judge(schema, value)).toEqual(expected)
  })
})

describe('junctors', () => {
  const minimum = (bound: number): JsonSchema => ({ minimum: bound })
  test.each<[JsonSchema, unknown, RegExp | undefined]>([
    [{ type: 'integer', anyOf: [minimum(5), { maximum: 2 }] }, 1, undefined],
    [
      { type: 'integer', anyOf: [minimum(5), { maximum: 2 }] },
      3,
      /^FieldValueInvalid <nil>: Invalid value: "": "spec.a" must validate at least one schema \(anyOf\)$/,
    ],
    [{ type: 'integer', oneOf: [minimum(1), minimum(5)] }, 3, undefined],
    [
      { type: 'integer', oneOf: [minimum(1), minimum(5)] },
      7,
      /"spec.a" must validate one and only one schema \(oneOf\). Found 2 valid alternatives$/,
    ],
    [{ type: 'integer', oneOf: [minimum(1), minimum(5)] }, 0, /\(oneOf\). Found none valid$/],
    [{ type: 'integer', allOf: [minimum(1), { maximum: 5 }] }, 3, undefined],
    [
      { type: 'integer', allOf: [minimum(1), { maximum: 5 }] },
      7,
      /^FieldValueInvalid spec.a: Invalid value: 7: spec.a in body should be less than or equal to 5$/,
    ],
    [{ type: 'integer', not: minimum(5) }, 3, undefined],
    [{ type: 'integer', not: minimum(5) }, 7, /"spec.a" must not validate the schema \(not\)$/],
  ])('behavior: %j takes %j as a real server does', async (schema, value, expected) => {
    const [first] = await judge(schema, value)
    if (expected === undefined) expect(first).toBeUndefined()
    else expect(first).toMatch(expected)
  })
})

describe('the whole object', () => {
  test('behavior: every fault of one request is told at once', async () => {
    const version = await compile({
      type: 'object',
      required: ['kind'],
      properties: {
        kind: { type: 'string' },
        size: { type: 'integer', minimum: 1 },
        mode: { type: 'string', enum: ['a'] },
        tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      },
    })
    const errors = version.validate(widget({ size: 0, mode: 'z', tags: ['t', 't'] }))
    expect(errors.map((error) => `${error.type} ${error.field}`).toSorted()).toEqual([
      'FieldValueDuplicate spec.tags[1]',
      'FieldValueInvalid spec.size',
      'FieldValueNotSupported spec.mode',
      'FieldValueRequired spec.kind',
    ])
  })

  test('behavior: an embedded resource must say what it is', async () => {
    const version = await compile({
      type: 'object',
      properties: {
        a: {
          type: 'object',
          'x-kubernetes-embedded-resource': true,
          'x-kubernetes-preserve-unknown-fields': true,
        },
      },
    })
    expect(printed(version.validate(widget({ a: { kind: 'Pod' } })))).toEqual([
      'FieldValueRequired spec.a.apiVersion: Required value: must not be empty',
    ])
  })
})

describe('ratcheting', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string', maxLength: 2 },
      other: { type: 'string' },
      tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      ports: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string' }, n: { type: 'integer', maximum: 5 } },
        },
      },
      plain: { type: 'array', items: { type: 'integer', maximum: 5 } },
    },
  }
  test.each<[string, object, object, string[]]>([
    ['an unchanged fault is forgiven', { name: 'long' }, { name: 'long', other: 'x' }, []],
    ['a changed fault is not', { name: 'long' }, { name: 'longer' }, ['FieldValueTooLong spec.name']],
    ['a new fault is not', {}, { name: 'long' }, ['FieldValueTooLong spec.name']],
    [
      'an unchanged item of a keyed list is forgiven',
      { ports: [{ name: 'a', n: 9 }] },
      { ports: [{ name: 'b' }, { name: 'a', n: 9 }] },
      [],
    ],
    [
      'a changed item is not',
      { ports: [{ name: 'a', n: 9 }] },
      { ports: [{ name: 'a', n: 8 }] },
      ['FieldValueInvalid spec.ports[0].n'],
    ],
    [
      'items of a plain list have no counterpart',
      { plain: [9] },
      { plain: [9, 1] },
      ['FieldValueInvalid spec.plain[0]'],
    ],
    ['an unchanged plain list is forgiven', { plain: [9] }, { plain: [9], other: 'x' }, []],
    ['repeated items that were there are forgiven', { tags: ['a', 'a'] }, { tags: ['a', 'a', 'b'] }, []],
    [
      'repeated items that are new are not',
      { tags: ['a'] },
      { tags: ['a', 'a'] },
      ['FieldValueDuplicate spec.tags[1]'],
    ],
  ])('behavior: on update %s', async (_what, old, next, expected) => {
    const version = await compile(schema)
    const errors = version.validate(widget(next), widget(old))
    expect(errors.map((error) => `${error.type} ${error.field}`)).toEqual(expected)
  })
})
