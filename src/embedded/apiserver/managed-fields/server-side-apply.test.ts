import { describe, expect, test } from 'vitest'
import type { ManagedFieldsEntry } from '../../../contract/objects.ts'
import type { ApiObject } from '../object.ts'
import { StatusError } from '../status-error.ts'
import { builtInMergeSchema } from './built-in-merge-schema.ts'
import { mergeSchemaOf } from './crd-merge-schema.ts'
import { serverSideApply, type ServerSideApply } from './server-side-apply.ts'
import { trackUpdate } from './track-update.ts'

const schema = mergeSchemaOf({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        size: { type: 'integer' },
        mode: { type: 'string' },
        nested: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } },
        options: { type: 'object', additionalProperties: { type: 'string' } },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['protocol', 'port'],
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
        steps: { type: 'array', items: { type: 'string' } },
        amount: { 'x-kubernetes-int-or-string': true },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' } } },
  },
})

const noon = new Date('2026-01-01T12:00:00Z')
const one = new Date('2026-01-01T13:00:00Z')

function widget(spec?: object, more: object = {}): ApiObject {
  return {
    apiVersion: 'test.dev/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'x' },
    ...(spec === undefined ? {} : { spec }),
    ...more,
  }
}

type Options = Partial<Omit<ServerSideApply, 'manager' | 'config' | 'live'>>

function apply(
  live: ApiObject | undefined,
  manager: string,
  config: ApiObject,
  options: Options = {},
): ApiObject {
  const fixed = { apiVersion: 'test.dev/v1', schema, now: noon, force: false, resetFields: ['status'] }
  return serverSideApply({ ...fixed, ...options, live, manager, config }).object
}

function put(before: ApiObject, manager: string, after: ApiObject): ApiObject {
  return trackUpdate({ before, after, manager, apiVersion: 'test.dev/v1', schema, now: noon })
}

/** Names of managers with their sets, without what is the same for all. */
function owners(object: ApiObject): unknown[] {
  const entries: readonly ManagedFieldsEntry[] = object.metadata.managedFields ?? []
  return entries.map((entry) => [entry.operation, entry.manager, entry.fieldsV1])
}

