import { expect } from 'vitest'

import {
  at,
  causesOf,
  configMap,
  revisionOf,
  widget,
  type ConformanceCase,
} from '../../helpers/conformance-case.ts'

/** §26 cases 9–21: metadata and writes. */
export const writeCases: readonly ConformanceCase[] = [
  {
    number: 9,
    kind: 'behavior',
    title: 'create overrides what only the server sets, and drops status',
    async run({ create }) {
      const uid = '00000000-0000-4000-8000-000000000000'
      const created = await create('widgets', {
        ...widget('a', {}, { uid, creationTimestamp: '2001-01-01T00:00:00Z', generation: 7 }),
        status: { phase: 'Done' },
      })
      expect(created).toMatchObject({ metadata: { generation: 1 } })
      expect(at(created, 'metadata.uid')).not.toBe(uid)
      expect(at(created, 'metadata.creationTimestamp')).not.toBe('2001-01-01T00:00:00Z')
      expect(created).not.toHaveProperty('status')
    },
  },
  {
    number: 10,
    kind: 'behavior',
    title: 'generateName cuts its base to 58 characters and adds 5 of its own alphabet',
    async run({ create }) {
      const base = 'a'.repeat(60)
      const created = await create('widgets', {
        ...widget('x'),
        metadata: { generateName: base },
      })
      expect(at(created, 'metadata.name')).toMatch(/^a{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/)
      expect(at(created, 'metadata.generateName')).toBe(base)
    },
  },
  {
    number: 11,
    kind: 'error',
    title: 'create refuses a resourceVersion',
    async run({ call, path }) {
      const body = widget('a', {}, { resourceVersion: '1' })
      expect(await call('POST', path('widgets'), { body })).toMatchObject({
        status: 500,
        body: { message: 'resourceVersion should not be set on objects to be created' },
      })
    },
  },
  {
    number: 12,
    kind: 'error',
    title: 'create refuses a taken name, a foreign namespace and a missing one',
    async run({ call, create, path }) {
      await create('widgets', widget('a'))
      expect(await call('POST', path('widgets'), { body: widget('a') })).toMatchObject({
        status: 409,
        body: {
          reason: 'AlreadyExists',
          message: 'widgets.test.dev "a" already exists',
          details: { name: 'a', group: 'test.dev', kind: 'widgets' },
        },
      })
      const foreign = widget('b', {}, { namespace: 'elsewhere' })
      expect(await call('POST', path('widgets'), { body: foreign })).toMatchObject({
        status: 400,
        body: { reason: 'BadRequest' },
      })
      const nowhere = '/apis/test.dev/v1/namespaces/nowhere/widgets'
      expect(await call('POST', nowhere, { body: widget('a') })).toMatchObject({
        status: 404,
        body: { message: 'namespaces "nowhere" not found', details: { kind: 'namespaces' } },
      })
    },
  },
  {
    number: 13,
    kind: 'error',
    title: 'PUT of a custom resource needs a resourceVersion, of a ConfigMap not',
    async run({ call, create, path }) {
      await create('widgets', widget('a'))
      const refused = await call('PUT', path('widgets', 'a'), { body: widget('a') })
      expect(refused).toMatchObject({ status: 422, body: { reason: 'Invalid' } })
      expect(causesOf(refused)).toEqual(['metadata.resourceVersion FieldValueInvalid'])
      await create('configmaps', configMap('a', { k: '1' }))
      const replaced = await call('PUT', path('configmaps', 'a'), { body: configMap('a', { k: '2' }) })
      expect(replaced).toMatchObject({ status: 200, body: { data: { k: '2' } } })
    },
  },
  {
    number: 14,
    kind: 'error',
    title: 'PUT with a stale resourceVersion or a foreign uid conflicts',
    async run({ call, create, path }) {
      const first = await create('widgets', widget('a'))
      const body = { ...first, spec: { kind: 'k', size: 2 } }
      expect(await call('PUT', path('widgets', 'a'), { body })).toMatchObject({ status: 200 })
      expect(await call('PUT', path('widgets', 'a'), { body })).toMatchObject({
        status: 409,
        body: {
          reason: 'Conflict',
          message:
            'Operation cannot be fulfilled on widgets.test.dev "a": the object has been modified; please apply your changes to the latest version and try again',
          details: { name: 'a', group: 'test.dev', kind: 'widgets' },
        },
      })
      const live = (await call('GET', path('widgets', 'a'))).body as Record<string, object>
      const foreign = {
        ...live,
        metadata: { ...live['metadata'], uid: '00000000-0000-4000-8000-000000000000' },
      }
      expect(await call('PUT', path('widgets', 'a'), { body: foreign })).toMatchObject({
        status: 409,
        body: { reason: 'Conflict' },
      })
    },
  },
  {
    number: 15,
    kind: 'behavior',
    title: 'PUT of the identical object changes no resourceVersion and tells no watcher',
    async run({ call, create, path, watch }) {
      const first = await create('widgets', widget('a'))
      const open = await watch(`${path('widgets')}?watch=true&resourceVersion=${revisionOf(first)}`)
      const same = await call('PUT', path('widgets', 'a'), { body: first })
      expect(revisionOf(same.body)).toBe(revisionOf(first))
      await create('widgets', widget('b'))
      expect(await open.take(1)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'b' } } }])
    },
  },
  {
    number: 16,
    kind: 'behavior',
    title: 'generation counts changes of the desired state alone',
    async run({ call, create, path }) {
      await create('widgets', widget('a'))
      await create('views', { ...widget('a'), kind: 'View' })
      const type = 'application/merge-patch+json'
      const generation = async (at_: string, body: unknown): Promise<unknown> =>
        at((await call('PATCH', at_, { body, type })).body, 'metadata.generation')
      const w = path('widgets', 'a')
      expect(await generation(w, { metadata: { labels: { l: 'v' } } })).toBe(1)
      expect(await generation(w, { spec: { size: 2 } })).toBe(2)
      expect(await generation(`${w}/status`, { status: { phase: 'Done' } })).toBe(2)
      expect(await generation(path('views', 'a'), { status: { phase: 'Done' } })).toBe(2)
    },
  },
  {
    number: 17,
    kind: 'behavior',
    title: 'the object and its status are each written through their own endpoint',
    async run({ call, create, path }) {
      const first = await create('widgets', widget('a'))
      const main = await call('PUT', path('widgets', 'a'), {
        body: { ...first, status: { phase: 'Done' } },
      })
      expect(main.body).not.toHaveProperty('status')
      const body = {
        ...widget(
          'a',
          { size: 5 },
          {
            resourceVersion: revisionOf(first),
            labels: { l: 'v' },
            finalizers: ['test.dev/hold'],
          },
        ),
        status: { phase: 'Done' },
      }
      const status = await call('PUT', `${path('widgets', 'a')}/status`, { body })
      expect(status).toMatchObject({ status: 200, body: { status: { phase: 'Done' }, spec: first['spec'] } })
      expect(at(status.body, 'metadata.labels')).toBeUndefined()
      expect(at(status.body, 'metadata.finalizers')).toBeUndefined()
    },
  },
  {
    number: 18,
    kind: 'error',
    title: 'the name in the body must be that of the URL',
    async run({ call, create, path }) {
      const first = await create('widgets', widget('a'))
      const renamed = { ...first, metadata: { ...(first['metadata'] as object), name: 'b' } }
      expect(await call('PUT', path('widgets', 'a'), { body: renamed })).toMatchObject({
        status: 400,
        body: { message: 'the name of the object (b) does not match the name on the URL (a)' },
      })
      const apply = await call('PATCH', `${path('widgets', 'a')}?fieldManager=m`, {
        body: widget('b'),
        type: 'application/apply-patch+yaml',
      })
      expect(apply).toMatchObject({ status: 400 })
    },
  },
  {
    number: 19,
    kind: 'behavior',
    title: 'a dry run creates nothing and tells no watcher',
    async run({ call, create, path, watch }) {
      const open = await watch(`${path('widgets')}?watch=true`)
      const dry = await call('POST', `${path('widgets')}?dryRun=All`, { body: widget('a') })
      expect(dry).toMatchObject({ status: 201, body: { metadata: { name: 'a' } } })
      expect(at(dry.body, 'metadata.resourceVersion')).toBeUndefined()
      expect(await call('GET', path('widgets', 'a'))).toMatchObject({ status: 404 })
      await create('widgets', widget('b'))
      expect(await open.take(1)).toMatchObject([{ object: { metadata: { name: 'b' } } }])
    },
  },
  {
    number: 20,
    kind: 'error',
    title: 'only one owner may be the controller',
    async run({ call, path }) {
      const owner = (name: string): object => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name,
        uid: `uid-${name}`,
        controller: true,
      })
      const body = widget('a', {}, { ownerReferences: [owner('x'), owner('y')] })
      const answer = await call('POST', path('widgets'), { body })
      expect(answer.status).toBe(422)
      expect(causesOf(answer)).toEqual(['metadata.ownerReferences FieldValueInvalid'])
    },
  },
  {
    number: 21,
    kind: 'error',
    title: 'a bad label value is named by its field',
    async run({ call, path }) {
      const answer = await call('POST', path('widgets'), {
        body: widget('a', {}, { labels: { l: 'not valid' } }),
      })
      expect(answer.status).toBe(422)
      expect(causesOf(answer)).toEqual(['metadata.labels FieldValueInvalid'])
    },
  },
]
