import { expect } from 'vitest'

import { at, configMap, widget, type ConformanceCase } from '../../helpers/conformance-case.ts'
import { definition, install } from '../../helpers/conformance-widgets.ts'

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'

interface Discovered {
  readonly metadata: { readonly name?: string }
  readonly versions: readonly { readonly version: string; readonly resources: readonly unknown[] }[]
}

/** §26 cases 1–8: discovery and negotiation. */
export const discoveryCases: readonly ConformanceCase[] = [
  {
    number: 1,
    kind: 'behavior',
    title: 'aggregated discovery has group, version, short names and subresources',
    async run({ call }) {
      const answer = await call('GET', '/apis', { accept: `${aggregated},application/json` })
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': aggregated } })
      const items = at(answer.body, 'items') as Discovered[]
      const group = items.find(({ metadata }) => metadata.name === 'test.dev')
      expect(group?.versions).toMatchObject([
        {
          version: 'v1',
          resources: expect.arrayContaining([
            expect.objectContaining({
              resource: 'widgets',
              scope: 'Namespaced',
              shortNames: ['wi'],
              subresources: [expect.objectContaining({ subresource: 'status' })],
            }),
          ]),
        },
      ])
    },
  },
  {
    number: 2,
    kind: 'behavior',
    title: 'legacy discovery lists a resource before its subresources',
    async run({ call }) {
      const answer = await call('GET', '/apis/test.dev/v1')
      const names = (at(answer.body, 'resources') as { name: string }[]).map(({ name }) => name)
      expect(names.toSorted()).toEqual(['views', 'widgets', 'widgets/status'])
      expect(names.indexOf('widgets')).toBeLessThan(names.indexOf('widgets/status'))
    },
  },
  {
    number: 3,
    kind: 'error',
    title: 'an unknown path is a plain 404, an unknown name a Status',
    async run({ call, path }) {
      const unknown = await call('GET', '/apis/nope.dev/v1')
      expect(unknown).toMatchObject({ status: 404, body: '404 page not found\n' })
      expect(unknown.headers['content-type']).toMatch(/^text\/plain/)
      expect(await call('GET', path('widgets', 'missing'))).toMatchObject({
        status: 404,
        body: {
          kind: 'Status',
          status: 'Failure',
          reason: 'NotFound',
          message: 'widgets.test.dev "missing" not found',
          details: { name: 'missing', group: 'test.dev', kind: 'widgets' },
          code: 404,
        },
      })
    },
  },
  {
    number: 4,
    kind: 'behavior',
    title: 'a definition appears in discovery once established, and goes when deleted',
    async run({ call, target }) {
      await install(target, definition('Gadget', 'gadgets', true, 'passing.dev'))
      const crd = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.passing.dev'
      const established = await call('GET', crd)
      expect(at(established.body, 'status.conditions')).toContainEqual(
        expect.objectContaining({ type: 'Established', status: 'True' }),
      )
      const [watch, deleted] = await Promise.all([
        target.watch(
          '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?watch=true&fieldSelector=metadata.name%3Dgadgets.passing.dev',
        ),
        call('DELETE', crd),
      ])
      expect(deleted.status).toBe(200)
      let seen = 1
      while ((await watch.take(seen)).at(-1)?.type !== 'DELETED') seen += 1
      watch.close()
      const gone = async (): Promise<number> => (await call('GET', '/apis/passing.dev/v1')).status
      await expect.poll(gone).toBe(404)
    },
  },
  {
    number: 5,
    kind: 'behavior',
    title: 'a Table has the name and the printer columns; a missing value is null, a date an age',
    async run({ call, create, path }) {
      await create('widgets', widget('a', { size: 3 }))
      const yearAgo = new Date(Date.now() - 3 * 86_400_000).toISOString()
      await create('widgets', widget('b', { since: yearAgo }))
      const answer = await call('GET', path('widgets'), { accept: table })
      expect(answer).toMatchObject({
        status: 200,
        body: {
          kind: 'Table',
          apiVersion: 'meta.k8s.io/v1',
          columnDefinitions: [{ name: 'Name', format: 'name' }, { name: 'Size' }, { name: 'Since' }],
          rows: [{ cells: ['a', 3, null] }, { cells: ['b', null, '3d'] }],
        },
      })
    },
  },
  {
    number: 6,
    kind: 'behavior',
    title: 'includeObject chooses what a row carries',
    async run({ call, create, path }) {
      await create('widgets', widget('a'))
      const get = (include: string): ReturnType<typeof call> =>
        call('GET', `${path('widgets')}?includeObject=${include}`, { accept: table })
      expect(await get('None')).toMatchObject({ body: { rows: [{ object: null }] } })
      expect(await get('Metadata')).toMatchObject({
        body: { rows: [{ object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } } }] },
      })
      expect(await get('Object')).toMatchObject({
        body: { rows: [{ object: { kind: 'Widget', spec: { kind: 'k' } } }] },
      })
      expect(await get('x')).toMatchObject({ status: 400 })
    },
  },
  {
    number: 7,
    kind: 'error',
    title: 'a custom resource speaks no protobuf and takes no strategic patch',
    async run({ call, create, path }) {
      const protobuf = 'application/vnd.kubernetes.protobuf'
      // A real server says why in protobuf.
      expect(await call('GET', path('widgets'), { accept: protobuf })).toMatchObject({ status: 406 })
      const odd = await call('POST', path('widgets'), { body: 'x', type: 'application/odd' })
      expect(odd).toMatchObject({ status: 415, body: { reason: 'UnsupportedMediaType' } })
      await create('widgets', widget('a'))
      const type = 'application/strategic-merge-patch+json'
      expect(await call('PATCH', path('widgets', 'a'), { body: {}, type })).toMatchObject({
        status: 415,
        body: {
          message: expect.stringContaining(
            'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
          ),
        },
      })
    },
  },
  {
    number: 8,
    kind: 'behavior',
    title: 'protobuf with JSON in Accept is answered in a form the client reads',
    async run({ call, create, path }) {
      await create('configmaps', configMap('a'))
      const accept = 'application/vnd.kubernetes.protobuf,application/json'
      const answer = await call('GET', path('configmaps'), { accept })
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toMatch(/^application\/(json|vnd\.kubernetes\.protobuf)/)
    },
  },
]
