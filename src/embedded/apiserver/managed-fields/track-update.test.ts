import { describe, expect, test } from 'vitest'
import type { ManagedFieldsEntry } from '../../../contract/objects.ts'
import type { ApiObject } from '../object.ts'
import { builtInMergeSchema } from './built-in-merge-schema.ts'
import { mergeSchemaOf } from './crd-merge-schema.ts'
import { trackUpdate, type TrackUpdate } from './track-update.ts'

const schema = mergeSchemaOf({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        mode: { type: 'string' },
        options: { type: 'object', additionalProperties: { type: 'string' } },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
          items: {
            type: 'object',
            properties: {
              port: { type: 'integer' },
              protocol: { type: 'string', default: 'TCP' },
              name: { type: 'string' },
            },
          },
        },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        steps: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' } } },
  },
})

const noon = new Date('2026-01-01T12:00:00.900Z')
const one = new Date('2026-01-01T13:00:00Z')

function widget(fields: object = {}, metadata: object = {}): ApiObject {
  return { apiVersion: 'test.dev/v1', kind: 'Widget', metadata: { name: 'w', ...metadata }, ...fields }
}

function track(update: Partial<TrackUpdate<ApiObject>> & { after: ApiObject }): ApiObject {
  return trackUpdate({ manager: 'm', apiVersion: 'test.dev/v1', schema, now: noon, ...update })
}

function entry(
  fieldsV1: Record<string, unknown>,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  return {
    manager: 'm',
    operation: 'Update',
    apiVersion: 'test.dev/v1',
    time: '2026-01-01T12:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...more,
  }
}

/** Fields that creating a widget with this spec takes. */
function taken(spec: object): unknown {
  return track({ after: widget({ spec }) }).metadata.managedFields?.[0]?.fieldsV1['f:spec']
}

describe('what is owned', () => {
  test.for<[string, object, object]>([
    ['scalars', { size: 1, mode: 'a' }, { '.': {}, 'f:mode': {}, 'f:size': {} }],
    ['keys of a map', { options: { 'a.b/c': 'x' } }, { '.': {}, 'f:options': { '.': {}, 'f:a.b/c': {} } }],
    ['an empty map', { options: {} }, { '.': {}, 'f:options': {} }],
    ['null', { mode: null }, { '.': {}, 'f:mode': {} }],
    ['an atomic list as a whole', { steps: [{ name: 'a' }] }, { '.': {}, 'f:steps': {} }],
    [
      'items of a set by value',
      { tags: ['b', 'a<'] },
      { '.': {}, 'f:tags': { '.': {}, 'v:"a\\u003c"': {}, 'v:"b"': {} } },
    ],
    [
      'items of a map list by sorted keys, defaults filled in',
      { ports: [{ port: 80, name: 'x' }] },
      {
        '.': {},
        'f:ports': { '.': {}, 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } },
      },
    ],
    [
      'free-form content: maps by key, lists as a whole',
      { free: { a: { b: [1] } } },
      { '.': {}, 'f:free': { '.': {}, 'f:a': { '.': {}, 'f:b': {} } } },
    ],
    [
      'a key that occurs twice as one value',
      { ports: [{ port: 1 }, { port: 1, name: 'x' }] },
      { '.': {}, 'f:ports': { '.': {}, 'k:{"port":1,"protocol":"TCP"}': {} } },
    ],
  ])('default: %s', ([, spec, expected]) => {
    expect(taken(spec)).toEqual(expected)
  })

  test('default: of the metadata only what users set', () => {
    const metadata = {
      uid: 'u',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: 'x',
      labels: { a: 'b' },
      finalizers: ['f'],
      ownerReferences: [{ uid: 'o', name: 'n' }],
    }
    expect(track({ after: widget({}, metadata) }).metadata.managedFields).toEqual([
      entry({
        'f:metadata': {
          'f:finalizers': { '.': {}, 'v:"f"': {} },
          'f:labels': { '.': {}, 'f:a': {} },
          'f:ownerReferences': { '.': {}, 'k:{"uid":"o"}': {} },
        },
      }),
    ])
  })

  test('behavior: fields that a built-in type always writes are not added by a create', () => {
    const after: ApiObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: {
        containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }],
        nodeSelector: { a: 'b' },
      },
    }
    const tracked = track({ after, apiVersion: 'v1', schema: builtInMergeSchema('v1', 'Pod') })
    expect(tracked.metadata.managedFields?.[0]?.fieldsV1).toEqual({
      'f:spec': {
        'f:containers': {
          'k:{"name":"c"}': {
            '.': {},
            'f:image': {},
            'f:name': {},
            'f:ports': {
              '.': {},
              'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} },
            },
          },
        },
        'f:nodeSelector': {},
      },
    })
  })
})

