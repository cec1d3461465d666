import { expect } from 'vitest'

import { at, revisionOf, widget, type ConformanceCase, type Space } from '../../helpers/conformance-case.ts'
import type { Answer } from '../../helpers/api-target.ts'

const types = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const

function patcher(
  { call, path }: Space,
  plural: string,
  name: string,
): (type: keyof typeof types, body: unknown) => Promise<Answer> {
  return (type, body) => call('PATCH', path(plural, name), { body, type: types[type] })
}

/** §26 cases 38–42: patches. */
export const patchCases: readonly ConformanceCase[] = [
  {
    number: 38,
    kind: 'behavior',
    title: 'a merge patch deletes by null, replaces lists, and does nothing when empty',
    async run(space) {
      await space.create('widgets', widget('a', { x: '1', list: ['p', 'q'], opts: { shape: 'round' } }))
      const patch = patcher(space, 'widgets', 'a')
      const changed = await patch('merge', { spec: { x: null, list: ['r'] } })
      expect(at(changed.body, 'spec')).toMatchObject({ list: ['r'], opts: { shape: 'round' } })
      expect(at(changed.body, 'spec.x')).toBeUndefined()
      expect(revisionOf((await patch('merge', {})).body)).toBe(revisionOf(changed.body))
    },
  },
  {
    number: 39,
    kind: 'error',
    title: 'a JSON patch applies wholly or not at all',
    async run(space) {
      const first = await space.create('widgets', widget('a', { size: 1 }))
      const patch = patcher(space, 'widgets', 'a')
      const failed = await patch('json', [
        { op: 'replace', path: '/spec/size', value: 2 },
        { op: 'test', path: '/spec/size', value: 3 },
      ])
      expect(failed).toMatchObject({ status: 422, body: { reason: 'Invalid' } })
      expect(await patch('json', { op: 'add' })).toMatchObject({ status: 400 })
      expect(await patch('json', [{ op: 'add', path: '/spec/no/parent', value: 1 }])).toMatchObject({
        status: 422,
      })
      const live = await space.call('GET', space.path('widgets', 'a'))
      expect(revisionOf(live.body)).toBe(revisionOf(first))
    },
  },
  {
    number: 40,
    kind: 'error',
    title: 'a merge patch with a stale resourceVersion conflicts',
    async run(space) {
      const first = await space.create('widgets', widget('a'))
      const patch = patcher(space, 'widgets', 'a')
      const body = { metadata: { resourceVersion: revisionOf(first) }, spec: { size: 2 } }
      expect(await patch('merge', body)).toMatchObject({ status: 200 })
      expect(await patch('merge', { ...body, spec: { size: 3 } })).toMatchObject({
        status: 409,
        body: { reason: 'Conflict' },
      })
    },
  },
  {
    number: 41,
    kind: 'behavior',
    title: 'a strategic merge patch updates, merges and deletes list items by key',
    async run(space) {
      const labels = { app: 'a' }
      await space.create('statefulsets', {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'a' },
        spec: {
          serviceName: 'a',
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [
                { name: 'main', image: 'i:1', env: [{ name: 'A', value: '1' }] },
                { name: 'side', image: 's:1' },
              ],
            },
          },
        },
      })
      const containers = [
        { name: 'main', image: 'i:2', env: [{ name: 'B', value: '2' }] },
        { name: 'side', $patch: 'delete' },
      ]
      const patch = patcher(space, 'statefulsets', 'a')
      const answer = await patch('strategic', { spec: { template: { spec: { containers } } } })
      expect(answer.status).toBe(200)
      const merged = at(answer.body, 'spec.template.spec.containers') as { env: { name: string }[] }[]
      expect(merged).toMatchObject([{ name: 'main', image: 'i:2' }])
      expect(merged[0]?.env.map(({ name }) => name).toSorted()).toEqual(['A', 'B'])
      expect(at(answer.body, 'metadata.generation')).toBe(2)
    },
  },
  {
    number: 42,
    kind: 'error',
    title: 'force is only for apply',
    async run({ call, create, path }) {
      await create('widgets', widget('a'))
      const answer = await call('PATCH', `${path('widgets', 'a')}?force=true`, {
        body: {},
        type: types.merge,
      })
      expect(answer).toMatchObject({
        status: 422,
        body: { details: { group: 'meta.k8s.io', kind: 'PatchOptions', causes: [{ field: 'force' }] } },
      })
    },
  },
]
