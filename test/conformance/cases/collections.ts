import { expect } from 'vitest'

import { at, configMap, textAt, type ConformanceCase, type Space } from '../../helpers/conformance-case.ts'

const merge = 'application/merge-patch+json'
const hold = 'test.dev/hold'
const patient = { timeout: 30_000 }

/** Creates a ConfigMap that others own. */
async function own(
  { create }: Space,
  name: string,
  owners: readonly Record<string, unknown>[],
  metadata: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const ownerReferences = owners.map((owner) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: textAt(owner, 'metadata.name'),
    uid: textAt(owner, 'metadata.uid'),
    blockOwnerDeletion: true,
  }))
  return create('configmaps', configMap(name, {}, { ownerReferences, ...metadata }))
}

async function remove({ call, path }: Space, name: string, propagationPolicy: string): Promise<void> {
  const answer = await call('DELETE', path('configmaps', name), { body: { propagationPolicy } })
  expect(answer.status).toBe(200)
}

async function release({ call, path }: Space, name: string): Promise<void> {
  const body = { metadata: { finalizers: null } }
  expect(await call('PATCH', path('configmaps', name), { body, type: merge })).toMatchObject({ status: 200 })
}

const statusOf = async ({ call, path }: Space, name: string): Promise<number> =>
  (await call('GET', path('configmaps', name))).status

/** §26 cases 59 and 60 once more: what the collectors of garbage and of namespaces do about it. */
export const collectionCases: readonly ConformanceCase[] = [
  {
    number: 59,
    kind: 'behavior',
    title: 'in the background dependents go after their owner, with two owners after both',
    async run(space) {
      const [one, two] = [await own(space, 'one', []), await own(space, 'two', [])]
      await own(space, 'of-one', [one])
      await own(space, 'of-both', [one, two])
      await remove(space, 'one', 'Background')
      expect(await statusOf(space, 'one')).toBe(404)
      await expect.poll(() => statusOf(space, 'of-one'), patient).toBe(404)
      expect(await statusOf(space, 'of-both')).toBe(200)
      await remove(space, 'two', 'Background')
      await expect.poll(() => statusOf(space, 'of-both'), patient).toBe(404)
    },
  },
  {
    number: 59,
    kind: 'behavior',
    title: 'in the foreground dependents go before their owner',
    async run(space) {
      const owner = await own(space, 'owner', [])
      await own(space, 'held', [owner], { finalizers: [hold] })
      await remove(space, 'owner', 'Foreground')
      const marked = async (): Promise<unknown> =>
        typeof at(
          (await space.call('GET', space.path('configmaps', 'held'))).body,
          'metadata.deletionTimestamp',
        )
      await expect.poll(marked, patient).toBe('string')
      expect(await statusOf(space, 'owner')).toBe(200)
      await release(space, 'held')
      await expect.poll(() => statusOf(space, 'owner'), patient).toBe(404)
      expect(await statusOf(space, 'held')).toBe(404)
    },
  },
  {
    number: 59,
    kind: 'behavior',
    title: 'orphans stay, without their owner',
    async run(space) {
      await own(space, 'orphan', [await own(space, 'owner', [])])
      await remove(space, 'owner', 'Orphan')
      await expect.poll(() => statusOf(space, 'owner'), patient).toBe(404)
      const { body } = await space.call('GET', space.path('configmaps', 'orphan'))
      expect(at(body, 'metadata.ownerReferences')).toBeUndefined()
    },
  },
  {
    number: 60,
    kind: 'behavior',
    title: 'a namespace goes once its content is gone, which a finalizer can hold',
    async run(space) {
      const { call, namespace } = space
      await own(space, 'plain', [])
      await own(space, 'held', [], { finalizers: [hold] })
      const at_ = `/api/v1/namespaces/${namespace}`
      await call('DELETE', at_)
      await expect.poll(() => statusOf(space, 'plain'), patient).toBe(404)
      const remaining = async (): Promise<unknown> => {
        const conditions = at((await call('GET', at_)).body, 'status.conditions')
        return (conditions as { type: string; status: string; reason: string }[] | undefined)
          ?.filter(({ status }) => status === 'True')
          .map(({ type, reason }) => `${type} ${reason}`)
          .toSorted()
      }
      await expect
        .poll(remaining, patient)
        .toEqual([
          'NamespaceContentRemaining SomeResourcesRemain',
          'NamespaceFinalizersRemaining SomeFinalizersRemain',
        ])
      await release(space, 'held')
      await expect.poll(async () => (await call('GET', at_)).status, patient).toBe(404)
    },
  },
]