describe('who owns it', () => {
  const created = track({ after: widget({ spec: { size: 1, mode: 'a' } }) })

  test('behavior: a changed field goes over to who changed it', () => {
    const after = widget({ spec: { size: 2, mode: 'a' } })
    const tracked = track({ before: created, after, manager: 'other', now: one })
    expect(tracked.metadata.managedFields).toEqual([
      entry({ 'f:spec': { '.': {}, 'f:mode': {} } }),
      entry({ 'f:spec': { 'f:size': {} } }, { manager: 'other', time: '2026-01-01T13:00:00Z' }),
    ])
  })

  test('behavior: a removed field leaves all, an entry left empty vanishes', () => {
    const both = track({ before: created, after: widget({ spec: { size: 2, mode: 'a' } }), manager: 'other' })
    const tracked = track({ before: both, after: widget({ spec: { mode: 'a' } }), manager: 'third' })
    expect(tracked.metadata.managedFields).toEqual([entry({ 'f:spec': { '.': {}, 'f:mode': {} } })])
  })

  test('behavior: changing an own value moves the time, changing nothing does not', () => {
    const changed = track({ before: created, after: widget({ spec: { size: 9, mode: 'a' } }), now: one })
    expect(changed.metadata.managedFields).toEqual([
      entry({ 'f:spec': { '.': {}, 'f:mode': {}, 'f:size': {} } }, { time: '2026-01-01T13:00:00Z' }),
    ])
    const same = track({ before: created, after: widget({ spec: { size: 1, mode: 'a' } }), now: one })
    expect(same.metadata.managedFields).toBe(created.metadata.managedFields)
  })

  test('behavior: a subresource and another version are entries of their own', () => {
    const first = track({
      before: created,
      after: widget({ spec: created['spec'], status: { phase: 'x' } }),
      subresource: 'status',
    })
    const after = widget({ spec: { size: 3, mode: 'a' }, status: { phase: 'x' } })
    const second = track({ before: first, after, apiVersion: 'test.dev/v2' })
    expect(second.metadata.managedFields).toEqual([
      entry({ 'f:spec': { '.': {}, 'f:mode': {} } }),
      entry({ 'f:status': { '.': {}, 'f:phase': {} } }, { subresource: 'status' }),
      entry({ 'f:spec': { 'f:size': {} } }, { apiVersion: 'test.dev/v2' }),
    ])
  })

  test('behavior: entries in the request replace the stored ones, but not through a subresource', () => {
    const given = [entry({ 'f:spec': { 'f:mode': {} } }, { manager: 'given' })]
    const after = widget({ spec: created['spec'] }, { managedFields: given })
    expect(track({ before: created, after }).metadata.managedFields).toEqual(given)
    expect(track({ before: created, after, subresource: 'status' }).metadata.managedFields).toBe(
      created.metadata.managedFields,
    )
  })

  test('behavior: one empty entry resets, malformed ones are ignored', () => {
    const reset = widget({ spec: { size: 2, mode: 'a' } }, { managedFields: [{}] })
    expect(track({ before: created, after: reset }).metadata.managedFields).toBeUndefined()
    const malformed = widget({ spec: created['spec'] }, { managedFields: [entry({ x: {} })] })
    expect(track({ before: created, after: malformed }).metadata.managedFields).toBe(
      created.metadata.managedFields,
    )
  })

  test('behavior: an object stored without entries stays without', () => {
    const tracked = track({ before: widget({ spec: { size: 1 } }), after: widget({ spec: { size: 2 } }) })
    expect(tracked.metadata).toEqual({ name: 'w' })
  })

  test('behavior: of more than ten updaters the oldest of a version become ancient-changes', () => {
    let object = track({ after: widget({ spec: { options: { k0: 'x' } } }), manager: 'm0' })
    for (let at = 1; at <= 11; at += 1) {
      const options = Object.fromEntries(Array.from({ length: at + 1 }, (_, key) => [`k${key}`, 'x']))
      const now = new Date(Date.UTC(2026, 0, 1, 12, at))
      object = track({ before: object, after: widget({ spec: { options } }), manager: `m${at}`, now })
    }
    const entries = object.metadata.managedFields ?? []
    expect(entries.map((each) => each.manager)).toEqual([
      'ancient-changes',
      'm3',
      'm4',
      'm5',
      'm6',
      'm7',
      'm8',
      'm9',
      'm10',
      'm11',
    ])
    expect(entries[0]).toEqual(
      entry(
        { 'f:spec': { '.': {}, 'f:options': { '.': {}, 'f:k0': {}, 'f:k1': {}, 'f:k2': {} } } },
        { manager: 'ancient-changes', time: '2026-01-01T12:02:00Z' },
      ),
    )
  })
})
