import { describe, expect, test } from 'vitest'
import { builtInMergeSchema } from '../managed-fields/built-in-merge-schema.ts'
import { StatusError } from '../status-error.ts'
import { applyStrategicMergePatch } from './strategic-merge-patch.ts'

const podSchema = builtInMergeSchema('v1', 'Pod')
const serviceSchema = builtInMergeSchema('v1', 'Service')
const setSchema = builtInMergeSchema('apps/v1', 'StatefulSet')

interface Pod {
  metadata?: object
  spec?: object
  status?: object
}

function patch(object: Pod, change: object): Pod {
  const before = structuredClone(object)
  const patched = applyStrategicMergePatch(object, change, podSchema)
  expect(object).toEqual(before)
  return patched
}

const a = { name: 'a', image: 'a:1', args: ['1'] }
const b = { name: 'b', image: 'b:1' }
const c = { name: 'c', image: 'c:1' }
const pod: Pod = { metadata: { labels: { x: '1' } }, spec: { nodeName: 'n', containers: [a, b] } }
const containersOf = (change: unknown): unknown => {
  const { spec } = patch(pod, { spec: { containers: change } })
  return (spec as { containers?: unknown }).containers
}

describe('maps', () => {
  test.for<[string, object, object]>([
    [
      'merge and null',
      { spec: { nodeName: null, hostname: 'h' } },
      { ...pod, spec: { hostname: 'h', containers: [a, b] } },
    ],
    ['$patch replace', { spec: { $patch: 'replace', hostname: 'h' } }, { ...pod, spec: { hostname: 'h' } }],
    ['$patch delete', { spec: { $patch: 'delete' } }, { ...pod, spec: {} }],
    [
      '$patch merge',
      { spec: { $patch: 'merge', hostname: 'h' } },
      { ...pod, spec: { ...pod.spec, hostname: 'h' } },
    ],
    [
      '$retainKeys',
      { spec: { $retainKeys: ['hostname'], hostname: 'h' } },
      { ...pod, spec: { hostname: 'h' } },
    ],
    [
      'a new map without directives and nulls',
      { status: { $patch: 'merge', a: { $retainKeys: ['b'], b: 1, c: null } } },
      { ...pod, status: { a: { b: 1 } } },
    ],
  ])('default: %s', ([, change, expected]) => {
    expect(patch(pod, change)).toEqual(expected)
  })
})

