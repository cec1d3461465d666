import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import {
  configMaps,
  customResourceDefinitions,
  namespaces,
  secrets,
  seiNodeTasks,
  type ResourceType,
} from '../../src/contract/kinds.ts'
import { apiVersionOf } from '../../src/contract/kinds.ts'
import type { KubeObject, OwnerReference } from '../../src/contract/objects.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import { until, untilGone } from '../helpers/embedded-cluster.ts'
import { type ControllersAlone, startControllersAlone } from '../helpers/embedded-controllers.ts'

let alone: ControllersAlone
let kube: KubeClient
let serial = 0
let namespace = ''

beforeAll(async () => {
  alone = await startControllersAlone()
  kube = alone.kube
})

afterAll(() => alone.close())

beforeEach(async () => {
  namespace = `gc-${(serial += 1)}`
  await kube.create(namespaces, namespaceOf(namespace))
})

function namespaceOf(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
}

interface Wish {
  readonly type?: ResourceType
  readonly owners?: readonly OwnerReference[]
  readonly finalizers?: readonly string[]
  readonly spec?: unknown
}

function make(name: string, wish: Wish = {}): Promise<KubeObject> {
  const { type = configMaps, owners = [], finalizers = [], spec } = wish
  const object = {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: { name, namespace, ownerReferences: [...owners], finalizers: [...finalizers] },
    ...(spec === undefined ? {} : { spec }),
  }
  return kube.create<KubeObject>(type, object)
}

function ownedBy(owner: KubeObject, blockOwnerDeletion = false): OwnerReference {
  const { name, uid = '' } = owner.metadata
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid, blockOwnerDeletion }
}

const at = (name: string): { namespace: string; name: string } => ({ namespace, name })
const exists = async (name: string): Promise<boolean> => (await kube.find(configMaps, at(name))) !== undefined

test('default: what an object owns goes with it, down the chain and across types', async () => {
  const owner = await make('owner')
  const child = await make('child', { owners: [ownedBy(owner)] })
  await make('grandchild', { type: secrets, owners: [ownedBy(child)] })
  const spec = { kind: 'MarkReady', target: { nodeRef: { name: 'n' } }, markReady: {} }
  await make('task', { type: seiNodeTasks, owners: [ownedBy(owner)], spec })
  await make('bystander')
  await kube.delete(configMaps, at('owner'))
  await untilGone(kube, configMaps, at('child'))
  await untilGone(kube, secrets, at('grandchild'))
  await untilGone(kube, seiNodeTasks, at('task'))
  expect(await exists('bystander')).toBe(true)
})

test('behavior: an object with two owners stays until both are gone, and forgets the first', async () => {
  const [first, second] = [await make('first'), await make('second')]
  await make('child', { owners: [ownedBy(first), ownedBy(second)] })
  await kube.delete(configMaps, at('first'))
  const names = (object: KubeObject): string =>
    (object.metadata.ownerReferences ?? []).map((owner) => owner.name).join()
  await until<KubeObject>(kube, configMaps, at('child'), (object) => names(object) === 'second')
  await kube.delete(configMaps, at('second'))
  await untilGone(kube, configMaps, at('child'))
})

test('behavior: an owner of another uid, or in another namespace, counts as gone', async () => {
  const owner = await make('owner')
  await make('impostor', { owners: [{ ...ownedBy(owner), uid: 'c0ffee00-0000-4000-8000-000000000000' }] })
  await untilGone(kube, configMaps, at('impostor'))
  const here = namespace
  namespace = `${here}-b`
  await kube.create(namespaces, namespaceOf(namespace))
  await make('stranger', { owners: [ownedBy(owner)] })
  await untilGone(kube, configMaps, at('stranger'))
  expect(await kube.find(configMaps, { namespace: here, name: 'owner' })).toBeDefined()
})

test('behavior: an owner that no watch tells of is asked for', async () => {
  const definition = await kube.get<KubeObject>(customResourceDefinitions, { name: 'seinodes.sei.io' })
  const { apiVersion, kind } = definition
  await make('child', { owners: [{ ...ownedBy(definition), apiVersion, kind }] })
  const other = await make('owner')
  await make('marker', { owners: [ownedBy(other)] })
  await kube.delete(configMaps, at('owner'))
  await untilGone(kube, configMaps, at('marker'))
  expect(await exists('child')).toBe(true)
})

test('behavior: an object made with the finalizer of the foreground goes after what it owns, whoever deletes it', async () => {
  const owner = await make('owner')
  const child = await make('child', { owners: [ownedBy(owner)], finalizers: ['foregroundDeletion'] })
  await make('grandchild', { owners: [ownedBy(child, true)], finalizers: ['example.com/hold'] })
  await kube.delete(configMaps, at('owner'))
  const going = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined
  await until(kube, configMaps, at('grandchild'), going)
  expect((await kube.get(configMaps, at('child'))).metadata.finalizers).toEqual(['foregroundDeletion'])
  const released = { metadata: { finalizers: null } }
  await kube.patch(configMaps, at('grandchild'), released, { type: 'merge' })
  await untilGone(kube, configMaps, at('child'))
})

test('behavior: in the foreground an owner waits for those that block it, and for these alone', async () => {
  const owner = await make('owner')
  await make('blocking', { owners: [ownedBy(owner, true)], finalizers: ['example.com/hold'] })
  await make('other', { owners: [ownedBy(owner)], finalizers: ['example.com/hold'] })
  const left = await kube.delete<KubeObject>(configMaps, at('owner'), { propagationPolicy: 'Foreground' })
  expect(left?.metadata.finalizers).toEqual(['foregroundDeletion'])
  const going = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined
  await until(kube, configMaps, at('blocking'), going)
  expect(await exists('owner')).toBe(true)
  await kube.patch(configMaps, at('blocking'), { metadata: { finalizers: null } }, { type: 'merge' })
  await untilGone(kube, configMaps, at('owner'))
  await until(kube, configMaps, at('other'), going)
})

test('behavior: orphaned dependents lose their owner and stay', async () => {
  const owner = await make('owner')
  await make('child', { owners: [ownedBy(owner)] })
  await kube.delete(configMaps, at('owner'), { propagationPolicy: 'Orphan' })
  await untilGone(kube, configMaps, at('owner'))
  const child = await kube.get<KubeObject>(configMaps, at('child'))
  expect(child.metadata.ownerReferences ?? []).toEqual([])
})

test('behavior: with gc off, garbage and dying namespaces are left to somebody else', async () => {
  const without = await startControllersAlone({ gc: false })
  try {
    const { kube: client } = without
    await client.create(namespaces, namespaceOf('dying'))
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner', namespace: 'dying' } }
    const owner = await client.create<KubeObject>(configMaps, object)
    const metadata = { name: 'child', namespace: 'dying', ownerReferences: [ownedBy(owner)] }
    await client.create<KubeObject>(configMaps, { ...object, metadata })
    await client.delete(configMaps, { namespace: 'dying', name: 'owner' })
    await client.delete(namespaces, { name: 'dying' })
    const dying = await client.get<KubeObject & { status?: { phase?: string } }>(namespaces, {
      name: 'dying',
    })
    expect(dying.status?.phase).toBe('Terminating')
    expect(await client.find(configMaps, { namespace: 'dying', name: 'child' })).toBeDefined()
    expect(await client.find(configMaps, { namespace: 'dying', name: 'kube-root-ca.crt' })).toBeUndefined()
  } finally {
    await without.close()
  }
})