function refusalOf(act: () => unknown): StatusError {
  try {
    act()
  } catch (error) {
    if (error instanceof StatusError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const spec = (fields: object): object => ({ 'f:spec': fields })

describe('apply and ownership', () => {
  test('default: a first apply creates, a second of the same changes nothing', () => {
    const created = apply(undefined, 'A', widget({ size: 1, nested: { a: 'x' } }))
    expect(created).toMatchObject({ spec: { size: 1, nested: { a: 'x' } } })
    expect(created.metadata.managedFields).toEqual([
      {
        manager: 'A',
        operation: 'Apply',
        apiVersion: 'test.dev/v1',
        time: '2026-01-01T12:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: spec({ 'f:nested': { 'f:a': {} }, 'f:size': {} }),
      },
    ])
    expect(apply(created, 'A', widget({ size: 1, nested: { a: 'x' } }), { now: one })).toBe(created)
  })

  test('error: another value of somebody’s field is a conflict, forced it changes hands', () => {
    const live = apply(undefined, 'A', widget({ size: 1 }))
    const error = refusalOf(() => apply(live, 'B', widget({ size: 2 })))
    expect(error.toBody()).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 1 conflict: conflict with "A": .spec.size',
      reason: 'Conflict',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "A"', field: '.spec.size' }],
      },
      code: 409,
    })
    const forced = apply(live, 'B', widget({ size: 2 }), { force: true })
    expect(forced['spec']).toEqual({ size: 2 })
    expect(owners(forced)).toEqual([['Apply', 'B', spec({ 'f:size': {} })]])
  })

  test('behavior: an equal value has several owners and stays until the last one drops it', () => {
    const first = apply(undefined, 'A', widget({ size: 1, mode: 'm' }))
    const shared = apply(first, 'B', widget({ size: 1, mode: 'm' }))
    expect(owners(shared).map((owner) => (owner as unknown[])[1])).toEqual(['B', 'A'])
    const dropped = apply(shared, 'A', widget({ mode: 'm' }))
    expect(dropped['spec']).toEqual({ size: 1, mode: 'm' })
    expect(apply(dropped, 'B', widget({ mode: 'm' }))['spec']).toEqual({ mode: 'm' })
  })

  test('behavior: what is no longer applied is removed, what a replace set stays', () => {
    const applied = apply(undefined, 'A', widget({ size: 1, mode: 'm' }))
    const live = put(applied, 'U', widget({ size: 1, mode: 'm', nested: { a: 'x' } }))
    expect(apply(live, 'A', widget({ mode: 'm' }))['spec']).toEqual({ mode: 'm', nested: { a: 'x' } })
  })

  test('behavior: a struct goes with the last owned field in it, unless someone else put something there', () => {
    const applied = apply(undefined, 'A', widget({ size: 1, nested: { a: 'x' } }))
    expect(apply(applied, 'A', widget({ size: 1 }))['spec']).toEqual({ size: 1 })
    const shared = put(applied, 'U', widget({ size: 1, nested: { a: 'x', b: 'y' } }))
    expect(apply(shared, 'A', widget({ size: 1 }))['spec']).toEqual({ size: 1, nested: { b: 'y' } })
  })

  test('behavior: items of a map list belong to who applied them', () => {
    const first = apply(undefined, 'A', widget({ ports: [{ port: 1, name: 'p1' }] }))
    const both = apply(first, 'B', widget({ ports: [{ port: 2, name: 'p2' }] }))
    expect(both['spec']).toEqual({
      ports: [
        { port: 1, name: 'p1' },
        { port: 2, name: 'p2' },
      ],
    })
    expect(owners(both)[1]).toEqual([
      'Apply',
      'B',
      spec({ 'f:ports': { 'k:{"port":2,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } } }),
    ])
    expect(apply(both, 'A', widget({}))['spec']).toEqual({ ports: [{ port: 2, name: 'p2' }] })
  })

  test('behavior: values of a set belong to who applied them', () => {
    const both = apply(apply(undefined, 'A', widget({ tags: ['a', 's'] })), 'B', widget({ tags: ['s', 'b'] }))
    expect(both['spec']).toEqual({ tags: ['a', 's', 'b'] })
    expect(apply(both, 'A', widget({}))['spec']).toEqual({ tags: ['s', 'b'] })
  })

  test('error: an atomic list conflicts as a whole', () => {
    const live = apply(undefined, 'A', widget({ steps: ['a'] }))
    const error = refusalOf(() => apply(live, 'B', widget({ steps: ['a', 'b'] })))
    expect(error.details?.causes?.map((cause) => cause.field)).toEqual(['.spec.steps'])
  })

  test('behavior: status belongs to who applies it to the subresource, not to the main endpoint', () => {
    const created = apply(undefined, 'A', widget({ size: 1 }, { status: { phase: 'ignored' } }))
    expect(created['status']).toBeUndefined()
    const config = widget({ size: 9 }, { status: { phase: 'p' } })
    const options = { subresource: 'status', resetFields: ['metadata', 'spec'] }
    const live = apply(created, 'S', config, options)
    expect(live).toMatchObject({ spec: { size: 1 }, status: { phase: 'p' } })
    expect(live.metadata.managedFields?.[1]).toMatchObject({
      manager: 'S',
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:phase': {} } },
    })
    const error = refusalOf(() => apply(live, 'T', widget(undefined, { status: { phase: 'q' } }), options))
    expect(error.message).toBe(
      'Apply failed with 1 conflict: conflict with "S" with subresource "status": .status.phase',
    )
  })

  test('error: a field that a replace took over is a conflict with its version', () => {
    const applied = apply(undefined, 'A', widget({ size: 1, mode: 'm' }))
    const live = put(applied, 'U', widget({ size: 2, mode: 'n' }))
    const error = refusalOf(() => apply(live, 'A', widget({ size: 1, mode: 'm' })))
    expect(error.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "U" using test.dev/v1:\n- .spec.mode\n- .spec.size',
    )
    expect(error.details?.causes?.[0]?.message).toBe('conflict with "U" using test.dev/v1')
  })

  test('error: conflicts name list items and set values by what tells them apart', () => {
    const live = apply(undefined, 'A', widget({ ports: [{ port: 1, name: 'p' }] }))
    const error = refusalOf(() => apply(live, 'B', widget({ ports: [{ port: 1, name: 'q' }] })))
    expect(error.details?.causes?.[0]?.field).toBe('.spec.ports[port=1,protocol="TCP"].name')
  })

  test('behavior: an empty config gives everything up', () => {
    const both = apply(apply(undefined, 'A', widget({ size: 1 })), 'B', widget({ mode: 'm' }))
    const live = apply(both, 'A', widget())
    expect(live['spec']).toEqual({ mode: 'm' })
    expect(owners(live)).toEqual([['Apply', 'B', spec({ 'f:mode': {} })]])
  })

  test('behavior: fields from before the first apply get an owner of that name', () => {
    const live = apply(widget({ size: 1 }), 'A', widget({ mode: 'm' }), { now: one })
    expect(owners(live)).toEqual([
      ['Apply', 'A', spec({ 'f:mode': {} })],
      ['Update', 'before-first-apply', spec({ '.': {}, 'f:size': {} })],
    ])
    expect(refusalOf(() => apply(widget({ size: 1 }), 'A', widget({ size: 2 }))).message).toContain(
      'conflict with "before-first-apply" using test.dev/v1: .spec.size',
    )
  })
})

describe('order of lists', () => {
  test.for<[string, string[], string[], string[]]>([
    ['new items go behind', ['a', 'b'], ['c'], ['a', 'b', 'c']],
    ['applied items keep their order', ['a', 'b', 'c'], ['c', 'a'], ['b', 'c', 'a']],
    ['others stay before what they preceded', ['x', 'a', 'y', 'b'], ['a', 'b'], ['x', 'a', 'y', 'b']],
    ['new items between shared ones', ['a', 'x', 'b'], ['a', 'n', 'b'], ['a', 'x', 'n', 'b']],
  ])('default: %s', ([, live, config, expected]) => {
    const stored = put(apply(undefined, 'A', widget({ size: 1 })), 'U', widget({ size: 1, tags: live }))
    const object = apply(stored, 'A', widget({ size: 1, tags: config }))
    expect(object['spec']).toEqual({ size: 1, tags: expected })
  })
})

describe('refusals', () => {
  const prefix = 'failed to create typed patch object (x/w; test.dev/v1, Kind=Widget): '
  test.for<[string, object, string]>([
    ['an unknown field', { color: 'red' }, '.spec.color: field not declared in schema'],
    ['a string for a number', { size: 'one' }, '.spec.size: expected numeric (int or float), got &{one}'],
    ['a scalar for a map', { nested: 1 }, '.spec.nested: expected map, got &{1}'],
    ['a map for a list', { tags: {} }, '.spec.tags: expected list, got {}'],
    [
      'a key twice',
      { ports: [{ port: 1 }, { port: 1, protocol: 'TCP' }] },
      '.spec.ports: duplicate entries for key [port=1,protocol="TCP"]',
    ],
    ['a value twice', { tags: ['a', 'a'] }, '.spec.tags: duplicate entries for key [="a"]'],
    [
      'null in a set',
      { tags: [null] },
      ".spec.tags: element 0: associative list without keys has an element that's an explicit null",
    ],
    [
      'several mistakes',
      { color: 'red', size: 'one' },
      'errors:\n  .spec.color: field not declared in schema\n  .spec.size: expected numeric (int or float), got &{one}',
    ],
  ])('error: 500 for %s', ([, fields, message]) => {
    const error = refusalOf(() => apply(undefined, 'A', widget(fields)))
    expect([error.code, error.message]).toEqual([500, prefix + message])
    expect(error.toBody().reason).toBeUndefined()
  })

  test('error: 400 for managed fields in the config', () => {
    const config = widget({ size: 1 })
    config.metadata.managedFields = []
    const error = refusalOf(() => apply(undefined, 'A', config))
    expect([error.code, error.message]).toEqual([400, 'metadata.managedFields must be nil'])
  })

  test('default: integers and strings both fit int-or-string', () => {
    expect(apply(undefined, 'A', widget({ amount: 1 }))['spec']).toEqual({ amount: 1 })
    expect(apply(undefined, 'A', widget({ amount: '1' }))['spec']).toEqual({ amount: '1' })
  })
})

describe('built-in kinds', () => {
  const podSchema = builtInMergeSchema('v1', 'Pod')
  const pod = (containers: object[], metadata: object = {}): ApiObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'x', ...metadata },
    spec: { containers },
  })
  const options: Options = { apiVersion: 'v1', schema: podSchema }

  test('behavior: containers merge by name, variables within them too, arguments are replaced', () => {
    const live = apply(
      undefined,
      'A',
      pod([{ name: 'c', image: 'i', args: ['1', '2'], env: [{ name: 'E', value: '1' }] }]),
      options,
    )
    const merged = apply(live, 'B', pod([{ name: 'c', env: [{ name: 'F', value: '2' }] }]), options)
    expect(merged['spec']).toEqual({
      containers: [
        {
          name: 'c',
          image: 'i',
          args: ['1', '2'],
          env: [
            { name: 'E', value: '1' },
            { name: 'F', value: '2' },
          ],
        },
      ],
    })
  })

  test('behavior: nulls of typed clients are absent fields', () => {
    const config = pod([{ name: 'c', image: 'i', resources: {} }], { creationTimestamp: null })
    const stored = { ...apply(undefined, 'A', config, options) }
    stored.metadata = { ...stored.metadata, creationTimestamp: '2026-01-01T12:00:00Z' }
    expect(apply(stored, 'A', config, options)).toBe(stored)
  })
})

describe('kubectl', () => {
  const annotation = 'kubectl.kubernetes.io/last-applied-configuration'
  const byClient = (config: ApiObject): ApiObject => ({
    ...config,
    metadata: { ...config.metadata, annotations: { [annotation]: JSON.stringify(config) } },
  })
  const stored = trackUpdate({
    after: byClient(widget({ size: 1, mode: 'm' })),
    manager: 'kubectl-client-side-apply',
    apiVersion: 'test.dev/v1',
    schema,
    now: noon,
  })

  test('behavior: takes over what it applied from the client, and refreshes the annotation', () => {
    const live = apply(stored, 'kubectl', widget({ size: 2 }))
    expect(live['spec']).toEqual({ size: 2, mode: 'm' })
    expect(JSON.parse(live.metadata.annotations?.[annotation] ?? '')).toMatchObject({ spec: { size: 2 } })
  })

  test('error: not what has been changed since, and not for another manager', () => {
    const changed = put(stored, 'U', { ...stored, spec: { size: 5, mode: 'm' } })
    expect(refusalOf(() => apply(changed, 'kubectl', widget({ size: 2 }))).code).toBe(409)
    expect(refusalOf(() => apply(stored, 'other', widget({ size: 2 }))).code).toBe(409)
  })
})