describe('lists with a merge key', () => {
  test.for<[string, unknown, unknown]>([
    ['an item is merged by name', [{ name: 'a', image: 'a:2' }], [{ ...a, image: 'a:2' }, b]],
    ['a new item goes to the front, as `kubectl patch` has it', [c], [c, a, b]],
    [
      'lists in an item follow their own rule',
      [{ name: 'a', args: ['2'], env: [{ name: 'E' }] }],
      [{ ...a, args: ['2'], env: [{ name: 'E' }] }, b],
    ],
    ['$patch delete removes one', [{ name: 'a', $patch: 'delete' }], [b]],
    ['$patch replace empties the rest', [{ $patch: 'replace' }, c], [c]],
    [
      '$patch replace marks the list even in an item with a name',
      [{ name: 'a', $patch: 'replace', image: 'x' }],
      [],
    ],
    ['null removes the list', null, undefined],
  ])('default: %s', ([, change, expected]) => {
    expect(containersOf(change)).toEqual(expected)
  })

  test('behavior: $setElementOrder sorts and is not stored', () => {
    const patched = patch(pod, {
      spec: {
        '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }, { name: 'a' }],
        containers: [c],
      },
    })
    expect(patched.spec).toEqual({ nodeName: 'n', containers: [c, b, a] })
  })

  test('behavior: $setElementOrder alone sorts what is there', () => {
    const change = { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] } }
    expect(patch(pod, change).spec).toEqual({ nodeName: 'n', containers: [b, a] })
  })

  test('default: keys are those of strategic merge: ports of a Service by port alone', () => {
    const service = { spec: { ports: [{ port: 80, protocol: 'TCP', name: 'x' }] } }
    const change = { spec: { ports: [{ port: 80, name: 'y' }] } }
    expect(applyStrategicMergePatch(service, change, serviceSchema)).toEqual({
      spec: { ports: [{ port: 80, protocol: 'TCP', name: 'y' }] },
    })
  })

  test('default: conditions merge by type, owner references by uid, tolerations are replaced', () => {
    const object = {
      metadata: { ownerReferences: [{ uid: 'u', name: 'old' }] },
      spec: { tolerations: [{ key: 'a' }] },
      status: { conditions: [{ type: 'Ready', status: 'False' }] },
    }
    const change = {
      metadata: { ownerReferences: [{ uid: 'u', name: 'new' }] },
      spec: { tolerations: [{ key: 'b' }] },
      status: { conditions: [{ type: 'Ready', status: 'True' }, { type: 'Other' }] },
    }
    expect(patch(object, change)).toEqual({
      metadata: { ownerReferences: [{ uid: 'u', name: 'new' }] },
      spec: { tolerations: [{ key: 'b' }] },
      status: { conditions: [{ type: 'Ready', status: 'True' }, { type: 'Other' }] },
    })
  })

  test('default: a Pod template of a StatefulSet: image, variables, one container removed', () => {
    const object = {
      spec: { template: { spec: { containers: [{ ...a, env: [{ name: 'E', value: '1' }] }, b] } } },
    }
    const containers = [
      { name: 'a', image: 'a:2', env: [{ name: 'F', value: '2' }] },
      { name: 'b', $patch: 'delete' },
    ]
    expect(
      applyStrategicMergePatch(object, { spec: { template: { spec: { containers } } } }, setSchema),
    ).toEqual({
      spec: {
        template: {
          spec: {
            containers: [
              {
                ...a,
                image: 'a:2',
                env: [
                  { name: 'F', value: '2' },
                  { name: 'E', value: '1' },
                ],
              },
            ],
          },
        },
      },
    })
  })
})

describe('lists of scalars', () => {
  const object: Pod = { metadata: { finalizers: ['x', 'y'] } }
  test.for<[string, object, string[]]>([
    ['finalizers are a set', { finalizers: ['y', 'z'] }, ['x', 'y', 'z']],
    ['$deleteFromPrimitiveList', { '$deleteFromPrimitiveList/finalizers': ['x'] }, ['y']],
    [
      '$deleteFromPrimitiveList with order',
      {
        '$setElementOrder/finalizers': ['z', 'y'],
        '$deleteFromPrimitiveList/finalizers': ['x'],
        finalizers: ['z'],
      },
      ['z', 'y'],
    ],
  ])('default: %s', ([, metadata, expected]) => {
    expect(patch(object, { metadata }).metadata).toEqual({ finalizers: expected })
  })
})

describe('mistakes', () => {
  test.for<[string, object, number]>([
    ['an unknown directive', { spec: { $patch: 'add' } }, 500],
    ['an item without its key', { spec: { containers: [{ image: 'x' }] } }, 500],
    ['an unknown directive in a list', { spec: { containers: [{ name: 'a', $patch: 'add' }] } }, 500],
    ['merge as a list’s directive', { spec: { containers: [{ $patch: 'merge' }] } }, 400],
    ['a scalar in a list of maps', { spec: { containers: ['a'] } }, 400],
    ['$retainKeys that is no list', { spec: { $retainKeys: 'a' } }, 400],
    ['a field that $retainKeys does not name', { spec: { $retainKeys: ['a'], b: 1 } }, 400],
    [
      '$deleteFromPrimitiveList that is no list',
      { metadata: { '$deleteFromPrimitiveList/finalizers': 'x' } },
      400,
    ],
    ['$setElementOrder that is no list', { spec: { '$setElementOrder/containers': 'x' } }, 400],
  ])('error: %s', ([, change, code]) => {
    try {
      patch(pod, change)
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      expect(error.code).toBe(code)
    }
  })

  test('error: 400 for a patch that is no map', () => {
    expect(() => applyStrategicMergePatch(pod, [], podSchema)).toThrow(expect.objectContaining({ code: 400 }))
  })
})
