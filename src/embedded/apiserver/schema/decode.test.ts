import { describe, expect, test } from 'vitest'
import { widget, widgetCrd } from '../../../../test/helpers/schema-widget.ts'
import { compileCrd, type CompiledVersion } from './compile-crd.ts'

function compiled(spec?: Record<string, unknown>): CompiledVersion {
  const version = compileCrd(spec === undefined ? widgetCrd() : widgetCrd(spec)).versions.get('v1')
  if (version === undefined) throw new Error('no version v1')
  return version
}

const embedded = {
  type: 'object',
  properties: {
    pod: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: { type: 'object' } } },
    open: {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { shut: { type: 'object' } },
    },
    map: { type: 'object', additionalProperties: { type: 'object', properties: { a: { type: 'string' } } } },
    list: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
  },
}

describe('pruning', () => {
  test.each<[string, unknown, unknown, string[]]>([
    ['known fields stay', { kind: 'k', size: 2 }, { kind: 'k', size: 2 }, []],
    ['unknown ones go', { kind: 'k', b: 1, a: { c: 1 } }, { kind: 'k' }, ['spec.b', 'spec.a']],
    ['below free content nothing goes', { free: { any: { thing: 1 } } }, { free: { any: { thing: 1 } } }, []],
    [
      'items are named by their index',
      { ports: [{ name: 'a' }, { name: 'b', z: 1 }] },
      { ports: [{ name: 'a' }, { name: 'b' }] },
      ['spec.ports[1].z'],
    ],
    ['an object in place of a scalar loses its fields', { kind: { a: 1 } }, { kind: {} }, ['spec.kind.a']],
    [
      'names of Object.prototype are unknown',
      { kind: 'k', constructor: 1 },
      { kind: 'k' },
      ['spec.constructor'],
    ],
  ])('behavior: %s', (_what, spec, kept, unknown) => {
    const { object, unknownFields } = compiled().prune(widget(spec))
    expect(object['spec']).toEqual(kept)
    expect(unknownFields).toEqual(unknown)
  })

  test('behavior: embedded resources keep their header, open objects what they do not name', () => {
    const spec = {
      pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', zzz: 1 }, spec: {}, status: {} },
      open: { any: 1, shut: { b: 1 } },
      map: { k: { a: 'x', b: 'y' } },
      list: [{ a: 'x', b: 'y' }],
    }
    const { object, unknownFields } = compiled(embedded).prune(widget(spec))
    expect(object['spec']).toEqual({
      pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: {} },
      open: { any: 1, shut: {} },
      map: { k: { a: 'x' } },
      list: [{ a: 'x' }],
    })
    expect([...unknownFields].toSorted()).toEqual([
      'spec.list[0].b',
      'spec.map.k.b',
      'spec.open.shut.b',
      'spec.pod.metadata.zzz',
      'spec.pod.status',
    ])
  })

  test('behavior: metadata keeps the fields of ObjectMeta; the root keeps only what the schema names', () => {
    const object = {
      ...widget({ kind: 'k' }),
      metadata: { name: 'w', labels: { a: 'b' }, color: 'red' },
      extra: 1,
    }
    const pruned = compiled().prune(object)
    expect(pruned.object).toEqual({ ...widget({ kind: 'k' }), metadata: { name: 'w', labels: { a: 'b' } } })
    expect(pruned.unknownFields).toEqual(['metadata.color', 'extra'])
  })

  test('behavior: what is pruned is not changed, and shared where nothing goes', () => {
    const object = widget({ kind: 'k', ports: [{ name: 'a' }], junk: 1 })
    const before = structuredClone(object)
    const pruned = compiled().prune(object).object
    expect(object).toEqual(before)
    expect((pruned['spec'] as { ports: unknown }).ports).toBe((object['spec'] as { ports: unknown }).ports)
    expect(compiled().prune(pruned).object).toBe(pruned)
  })
})

describe('defaults', () => {
  test.each<[string, unknown, unknown]>([
    ['a missing field takes its default', { kind: 'k' }, { kind: 'k', mode: 'a' }],
    ['a given one stays', { mode: 'b' }, { mode: 'b' }],
    ['null becomes the default', { mode: null }, { mode: 'a' }],
    ['null without default goes', { kind: null, size: 1 }, { size: 1, mode: 'a' }],
    ['a missing parent without default stays missing', { kind: 'k' }, { kind: 'k', mode: 'a' }],
    ['a given parent gets nested defaults', { opts: {} }, { opts: { deep: 'd' }, mode: 'a' }],
  ])('default: %s', (_what, spec, expected) => {
    expect(compiled().applyDefaults(widget(spec))['spec']).toEqual(expected)
  })

  test('default: nullable keeps null, parents are defaulted before their children, items and map values too', () => {
    const inner = { type: 'object', default: {}, properties: { n: { type: 'integer', default: 1 } } }
    const version = compiled({
      type: 'object',
      properties: {
        nul: { type: 'string', nullable: true, default: 'x' },
        inner,
        list: { type: 'array', items: inner },
        map: { type: 'object', additionalProperties: inner },
      },
    })
    expect(version.applyDefaults(widget({ nul: null, list: [{}, null], map: { k: {} } }))['spec']).toEqual({
      nul: null,
      inner: { n: 1 },
      list: [{ n: 1 }, {}],
      map: { k: { n: 1 } },
    })
  })

  test('behavior: what is defaulted is not changed, and is the same object where nothing is missing', () => {
    const object = widget({ kind: 'k' })
    const before = structuredClone(object)
    const filled = compiled().applyDefaults(object)
    expect(object).toEqual(before)
    expect(compiled().applyDefaults(filled)).toBe(filled)
  })
})
