import { afterAll, beforeAll, expect, test } from 'vitest'

import { startEmbeddedTarget, type Answer, type ApiTarget } from '../../../test/helpers/api-target.ts'
import { at, causesOf } from '../../../test/helpers/conformance-case.ts'
import { definition } from '../../../test/helpers/conformance-widgets.ts'

type Fields = Record<string, unknown>

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
let target: ApiTarget
beforeAll(async () => {
  target = await startEmbeddedTarget()
})
afterAll(() => target.close())

function create(crd: Fields): Promise<Answer> {
  return target.call('POST', crds, { body: crd })
}

async function conditions(name: string): Promise<string[]> {
  const { body } = await target.call('GET', `${crds}/${name}`)
  const list = at(body, 'status.conditions') as Record<string, string>[]
  return list.map(({ type, status, reason }) => `${type}=${status} ${reason}`)
}

function object(kind: string, name: string, metadata: Fields = {}): Fields {
  return { apiVersion: 'own.dev/v1', kind, metadata: { name, ...metadata }, spec: { kind: 'k' } }
}

test('default: names and conversion are filled in', async () => {
  const answer = await create(definition('Thing', 'things', true, 'own.dev'))
  expect(answer).toMatchObject({
    status: 201,
    body: {
      metadata: { generation: 1 },
      spec: {
        conversion: { strategy: 'None' },
        names: { kind: 'Thing', listKind: 'ThingList', singular: 'thing' },
      },
    },
  })
  expect(await conditions('things.own.dev')).toEqual([
    'NamesAccepted=True NoConflicts',
    'Established=True InitialNamesAccepted',
  ])
  const { body } = await target.call('GET', `${crds}/things.own.dev`)
  expect(at(body, 'status')).toMatchObject({ acceptedNames: { plural: 'things' }, storedVersions: ['v1'] })
})

test('behavior: a name in use is refused until its owner goes', async () => {
  await create(definition('First', 'firsts', true, 'clash.dev'))
  await create(definition('First', 'seconds', true, 'clash.dev'))
  expect(await conditions('seconds.clash.dev')).toEqual([
    'NamesAccepted=False ListKindConflict',
    'Established=False NotAccepted',
  ])
  const path = '/apis/clash.dev/v1/seconds'
  expect(await target.call('GET', path)).toMatchObject({ status: 404 })
  await target.call('DELETE', `${crds}/firsts.clash.dev`)
  expect(await target.call('GET', path)).toMatchObject({ status: 200 })
  expect(await conditions('seconds.clash.dev')).toContain('Established=True InitialNamesAccepted')
})

test('behavior: a changed schema holds from the next write on', async () => {
  await create(definition('Loose', 'looses', true, 'own.dev'))
  const path = '/apis/own.dev/v1/namespaces/default/looses'
  const long = { ...object('Loose', 'a'), spec: { kind: 'k', size: 9 } }
  expect(await target.call('POST', path, { body: long })).toMatchObject({ status: 422 })
  const schema = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/maximum'
  await target.call('PATCH', `${crds}/looses.own.dev`, {
    body: [{ op: 'replace', path: schema, value: 10 }],
    type: 'application/json-patch+json',
  })
  expect(await target.call('POST', path, { body: long })).toMatchObject({ status: 201 })
})

test('behavior: deletion removes the objects first, and waits for their finalizers', async () => {
  await create(definition('Held', 'helds', true, 'own.dev'))
  const path = '/apis/own.dev/v1/namespaces/default/helds'
  await target.call('POST', path, { body: object('Held', 'free') })
  await target.call('POST', path, { body: object('Held', 'held', { finalizers: ['own.dev/hold'] }) })
  const deleted = await target.call('DELETE', `${crds}/helds.own.dev`)
  expect(deleted).toMatchObject({
    status: 200,
    body: { metadata: { finalizers: ['customresourcecleanup.apiextensions.k8s.io'] } },
  })
  expect(await target.call('GET', `${path}/free`)).toMatchObject({ status: 404 })
  expect(await target.call('GET', `${path}/held`)).toMatchObject({
    body: { metadata: { deletionTimestamp: expect.any(String), generation: 2 } },
  })
  expect(await target.call('POST', path, { body: object('Held', 'late') })).toMatchObject({
    status: 403,
    body: {
      message:
        'helds.own.dev "late" is forbidden: create not allowed while custom resource definition is terminating',
    },
  })
  await target.call('PATCH', `${path}/held`, {
    body: { metadata: { finalizers: null } },
    type: 'application/merge-patch+json',
  })
  expect(await target.call('GET', `${crds}/helds.own.dev`)).toMatchObject({ status: 404 })
  expect(await target.call('GET', path)).toMatchObject({ status: 404 })
})

test('error: a definition with a broken rule or a foreign name is refused', async () => {
  const broken = definition('Broken', 'brokens', true, 'own.dev')
  const [version] = at(broken, 'spec.versions') as Fields[]
  const spec = { type: 'object', 'x-kubernetes-validations': [{ rule: 'self.' }] }
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } }
  const refused = await create({
    ...broken,
    spec: { ...(broken['spec'] as Fields), versions: [{ ...version, schema }] },
  })
  expect(refused).toMatchObject({ status: 422 })
  expect(causesOf(refused)[0]).toMatch(/x-kubernetes-validations\[0\]\.rule FieldValueInvalid$/)
  const misnamed = { ...definition('Other', 'others', true, 'own.dev'), metadata: { name: 'x.own.dev' } }
  expect(causesOf(await create(misnamed))).toEqual(['metadata.name FieldValueInvalid'])
})
