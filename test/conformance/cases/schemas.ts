import { expect } from 'vitest'

import { at, causesOf, widget, type ConformanceCase } from '../../helpers/conformance-case.ts'

const merge = 'application/merge-patch+json'

/** §26 cases 53–56: schema and CEL. */
export const schemaCases: readonly ConformanceCase[] = [
  {
    number: 53,
    kind: 'error',
    title: 'every schema error is reported with its field and reason, all at once',
    async run({ call, path }) {
      const body = {
        ...widget('a'),
        spec: { size: 9, name: 'Not-Lower-Case', tags: ['t', 't'], mode: 'c', opts: 'text', x: 5 },
      }
      const answer = await call('POST', path('widgets'), { body })
      expect(answer).toMatchObject({
        status: 422,
        body: { reason: 'Invalid', details: { name: 'a', group: 'test.dev', kind: 'Widget' } },
      })
      expect(causesOf(answer)).toEqual([
        '<nil> FieldValueInvalid',
        'spec.kind FieldValueRequired',
        'spec.mode FieldValueNotSupported',
        'spec.name FieldValueTooLong',
        'spec.opts FieldValueTypeInvalid',
        'spec.size FieldValueInvalid',
        'spec.tags[1] FieldValueDuplicate',
        'spec.x FieldValueTypeInvalid',
      ])
      const small = await call('POST', path('widgets'), { body: widget('a', { size: 0 }) })
      expect(at(small.body, 'details.causes')).toMatchObject([
        { message: 'Invalid value: 0: spec.size in body should be greater than or equal to 1' },
      ])
      const keyless = await call('POST', path('widgets'), { body: widget('a', { ports: ['text'] }) })
      expect(causesOf(keyless)).toEqual([
        '<nil> FieldValueInvalid',
        'spec.ports[0] FieldValueInvalid',
        'spec.ports[0] FieldValueTypeInvalid',
      ])
    },
  },
  {
    number: 54,
    kind: 'default',
    title: 'defaults fill in what is missing or null, below parents that are there',
    async run({ create }) {
      expect(at(await create('widgets', widget('a')), 'spec')).toEqual({ kind: 'k', mode: 'a' })
      const second = await create('widgets', widget('b', { mode: null, opts: {} }))
      expect(at(second, 'spec')).toEqual({ kind: 'k', mode: 'a', opts: { color: 'red' } })
    },
  },
  {
    number: 55,
    kind: 'behavior',
    title: 'fieldValidation decides on unknown fields; free ones stay',
    async run({ call, path }) {
      const body = (name: string): object => widget(name, { odd: 1, free: { any: { thing: 1 } } })
      const create = (name: string, mode: string): ReturnType<typeof call> =>
        call('POST', `${path('widgets')}?fieldValidation=${mode}`, { body: body(name) })
      const ignored = await create('a', 'Ignore')
      expect(at(ignored.body, 'spec')).toEqual({ kind: 'k', mode: 'a', free: { any: { thing: 1 } } })
      expect(ignored.headers['warning']).toBeUndefined()
      const warned = await create('b', 'Warn')
      expect(warned).toMatchObject({ status: 201 })
      expect(warned.headers['warning']).toBe('299 - "unknown field \\"spec.odd\\""')
      expect(await create('c', 'Strict')).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining('strict decoding error: unknown field "spec.odd"') },
      })
      const twice =
        '{"apiVersion":"test.dev/v1","kind":"Widget","metadata":{"name":"d"},"spec":{"kind":"k","x":"1","x":"2"}}'
      expect(await call('POST', `${path('widgets')}?fieldValidation=Strict`, { body: twice })).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining('duplicate field "spec.x"') },
      })
    },
  },
  {
    number: 56,
    kind: 'behavior',
    title: 'rules run on create, transition rules only where there was a value before',
    async run({ call, create, path }) {
      const both = await call('POST', path('widgets'), { body: widget('a', { x: '1', y: '1' }) })
      expect(both.status).toBe(422)
      expect(causesOf(both)).toEqual(['spec FieldValueInvalid'])
      await create('widgets', widget('a'))
      const patch = (spec: object): ReturnType<typeof call> =>
        call('PATCH', path('widgets', 'a'), { body: { spec }, type: merge })
      expect(await patch({ kind: 'other' })).toMatchObject({ status: 422 })
      expect(await patch({ late: 'now' })).toMatchObject({ status: 200 })
      expect(await patch({ late: 'later' })).toMatchObject({ status: 422 })
      const missing = { ...widget('b'), spec: { x: '1', y: '1' } }
      expect(causesOf(await call('POST', path('widgets'), { body: missing }))).toEqual([
        '<nil> FieldValueInvalid',
        'spec.kind FieldValueRequired',
      ])
    },
  },
]
