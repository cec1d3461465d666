import { describe, expect, test } from 'vitest'
import { widgetCrd } from '../../../../test/helpers/schema-widget.ts'
import { fieldErrorText } from '../field-error.ts'
import { compileCrd } from './compile-crd.ts'

type Definition = {
  metadata: { name: string }
  spec: Record<string, unknown> & { names: Record<string, unknown>; versions: Record<string, unknown>[] }
}

async function errorsOf(crd: unknown): Promise<string[]> {
  const compiled = compileCrd(crd)
  return [...compiled.errors, ...(await compiled.ready)].map(fieldErrorText)
}

function changed(change: (crd: Definition) => void): unknown {
  const crd = structuredClone(widgetCrd()) as Definition
  change(crd)
  return crd
}

const at = 'spec.validation.openAPIV3Schema.properties[spec]'

test('behavior: a sound definition has no errors, its version is found by name', async () => {
  const compiled = compileCrd(widgetCrd())
  expect([...compiled.errors, ...(await compiled.ready)]).toEqual([])
  expect(compiled.versions.get('v1')).toMatchObject({ served: true, storage: true, subresources: ['status'] })
})

describe('names and versions', () => {
  test.each<[string, (crd: Definition) => void, string]>([
    [
      'a foreign name',
      (crd) => {
        crd.metadata.name = 'x.test.dev'
      },
      'metadata.name: Invalid value: "x.test.dev": must be spec.names.plural+"."+spec.group',
    ],
    [
      'no kind',
      (crd) => {
        delete crd.spec.names['kind']
      },
      'spec.names.kind: Required value',
    ],
    [
      'a scope that does not exist',
      (crd) => {
        crd.spec['scope'] = 'World'
      },
      'spec.scope: Unsupported value: "World": supported values: "Cluster", "Namespaced"',
    ],
    [
      'no scope',
      (crd) => {
        delete crd.spec['scope']
      },
      'spec.scope: Required value',
    ],
    [
      'no schema',
      (crd) => {
        delete crd.spec.versions[0]?.['schema']
      },
      'spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required',
    ],
    [
      'no stored version',
      (crd) => {
        crd.spec.versions[0] = { ...crd.spec.versions[0], storage: false }
      },
      'spec.versions: Invalid value: [{"name":"v1","served":true,"storage":false}]: must have exactly one version marked as storage version',
    ],
    [
      'a column of no type',
      (crd) => {
        crd.spec.versions[0] = {
          ...crd.spec.versions[0],
          additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: '.a' }],
        }
      },
      'spec.versions[0].additionalPrinterColumns[0].type: Invalid value: "text": must be one of integer,number,string,boolean,date',
    ],
  ])('error: %s is refused', async (_what, change, expected) => {
    expect(await errorsOf(changed(change))).toContain(expected)
  })
})

