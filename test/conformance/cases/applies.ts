import { expect } from 'vitest'

import { at, revisionOf, widget, type ConformanceCase, type Space } from '../../helpers/conformance-case.ts'
import type { Answer } from '../../helpers/api-target.ts'

type Fields = Record<string, unknown>

interface Entry {
  readonly manager: string
  readonly operation: string
  readonly subresource?: string
  readonly fieldsV1: Fields
}

interface ApplyOptions {
  readonly force?: boolean
  readonly subresource?: string
}

type Apply = (manager: string, spec: Fields, options?: ApplyOptions) => Promise<Answer>

/** Applies specs to the widget `a`, whose required field is the manager `base`'s. */
function applier({ call, path }: Space): Apply {
  return (manager, spec, { force = false, subresource } = {}) => {
    const at_ = `${path('widgets', 'a')}${subresource === undefined ? '' : `/${subresource}`}`
    const body = {
      apiVersion: 'test.dev/v1',
      kind: 'Widget',
      metadata: { name: 'a' },
      ...(subresource === undefined ? { spec } : { [subresource]: spec }),
    }
    return call('PATCH', `${at_}?fieldManager=${manager}&force=${force}`, {
      body,
      type: 'application/apply-patch+yaml',
    })
  }
}

function entriesOf(answer: Answer): Entry[] {
  return at(answer.body, 'metadata.managedFields') as Entry[]
}

function ownedSpec(answer: Answer, manager: string): unknown {
  const entry = entriesOf(answer).find((one) => one.manager === manager)
  return at(entry, 'fieldsV1.f:spec')
}

