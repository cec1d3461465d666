import { expect } from 'vitest'

import {
  at,
  causesOf,
  configMap,
  revisionOf,
  summary,
  textAt,
  widget,
  type ConformanceCase,
} from '../../helpers/conformance-case.ts'

const merge = 'application/merge-patch+json'
const hold = 'test.dev/hold'

/** §26 cases 57–60: deletion, as far as the API server alone decides it. */
export const deletionCases: readonly ConformanceCase[] = [
  {
    number: 57,
    kind: 'behavior',
    title: 'a finalizer holds a deleted object until it is removed',
    async run({ call, create, path, watch }) {
      const first = await create('widgets', widget('a', {}, { finalizers: [hold] }))
      const at_ = path('widgets', 'a')
      const open = await watch(`${path('widgets')}?watch=true&resourceVersion=${revisionOf(first)}`)
      const deleted = await call('DELETE', at_)
      expect(deleted).toMatchObject({
        status: 200,
        body: { kind: 'Widget', metadata: { generation: 2, deletionGracePeriodSeconds: 0 } },
      })
      expect(textAt(deleted.body, 'metadata.deletionTimestamp')).toMatch(/Z$/)
      const again = await call('DELETE', at_)
      expect(revisionOf(again.body)).toBe(revisionOf(deleted.body))
      expect(await call('POST', path('widgets'), { body: widget('a') })).toMatchObject({
        status: 409,
        body: {
          reason: 'AlreadyExists',
          message: 'object is being deleted: widgets.test.dev "a" already exists',
        },
      })
      const finalizers = (list: string[] | null): ReturnType<typeof call> =>
        call('PATCH', at_, { body: { metadata: { finalizers: list } }, type: merge })
      const added = await finalizers([hold, 'test.dev/more'])
      expect(added.status).toBe(422)
      expect(new Set(causesOf(added))).toEqual(new Set(['metadata.finalizers FieldValueForbidden']))
      expect(await finalizers(null)).toMatchObject({ status: 200 })
      expect(await call('GET', at_)).toMatchObject({ status: 404 })
      expect(summary(await open.take(2))).toEqual(['MODIFIED a', 'DELETED a'])
    },
  },
  {
    number: 58,
    kind: 'behavior',
    title: 'preconditions must hold, and options come from the body if there is one',
    async run({ call, create, path }) {
      const first = await create('configmaps', configMap('a'))
      const at_ = path('configmaps', 'a')
      for (const preconditions of [{ uid: 'other' }, { resourceVersion: '1' }]) {
        expect(await call('DELETE', at_, { body: { preconditions } })).toMatchObject({
          status: 409,
          body: { reason: 'Conflict' },
        })
      }
      const body = { propagationPolicy: 'Foreground' }
      const kept = await call('DELETE', `${at_}?propagationPolicy=Orphan`, { body })
      expect(at(kept.body, 'metadata.finalizers')).toEqual(['foregroundDeletion'])
      await call('PATCH', at_, { body: { metadata: { finalizers: null } }, type: merge })
      const second = await create('configmaps', configMap('a'))
      expect(at(second, 'metadata.uid')).not.toBe(at(first, 'metadata.uid'))
      const preconditions = {
        uid: at(second, 'metadata.uid'),
        resourceVersion: revisionOf(second),
      }
      expect(await call('DELETE', at_, { body: { preconditions } })).toMatchObject({
        status: 200,
        body: {
          kind: 'Status',
          status: 'Success',
          details: { name: 'a', kind: 'configmaps', uid: at(second, 'metadata.uid') },
        },
      })
    },
  },
  {
    number: 59,
    kind: 'behavior',
    title: 'the propagation policy becomes a finalizer; a Job orphans unless told otherwise',
    async run({ call, create, path }) {
      const finalizers = async (policy: string): Promise<unknown> => {
        const name = policy.toLowerCase()
        await create('widgets', widget(name, {}, { finalizers: [hold] }))
        const body = { propagationPolicy: policy }
        const answer = await call('DELETE', path('widgets', name), { body })
        return at(answer.body, 'metadata.finalizers')
      }
      expect(await finalizers('Background')).toEqual([hold])
      expect(await finalizers('Foreground')).toEqual([hold, 'foregroundDeletion'])
      expect(await finalizers('Orphan')).toEqual([hold, 'orphan'])
      await create('jobs', {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'a' },
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i:1' }] } } },
      })
      const job = await call('DELETE', path('jobs', 'a'))
      expect(at(job.body, 'metadata.finalizers')).toEqual(['orphan'])
      const odd = await call('DELETE', path('widgets', 'background'), {
        body: { propagationPolicy: 'Sideways' },
      })
      expect(odd).toMatchObject({ status: 422, body: { details: { kind: 'DeleteOptions' } } })
    },
  },
  {
    number: 60,
    kind: 'behavior',
    title: 'a deleted namespace is Terminating, takes nothing new and may be deleted again',
    async run({ call, create, path, namespace }) {
      await create('widgets', widget('a', {}, { finalizers: [hold] }))
      const at_ = `/api/v1/namespaces/${namespace}`
      expect(await call('DELETE', at_)).toMatchObject({
        status: 200,
        body: { kind: 'Namespace', status: { phase: 'Terminating' } },
      })
      expect(await call('POST', path('configmaps'), { body: configMap('b') })).toMatchObject({
        status: 403,
        body: {
          reason: 'Forbidden',
          details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
        },
      })
      expect(await call('DELETE', at_)).toMatchObject({ status: 200, body: { kind: 'Namespace' } })
      const released = await call('PATCH', path('widgets', 'a'), {
        body: { metadata: { finalizers: null } },
        type: merge,
      })
      expect(released.status).toBe(200)
    },
  },
]