describe('structural schema', () => {
  test.each<[string, Record<string, unknown>, string]>([
    [
      'a field without type',
      { type: 'object', properties: { a: {} } },
      `${at}.properties[a].type: Required value: must not be empty for specified object fields`,
    ],
    [
      'items without type',
      { type: 'array', items: {} },
      `${at}.items.type: Required value: must not be empty for specified array items`,
    ],
    ['a list without items', { type: 'array' }, `${at}.items: Required value: must be specified`],
    [
      'a type inside of a junctor',
      { type: 'object', anyOf: [{ type: 'object' }] },
      `${at}.anyOf[0].type: Forbidden: must be empty to be structural`,
    ],
    [
      'a default inside of a junctor',
      { type: 'object', not: { default: 1 } },
      `${at}.not.default: Forbidden: must be undefined to be structural`,
    ],
    [
      'int-or-string with free content',
      { 'x-kubernetes-int-or-string': true, 'x-kubernetes-preserve-unknown-fields': true },
      `${at}.x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true`,
    ],
    [
      'an embedded resource without content',
      { type: 'object', 'x-kubernetes-embedded-resource': true },
      `${at}.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields`,
    ],
    [
      'a keyed list without keys',
      { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map' },
      `${at}.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
    ],
    [
      'a key that may be missing',
      {
        type: 'array',
        items: { type: 'object', properties: { k: { type: 'string' } } },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
      },
      `${at}.items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
    [
      'a default that is invalid',
      { type: 'string', enum: ['a'], default: 'b' },
      `${at}.default: Unsupported value: "b": supported values: "a"`,
    ],
    [
      'a default with unknown fields',
      { type: 'object', default: { z: 1 } },
      `${at}.default: Invalid value: {"z":1}: must not have unknown fields: value.z`,
    ],
  ])('error: %s is refused', async (_what, spec, expected) => {
    expect(await errorsOf(widgetCrd(spec))).toContain(expected)
  })

  test('behavior: int-or-string may be spelt out', async () => {
    const branches = [{ type: 'integer' }, { type: 'string' }]
    const spelt = { 'x-kubernetes-int-or-string': true, anyOf: branches }
    const nested = { 'x-kubernetes-int-or-string': true, allOf: [{ anyOf: branches }, { pattern: '^a' }] }
    expect(await errorsOf(widgetCrd({ type: 'object', properties: { spelt, nested } }))).toEqual([])
  })

  test('behavior: root metadata may restrict the name only', async () => {
    const withMetadata = (metadata: object): unknown =>
      changed((crd) => {
        const schema = { type: 'object', properties: { metadata } }
        crd.spec.versions[0] = { ...crd.spec.versions[0], schema: { openAPIV3Schema: schema } }
      })
    expect(
      await errorsOf(
        withMetadata({ type: 'object', properties: { name: { type: 'string', maxLength: 5 } } }),
      ),
    ).toEqual([])
    expect(
      await errorsOf(withMetadata({ type: 'object', properties: { labels: { type: 'object' } } })),
    ).toEqual([
      'spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ])
  })
})

describe('rules and patterns', () => {
  const withRule = (rule: object, rest: object = {}): object =>
    widgetCrd({
      type: 'object',
      properties: { a: { type: 'string' } },
      'x-kubernetes-validations': [rule],
      ...rest,
    })
  const ruleAt = `${at}.x-kubernetes-validations[0]`
  test.each<[string, object, RegExp | string]>([
    ['no rule', { rule: ' ' }, `${ruleAt}.rule: Required value: rule is not specified`],
    [
      'an unknown variable',
      { rule: 'slef.a == 1' },
      `${ruleAt}.rule: Invalid value: "slef.a == 1": compilation failed: undeclared reference to 'slef' (in container '')`,
    ],
    [
      'an unknown function',
      { rule: 'self.a.shout()' },
      `${ruleAt}.rule: Invalid value: "self.a.shout()": compilation failed: undeclared reference to 'shout' (in container '')`,
    ],
    [
      'a field that is not declared',
      { rule: 'has(self.b)' },
      `${ruleAt}.rule: Invalid value: "has(self.b)": compilation failed: undefined field 'b'`,
    ],
    [
      'a field of a scalar',
      { rule: 'has(self.a.b)' },
      `${ruleAt}.rule: Invalid value: "has(self.a.b)": compilation failed: type 'string' does not support field selection`,
    ],
    [
      'bad syntax',
      { rule: 'self. ==' },
      /x-kubernetes-validations\[0\]\.rule: Invalid value: "self\. ==": compilation failed: /,
    ],
    [
      'a bad message expression',
      { rule: 'true', messageExpression: '+' },
      /\.messageExpression: Invalid value: "\+": messageExpression compilation failed: /,
    ],
    [
      'an unknown reason',
      { rule: 'true', reason: 'Odd' },
      `${ruleAt}.reason: Unsupported value: "Odd": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
    ],
    [
      'a field path to nowhere',
      { rule: 'true', fieldPath: '.zzz' },
      `${ruleAt}.fieldPath: Invalid value: ".zzz": fieldPath must be a valid path`,
    ],
    [
      'a message of several lines',
      { rule: 'true', message: 'a\nb' },
      `${ruleAt}.message: Invalid value: "a\\nb": message must not contain line breaks`,
    ],
    [
      'optional types',
      { rule: 'true', optionalOldSelf: true },
      `${ruleAt}.optionalOldSelf: Forbidden: optional types are not available in this server`,
    ],
  ])('error: %s is refused', async (_what, rule, expected) => {
    const errors = await errorsOf(withRule(rule))
    expect(errors).toHaveLength(1)
    expect(errors[0]).toMatch(expected)
  })

  test('behavior: names inside of macros, maps and content without schema are found', async () => {
    const item = { type: 'object', properties: { n: { type: 'integer' } } }
    const spec = {
      type: 'object',
      properties: {
        list: { type: 'array', items: item },
        map: { type: 'object', additionalProperties: item },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        day: { type: 'string', format: 'date-time' },
      },
    }
    const errors = (text: string): Promise<string[]> =>
      errorsOf(widgetCrd({ ...spec, 'x-kubernetes-validations': [{ rule: text }] }))
    expect(await errors("self.list.all(i, i.n > 0) && self.list[0].n > 0 && self.map['k'].n > 0")).toEqual([])
    expect(await errors("self.map.all(k, k != '' && self.map[k].n > 0) && self.free.any.thing == 1")).toEqual(
      [],
    )
    expect(
      await errors(
        "self.day.getFullYear() > 2000 && {'a': 1}.a == 1 && type(self) == map && [1].exists(x, x == 1)",
      ),
    ).toEqual([])
    expect((await errors('self.list.all(i, i.m > 0)'))[0]).toContain("undefined field 'm'")
    expect((await errors("self.map['k'].m > 0"))[0]).toContain("undefined field 'm'")
    expect((await errors('self.list.all(i, j > 0)'))[0]).toContain("undeclared reference to 'j'")
  })

  test('error: oldSelf below a list without keys is refused', async () => {
    const item = { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] }
    const [error] = await errorsOf(widgetCrd({ type: 'array', items: item }))
    expect(error).toMatch(/oldSelf cannot be used on the uncorrelatable portion of the schema/)
  })

  test.each(['(?=a)', 'a**', '(a)\\1', '('])(
    'error: the pattern %s is refused, as RE2 does',
    async (pattern) => {
      const [error] = await errorsOf(widgetCrd({ type: 'string', pattern }))
      expect(error).toContain("must be a valid regular expression, but isn't: ")
    },
  )
})