/** §26 cases 43–52: server-side apply. */
export const applyCases: readonly ConformanceCase[] = [
  {
    number: 43,
    kind: 'behavior',
    title: 'apply creates, and does nothing when repeated',
    async run(space) {
      const apply = applier(space)
      const first = await apply('base', { kind: 'k' })
      expect(first).toMatchObject({ status: 201, body: { spec: { mode: 'a' } } })
      const again = await apply('base', { kind: 'k' })
      expect(again.status).toBe(200)
      expect(revisionOf(again.body)).toBe(revisionOf(first.body))
    },
  },
  {
    number: 44,
    kind: 'behavior',
    title: 'another value is a conflict, and force takes the field over',
    async run(space) {
      const apply = applier(space)
      await apply('base', { kind: 'k' })
      await apply('a', { size: 1 })
      expect(await apply('b', { size: 2 })).toMatchObject({
        status: 409,
        body: {
          reason: 'Conflict',
          message: 'Apply failed with 1 conflict: conflict with "a": .spec.size',
          details: { causes: [{ reason: 'FieldManagerConflict', field: '.spec.size' }] },
        },
      })
      const forced = await apply('b', { size: 2 }, { force: true })
      expect(forced).toMatchObject({ status: 200, body: { spec: { size: 2 } } })
      expect(ownedSpec(forced, 'b')).toEqual({ 'f:size': {} })
      expect(ownedSpec(forced, 'a')).toBeUndefined()
    },
  },
  {
    number: 45,
    kind: 'behavior',
    title: 'managers of the same value share it, and the last to leave takes it along',
    async run(space) {
      const apply = applier(space)
      await apply('base', { kind: 'k' })
      await apply('a', { size: 1 })
      const shared = await apply('b', { size: 1 })
      expect(ownedSpec(shared, 'a')).toEqual({ 'f:size': {} })
      expect(ownedSpec(shared, 'b')).toEqual({ 'f:size': {} })
      // Who owns what was there has changed nothing yet, and comes first without a time.
      const entries = at(shared.body, 'metadata.managedFields') as { manager: string; time?: string }[]
      // The others follow by time, then by name: times are whole seconds, which `base` and `a` may share or not.
      const [first, ...timed] = entries
      expect(first).toMatchObject({ manager: 'b' })
      expect(first).not.toHaveProperty('time')
      const order = timed.map(({ manager, time }) => `${time} ${manager}`)
      expect(order).toEqual(order.toSorted())
      expect(timed.map(({ manager }) => manager).toSorted()).toEqual(['a', 'base'])
      expect(at((await apply('a', {})).body, 'spec.size')).toBe(1)
      expect(at((await apply('b', {})).body, 'spec.size')).toBeUndefined()
    },
  },
  {
    number: 46,
    kind: 'behavior',
    title: 'a field no longer applied goes; one that was put there otherwise stays',
    async run(space) {
      const apply = applier(space)
      await apply('base', { kind: 'k' })
      await apply('a', { size: 1, x: '1' })
      const live = (await space.call('GET', space.path('widgets', 'a'))).body as { spec: Fields }
      const body = { ...live, spec: { ...live.spec, name: 'put' } }
      await space.call('PUT', `${space.path('widgets', 'a')}?fieldManager=p`, { body })
      const answer = await apply('a', { size: 1 })
      expect(at(answer.body, 'spec')).toMatchObject({ size: 1, name: 'put' })
      expect(at(answer.body, 'spec.x')).toBeUndefined()
    },
  },
  {
    number: 47,
    kind: 'behavior',
    title: 'items of a keyed list belong to who applied them',
    async run(space) {
      const apply = applier(space)
      await apply('base', { kind: 'k' })
      const first = await apply('a', { ports: [{ name: 'p1', port: 1 }] })
      expect(ownedSpec(first, 'a')).toEqual({
        'f:ports': { 'k:{"name":"p1"}': { '.': {}, 'f:name': {}, 'f:port': {} } },
      })
      await apply('b', { ports: [{ name: 'p2', port: 2 }] })
      const dropped = await apply('a', {})
      expect(at(dropped.body, 'spec.ports')).toEqual([{ name: 'p2', port: 2 }])
    },
  },
  {
    number: 48,
    kind: 'behavior',
    title: 'items of a set are owned one by one, an atomic list as a whole',
    async run(space) {
      const apply = applier(space)
      await apply('base', { kind: 'k' })
      await apply('a', { tags: ['one'] })
      const both = await apply('b', { tags: ['two'] })
      expect(ownedSpec(both, 'b')).toEqual({ 'f:tags': { 'v:"two"': {} } })
      expect((at((await apply('a', {})).body, 'spec.tags') as string[]).toSorted()).toEqual(['two'])
      await apply('a', { list: ['one'] })
      expect(await apply('b', { tags: ['two'], list: ['two'] })).toMatchObject({
        status: 409,
        body: { details: { causes: [{ field: '.spec.list' }] } },
      })
    },
  },
  {
    number: 49,
    kind: 'behavior',
    title: 'the status is applied through its own endpoint alone',
    async run(space) {
      const apply = applier(space)
      await apply('base', { kind: 'k' })
      const answer = await apply('s', { phase: 'Done' }, { subresource: 'status' })
      expect(answer).toMatchObject({ status: 200, body: { status: { phase: 'Done' } } })
      expect(entriesOf(answer)).toContainEqual(
        expect.objectContaining({
          manager: 's',
          operation: 'Apply',
          subresource: 'status',
          fieldsV1: { 'f:status': { 'f:phase': {} } },
        }),
      )
      const main = await space.call('PATCH', `${space.path('widgets', 'a')}?fieldManager=m`, {
        body: { ...widget('a'), status: { phase: 'Other' } },
        type: 'application/apply-patch+yaml',
      })
      expect(main).toMatchObject({ status: 200, body: { status: { phase: 'Done' } } })
      const owned = entriesOf(main).find(({ manager }) => manager === 'm')
      expect(owned?.fieldsV1).toEqual({ 'f:spec': { 'f:kind': {} } })
    },
  },
  {
    number: 50,
    kind: 'behavior',
    title: 'an update takes a field from who applied it, who then conflicts with the updater',
    async run(space) {
      const apply = applier(space)
      await apply('base', { kind: 'k' })
      await apply('a', { size: 1 })
      const live = (await space.call('GET', space.path('widgets', 'a'))).body as { spec: Fields }
      const body = { ...live, spec: { ...live.spec, size: 2 } }
      const put = await space.call('PUT', `${space.path('widgets', 'a')}?fieldManager=u`, { body })
      expect(ownedSpec(put, 'a')).toBeUndefined()
      expect(ownedSpec(put, 'u')).toEqual({ 'f:size': {} })
      const again = await apply('a', { size: 1 })
      expect(again.status).toBe(409)
      expect(at(again.body, 'message')).toMatch(/conflict with "u" using test\.dev\/v1.*: \.spec\.size$/)
    },
  },
  {
    number: 51,
    kind: 'behavior',
    title: 'applying nothing gives up everything',
    async run(space) {
      const apply = applier(space)
      await apply('base', { kind: 'k' })
      await apply('a', { size: 1, x: '1' })
      const empty = await space.call('PATCH', `${space.path('widgets', 'a')}?fieldManager=a`, {
        body: { apiVersion: 'test.dev/v1', kind: 'Widget' },
        type: 'application/apply-patch+yaml',
      })
      expect(empty.status).toBe(200)
      expect(entriesOf(empty).map(({ manager }) => manager)).not.toContain('a')
      expect(at(empty.body, 'spec')).toEqual({ kind: 'k', mode: 'a' })
    },
  },
  {
    number: 52,
    kind: 'error',
    title: 'apply needs a manager, no managed fields and the URL’s type',
    async run({ call, path }) {
      const type = 'application/apply-patch+yaml'
      const apply = (query: string, body: unknown): Promise<Answer> =>
        call('PATCH', `${path('widgets', 'a')}${query}`, { body, type })
      expect(await apply('', widget('a'))).toMatchObject({
        status: 422,
        body: { details: { kind: 'PatchOptions', causes: [{ field: 'fieldManager' }] } },
      })
      const managed = widget('a', {}, { managedFields: [{ manager: 'm', operation: 'Apply' }] })
      expect(await apply('?fieldManager=m', managed)).toMatchObject({ status: 400 })
      const other = { ...widget('a'), apiVersion: 'test.dev/v2' }
      expect(await apply('?fieldManager=m', other)).toMatchObject({ status: 400 })
    },
  },
]
