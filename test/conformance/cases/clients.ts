import { expect } from 'vitest'

import type { Answer } from '../../helpers/api-target.ts'
import {
  at,
  causesOf,
  configMap,
  namesOf,
  revisionOf,
  summary,
  textAt,
  widget,
  type ConformanceCase,
} from '../../helpers/conformance-case.ts'

const big = '9007199254740993'
const yaml = { accept: 'application/yaml' }

/** A Widget with a number that JavaScript cannot hold, as text. */
function withNumber(value: string): string {
  return JSON.stringify(widget('a', { free: { big: 0 } })).replace('"big":0', `"big":${value}`)
}

/** What clients written in other languages rely on. */
export const clientCases: readonly ConformanceCase[] = [
  {
    number: 61,
    kind: 'behavior',
    title: 'integers of 64 bits keep all of them, whichever way they are written',
    async run({ call, path }) {
      const shown = async (): Promise<unknown> => (await call('GET', path('widgets', 'a'), yaml)).body
      expect(await call('POST', path('widgets'), { body: withNumber(big) })).toMatchObject({ status: 201 })
      expect(await shown()).toContain(`big: ${big}\n`)
      const patch = '{"spec":{"free":{"big":-9223372036854775808}}}'
      await call('PATCH', path('widgets', 'a'), { body: patch, type: 'application/merge-patch+json' })
      expect(await shown()).toContain('big: -9223372036854775808\n')
      const apply = `${path('widgets', 'a')}?fieldManager=m&force=true`
      const type = 'application/apply-patch+yaml'
      const first = await call('PATCH', apply, { body: withNumber('9223372036854775807'), type })
      expect(await shown()).toContain('big: 9223372036854775807\n')
      const again = await call('PATCH', apply, { body: withNumber('9223372036854775807'), type })
      expect(revisionOf(again.body)).toBe(revisionOf(first.body))
      expect(textAt(again.body, 'spec.kind')).toBe('k')
    },
  },
  {
    number: 62,
    kind: 'behavior',
    title: 'options in the URL are read as Go reads them',
    async run({ create, call, path, watch }) {
      await create('configmaps', configMap('a'))
      const one = `${path('configmaps')}?fieldSelector=metadata.name%3Da`
      for (const parameter of ['watch', 'watch=', 'watch=yes', 'watch=1']) {
        const open = await watch(`${one}&${parameter}`)
        expect(summary(await open.take(1))).toEqual(['ADDED a'])
      }
      for (const parameter of ['watch=false', 'watch=0', 'watch=False', 'limit=-1']) {
        expect(namesOf(await call('GET', `${one}&${parameter}`))).toEqual(['a'])
      }
      const late = await watch(
        `${one}&watch=1&resourceVersionMatch=NotOlderThan&sendInitialEvents&allowWatchBookmarks`,
      )
      expect((await late.take(2)).map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK'])
    },
  },
  {
    number: 63,
    kind: 'error',
    title: 'an object without its name is refused, but for an apply to one that is there',
    async run({ create, call, path }) {
      await create('configmaps', configMap('a'))
      const object = path('configmaps', 'a')
      const { metadata: _, ...nameless } = configMap('a', { k: 'v' })
      const refused = {
        status: 400,
        body: {
          message: 'the name of the object (a based on URL) was undeterminable: name must be provided',
        },
      }
      expect(await call('PUT', object, { body: nameless })).toMatchObject(refused)
      const merge = { body: { metadata: null }, type: 'application/merge-patch+json' }
      expect(await call('PATCH', object, merge)).toMatchObject(refused)
      const remove = { body: [{ op: 'remove', path: '/metadata' }], type: 'application/json-patch+json' }
      expect(await call('PATCH', object, remove)).toMatchObject(refused)
      const apply = { body: nameless, type: 'application/apply-patch+yaml' }
      expect(await call('PATCH', `${object}?fieldManager=m`, apply)).toMatchObject({ status: 200 })
      const missing = await call('PATCH', `${path('configmaps', 'b')}?fieldManager=m`, apply)
      expect(missing).toMatchObject({ status: 400 })
    },
  },
  {
    number: 64,
    kind: 'error',
    title: 'deletion options of the wrong type delete nothing',
    async run({ create, call, path }) {
      await create('configmaps', configMap('a'))
      const object = path('configmaps', 'a')
      const bodies = [
        { gracePeriodSeconds: 'x' },
        { gracePeriodSeconds: 1.5 },
        { propagationPolicy: 5 },
        { preconditions: 'x' },
        { preconditions: { uid: 5 } },
        { orphanDependents: 'x' },
        { dryRun: 'All' },
      ]
      for (const body of bodies) expect(await call('DELETE', object, { body })).toMatchObject({ status: 400 })
      expect(await call('DELETE', `${object}?gracePeriodSeconds=x`)).toMatchObject({ status: 400 })
      expect(await call('GET', object)).toMatchObject({ status: 200 })
    },
  },
  {
    number: 65,
    kind: 'error',
    title: 'the values of a ConfigMap or a Secret have a mebibyte together',
    async run({ call, path }) {
      const half = 'x'.repeat(512 * 1024)
      const create = (data: object): Promise<Answer> =>
        call('POST', path('configmaps'), { body: { ...configMap('a'), ...data } })
      expect(await create({ data: { a: half, b: half, c: 'y' } })).toMatchObject({ status: 422 })
      const bytes = Buffer.from(half).toString('base64')
      const over = await create({ data: { a: half }, binaryData: { b: bytes, c: 'eA==' } })
      expect(causesOf(over)).toEqual(['[] FieldValueTooLong'])
      expect(await create({ data: { a: half }, binaryData: { b: bytes } })).toMatchObject({ status: 201 })
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'a' },
        data: { a: bytes, b: bytes, c: 'eA==' },
      }
      const refused = await call('POST', path('secrets'), { body: secret })
      expect(causesOf(refused)).toEqual(['data FieldValueTooLong'])
    },
  },
  {
    number: 66,
    kind: 'behavior',
    title: 'YAML is read as Go reads it',
    async run({ call, path }) {
      const body = [
        'apiVersion: test.dev/v1',
        'kind: Widget',
        'metadata: {name: a}',
        'spec: {kind: k, free: {mode: 0644, on: off, at: 2020-01-01, time: 12:30, hex: 0x1F}}',
      ].join('\n')
      const answer = await call('POST', path('widgets'), { body, type: 'application/yaml' })
      expect(at(answer.body, 'spec.free')).toEqual({
        mode: 420,
        true: false,
        at: '2020-01-01',
        time: '12:30',
        hex: 31,
      })
      await call('POST', path('configmaps'), { body: configMap('a', { on: 'yes' }) })
      const quoted = await call('GET', path('configmaps', 'a'), { accept: 'application/yaml' })
      expect(quoted.body).toContain('"on": "yes"\n')
    },
  },
  {
    number: 67,
    kind: 'behavior',
    title: 'reviews of access and identity are discovered, to be created only',
    async run({ call }) {
      const legacy = await call('GET', '/apis/authorization.k8s.io/v1')
      expect(at(legacy.body, 'resources')).toMatchObject([
        {
          name: 'localsubjectaccessreviews',
          namespaced: true,
          kind: 'LocalSubjectAccessReview',
          verbs: ['create'],
        },
        {
          name: 'selfsubjectaccessreviews',
          namespaced: false,
          kind: 'SelfSubjectAccessReview',
          verbs: ['create'],
        },
        {
          name: 'selfsubjectrulesreviews',
          namespaced: false,
          kind: 'SelfSubjectRulesReview',
          verbs: ['create'],
        },
        { name: 'subjectaccessreviews', namespaced: false, kind: 'SubjectAccessReview', verbs: ['create'] },
      ])
      const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
      const { body } = await call('GET', '/apis', { accept })
      const text = JSON.stringify(at(body, 'items'))
      for (const kind of ['SelfSubjectReview', 'TokenReview']) expect(text).toContain(`"kind":"${kind}"`)
    },
  },
]
