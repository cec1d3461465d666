import { expect } from 'vitest'

import {
  at,
  secret,
  revisionOf,
  summary,
  textAt,
  widget,
  type ConformanceCase,
  type Space,
} from '../../helpers/conformance-case.ts'

const merge = 'application/merge-patch+json'

async function listRevision({ call, path }: Space, plural: string): Promise<string> {
  return textAt((await call('GET', path(plural))).body, 'metadata.resourceVersion')
}

/** Creates, changes and deletes one ConfigMap. */
async function threeWrites({ call, create, path }: Space): Promise<void> {
  await create('secrets', secret('a', { n: '1' }))
  await call('PATCH', path('secrets', 'a'), { body: { stringData: { n: '2' } }, type: merge })
  await call('DELETE', path('secrets', 'a'))
}

/** §26 cases 29–37: watch. */
export const watchCases: readonly ConformanceCase[] = [
  {
    number: 29,
    kind: 'behavior',
    title: 'a watch from a list tells of each change in the order of resourceVersions',
    async run(space) {
      const revision = await listRevision(space, 'secrets')
      const open = await space.watch(`${space.path('secrets')}?watch=true&resourceVersion=${revision}`)
      await threeWrites(space)
      const events = await open.take(3)
      expect(summary(events)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a'])
      const revisions = events.map(({ object }) => Number(revisionOf(object)))
      expect(revisions).toEqual(revisions.toSorted((a, b) => a - b))
      expect(new Set(revisions).size).toBe(3)
    },
  },
  {
    number: 30,
    kind: 'behavior',
    title: 'a watch without resourceVersion begins with what is there',
    async run({ create, path, watch }) {
      await create('secrets', secret('a'))
      await create('secrets', secret('b'))
      const open = await watch(`${path('secrets')}?watch=true`)
      await open.take(2)
      await create('secrets', secret('c'))
      expect(summary(await open.take(3)).toSorted()).toEqual(['ADDED a', 'ADDED b', 'ADDED c'])
    },
  },
  {
    number: 31,
    kind: 'behavior',
    title: 'a watch replays exactly what happened since its resourceVersion',
    async run(space) {
      const revision = await listRevision(space, 'secrets')
      await threeWrites(space)
      const open = await space.watch(`${space.path('secrets')}?watch=true&resourceVersion=${revision}`)
      await space.create('secrets', secret('z'))
      expect(summary(await open.take(4))).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a', 'ADDED z'])
    },
  },
  {
    number: 32,
    kind: 'behavior',
    title: 'leaving a selection is DELETED with the old labels, coming back is ADDED',
    async run({ call, create, path, watch }) {
      const first = await create('secrets', secret('a', {}, { labels: { on: 'yes' } }))
      const query = `watch=true&labelSelector=on%3Dyes&resourceVersion=${revisionOf(first)}`
      const open = await watch(`${path('secrets')}?${query}`)
      const label = (on: string): ReturnType<typeof call> =>
        call('PATCH', path('secrets', 'a'), { body: { metadata: { labels: { on } } }, type: merge })
      const left = await label('no')
      await label('yes')
      const [gone, back] = await open.take(2)
      expect(gone).toMatchObject({ type: 'DELETED', object: { metadata: { labels: { on: 'yes' } } } })
      expect(revisionOf(gone?.object)).toBe(revisionOf(left.body))
      expect(back).toMatchObject({ type: 'ADDED', object: { metadata: { labels: { on: 'yes' } } } })
    },
  },
  {
    number: 33,
    kind: 'behavior',
    title: 'timeoutSeconds closes a watch cleanly',
    async run({ path, watch }) {
      const open = await watch(`${path('secrets')}?watch=true&timeoutSeconds=1`)
      expect(open.status).toBe(200)
      expect((await open.all()).filter(({ type }) => type !== 'BOOKMARK')).toEqual([])
    },
  },
  {
    number: 34,
    kind: 'behavior',
    title: 'sendInitialEvents marks the end of what was there by a bookmark',
    async run({ call, create, path, watch }) {
      await create('widgets', widget('a'))
      const query = 'watch=true&sendInitialEvents=true&allowWatchBookmarks=true'
      const open = await watch(`${path('widgets')}?${query}&resourceVersionMatch=NotOlderThan`)
      await open.take(2)
      await create('widgets', widget('b'))
      const events = await open.take(3)
      expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK', 'ADDED'])
      expect(events[1]?.object).toMatchObject({
        kind: 'Widget',
        apiVersion: 'test.dev/v1',
        metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
      })
      expect(revisionOf(events[1]?.object)).toMatch(/^\d+$/)
      expect(await call('GET', `${path('widgets')}?${query}`)).toMatchObject({ status: 422 })
    },
  },
  {
    number: 35,
    kind: 'error',
    title: 'a watch from a forgotten resourceVersion ends with an Expired event',
    async run(space) {
      const revision = await listRevision(space, 'widgets')
      await space.create('widgets', widget('a'))
      const forgotten = space.target.forgotten(revision)
      const open = await space.watch(`${space.path('widgets')}?watch=true&resourceVersion=${forgotten}`)
      expect(open.status).toBe(200)
      expect(await open.all()).toMatchObject([
        { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } },
      ])
    },
  },
  {
    number: 36,
    kind: 'behavior',
    title: 'only the first Table of a watch describes its columns',
    async run({ create, path, watch }) {
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
      const open = await watch(`${path('widgets')}?watch=true`, { accept })
      await create('widgets', widget('a'))
      await create('widgets', widget('b'))
      const [first, second] = await open.take(2)
      expect(first?.object).toMatchObject({
        kind: 'Table',
        columnDefinitions: [{ name: 'Name' }, { name: 'Size' }, { name: 'Since' }],
      })
      expect(at(second?.object, 'columnDefinitions') ?? []).toEqual([])
      expect(at(second?.object, 'rows.0.cells.0')).toBe('b')
    },
  },
  {
    number: 37,
    kind: 'behavior',
    title: 'line separators, markup and emoji in an annotation arrive intact on one line',
    async run({ create, path, watch }) {
      const note = 'a\u2028b\u2029c<d>"e"&\u{1F600}'
      const open = await watch(`${path('widgets')}?watch=true`)
      await create('widgets', widget('a', {}, { annotations: { note } }))
      const [event] = await open.take(1)
      expect(at(event?.object, 'metadata.annotations')).toEqual({ note })
    },
  },
]
