import { describe, expect, test } from 'vitest'

import type { ApiObject } from './object.ts'
import { Store, type Change } from './store.ts'

function object(name: string, data: string = name, namespace = 'ns'): ApiObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }
}

function names(objects: readonly ApiObject[] | undefined): string[] | undefined {
  return objects?.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
}

describe('a collection', () => {
  test('behavior: all collections share one revision, and every write takes the next', () => {
    const store = new Store()
    const [a, b] = [store.collection('a'), store.collection('b')]
    const first = Number(a.put(object('x')).metadata.resourceVersion)
    expect(b.put(object('x')).metadata.resourceVersion).toBe(String(first + 1))
    expect(a.remove(object('x')).metadata.resourceVersion).toBe(String(first + 2))
    expect(store.revision).toBe(first + 2)
    expect(store.collection('a')).toBe(a)
  })

  test('behavior: lists by namespace and name, whatever the order of writes', () => {
    const collection = new Store().collection('a')
    for (const [name, namespace] of [
      ['b', 'n-1'],
      ['c', 'n'],
      ['a', 'n'],
      ['a', 'm'],
    ] as const) {
      collection.put(object(name, '', namespace))
    }
    expect(names(collection.list())).toEqual(['m/a', 'n-1/b', 'n/a', 'n/c'])
  })

  test('behavior: tells listeners of each change with what was there before', () => {
    const collection = new Store().collection('a')
    const changes: Change[] = []
    const stop = collection.listen((change) => changes.push(change))
    const first = collection.put(object('x', '1'))
    const second = collection.put(object('x', '2'))
    collection.remove(second)
    stop()
    collection.put(object('y'))
    expect(changes).toMatchObject([
      { type: 'ADDED', object: { data: '1' }, previous: undefined },
      { type: 'MODIFIED', object: { data: '2' }, previous: first },
      { type: 'DELETED', object: { data: '2' }, previous: second },
    ])
  })

  test('behavior: shows what it held at an earlier revision', () => {
    const store = new Store()
    const collection = store.collection('a')
    collection.put(object('x'))
    collection.put(object('y', '1'))
    const then = store.revision
    collection.put(object('y', '2'))
    collection.put(object('z'))
    collection.remove(object('x'))
    expect(collection.listAt(then)).toMatchObject([{ metadata: { name: 'x' } }, { data: '1' }])
    expect(names(collection.listAt(store.revision))).toEqual(['ns/y', 'ns/z'])
  })

  test('behavior: keeps at least as much history as it was given, and says where it begins', () => {
    const store = new Store({ historySize: 10 })
    const collection = store.collection('a')
    const revisions = Array.from({ length: 100 }, (_, index) =>
      collection.put(object('x', String(index))),
    ).map(({ metadata }) => Number(metadata.resourceVersion))
    const last = revisions.at(-10) ?? 0
    expect(collection.compacted).toBeLessThan(last)
    expect(collection.since(last - 1)).toHaveLength(10)
    expect(collection.since(collection.compacted)[0]?.revision).toBe(collection.compacted + 1)
    expect(collection.listAt(revisions[0] ?? 0)).toBeUndefined()
  })

  test('behavior: compaction forgets everything before it', () => {
    const store = new Store()
    const collection = store.collection('a')
    const old = store.revision
    collection.put(object('x'))
    store.compact()
    expect(collection.listAt(old)).toBeUndefined()
    expect(collection.since(old)).toEqual([])
    expect(names(collection.listAt(store.revision))).toEqual(['ns/x'])
  })

  test('error: a frozen store refuses writes in place', () => {
    const stored = new Store({ freeze: true }).collection('a').put(object('x'))
    expect(() => Object.assign(stored.metadata, { name: 'y' })).toThrow(TypeError)
  })
})
