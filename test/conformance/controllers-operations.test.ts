import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import {
  configMaps,
  events,
  namespaces,
  persistentVolumeClaims,
  pods,
  seiNetworks,
  seiNodes,
  services,
  statefulSets,
} from '../../src/contract/kinds.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import type { KubeEvent, KubeObject, Pod, Service, StatefulSet } from '../../src/contract/objects.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import {
  createFollower,
  createNetwork,
  eventsAbout,
  record,
  startTestCluster,
  type TestCluster,
  until,
  untilGone,
} from '../helpers/embedded-cluster.ts'
import { timeline, type TimelineName } from '../helpers/kind-captures.ts'
import { distinct, nodeMilestone, recordedMilestone } from '../helpers/milestones.ts'

let cluster: TestCluster
let kube: KubeClient
let serial = 0
/** A namespace of its own for each test. */
let namespace = ''

beforeAll(async () => {
  cluster = await startTestCluster()
  kube = cluster.kube
})

afterAll(() => cluster.close())

beforeEach(async () => {
  namespace = `ops-${(serial += 1)}`
  await kube.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
})

const conditionOf = (object: SeiNode | SeiNetwork, type: string): string =>
  object.status?.conditions?.find((condition) => condition.type === type)?.reason ?? ''
const settled = (node: SeiNode): boolean =>
  conditionOf(node, 'NodeUpdateInProgress') === 'UpdateComplete' &&
  conditionOf(node, 'SidecarReady') === 'Ready'
const ready = (network: SeiNetwork): boolean => network.status?.phase === 'Ready'

/** A follower of a network of one, past its first update and with a ready pod. */
async function settledFollower(name: string): Promise<{ namespace: string; name: string }> {
  const network = { namespace, name: 'net' }
  const ref = { namespace, name }
  await createNetwork(kube, network)
  await until(kube, seiNetworks, network, ready)
  await createFollower(kube, network, name)
  await until(kube, seiNodes, ref, settled)
  await until<StatefulSet>(kube, statefulSets, ref, (set) => set.status?.readyReplicas === 1)
  return ref
}

/** A claim that belongs to nobody. */
function claim(namespace: string, name: string): KubeObject & { spec: unknown } {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }
}

function recorded(name: TimelineName): string[] {
  return distinct(
    timeline(name)
      .filter((entry) => entry.kind === 'NODE')
      .map(recordedMilestone),
  )
}

/** Milestones of a node from its current one on. */
function watchNode(name: string): () => string[] {
  const versions = record<SeiNode>(kube, seiNodes, namespace)
  return () => distinct((versions.get(name) ?? []).map(nodeMilestone))
}

test('behavior: a deleted pod comes back gated and is approved again, as recorded', async () => {
  const ref = await settledFollower('net-rpc-0')
  const milestones = watchNode(ref.name)
  const pod = await kube.get<Pod>(pods, { namespace, name: 'net-rpc-0-0' })
  await kube.delete(pods, { namespace, name: 'net-rpc-0-0' }, { uid: pod.metadata.uid })
  await until<SeiNode>(kube, seiNodes, ref, (node) => node.status?.plan?.tasks.length === 1)
  await until(kube, seiNodes, ref, settled)
  expect(milestones().slice(1)).toEqual(recorded('pod-delete'))
  const next = await kube.get<Pod>(pods, { namespace, name: 'net-rpc-0-0' })
  expect(next.metadata.uid).not.toBe(pod.metadata.uid)
  expect(next.metadata.labels).toEqual(pod.metadata.labels)
})

test('behavior: a new image replaces the pod and never demotes the node', async () => {
  const ref = await settledFollower('net-rpc-0')
  const milestones = watchNode(ref.name)
  const before = await kube.get<StatefulSet>(statefulSets, ref)
  await kube.patch(seiNodes, ref, { spec: { image: 'sei/seid:dev2' } }, { type: 'merge' })
  const node = await until<SeiNode>(
    kube,
    seiNodes,
    ref,
    (node) => node.status?.currentImage === 'sei/seid:dev2' && settled(node),
  )
  expect(milestones().every((milestone) => milestone.startsWith('Running '))).toBe(true)
  expect(milestones().at(-1)).toBe(recorded('update-image').at(-1))
  expect(node.status?.endpoint).toBeDefined()
  const { metadata, status } = await kube.get<StatefulSet>(statefulSets, ref)
  expect(status).toMatchObject({ updatedReplicas: 1, currentRevision: before.status?.currentRevision })
  expect(status?.updateRevision).not.toBe(before.status?.updateRevision)
  expect(status).not.toHaveProperty('currentReplicas')
  expect([metadata.generation, status?.observedGeneration]).toEqual([2, 2])
})

test('behavior: a pause takes the pod and leaves the phase; resuming approves the new pod', async () => {
  const ref = await settledFollower('net-rpc-0')
  const milestones = watchNode(ref.name)
  await kube.patch(seiNodes, ref, { spec: { paused: true } }, { type: 'merge' })
  await until<SeiNode>(kube, seiNodes, ref, (node) => conditionOf(node, 'Paused') === 'Paused')
  await untilGone(kube, pods, { namespace, name: 'net-rpc-0-0' })
  const set = await until<StatefulSet>(kube, statefulSets, ref, (set) => set.status?.replicas === 0)
  expect(set.spec.replicas).toBe(0)
  await kube.patch(seiNodes, ref, { spec: { paused: null } }, { type: 'merge' })
  await until<SeiNode>(kube, seiNodes, ref, (node) => node.status?.plan?.tasks.length === 1)
  await until(kube, seiNodes, ref, settled)
  expect(milestones()).toEqual(recorded('pause').map((line) => line.replace('dev3', 'dev')))
})

test('behavior: a network hands its image and its pause to all validators at once', async () => {
  const ref = { namespace, name: 'net' }
  await createNetwork(kube, ref, { replicas: 2 })
  await until<SeiNetwork>(kube, seiNetworks, ref, (network) => network.status?.upToDateReplicas === 2)
  await kube.patch(seiNetworks, ref, { spec: { image: 'sei/seid:dev2' } }, { type: 'merge' })
  const rolling = await until<SeiNetwork>(
    kube,
    seiNetworks,
    ref,
    (network) => conditionOf(network, 'RolloutInProgress') === 'ImageRolling',
  )
  expect(rolling.status).toMatchObject({ phase: 'Ready', readyReplicas: 2 })
  const rolled = await until<SeiNetwork>(
    kube,
    seiNetworks,
    ref,
    (network) => network.status?.upToDateReplicas === 2 && network.spec.image === 'sei/seid:dev2',
  )
  expect(rolled.status?.nodes?.map((node) => node.currentImage)).toEqual(['sei/seid:dev2', 'sei/seid:dev2'])

  await kube.patch(seiNetworks, ref, { spec: { paused: true } }, { type: 'merge' })
  await until<SeiNetwork>(kube, seiNetworks, ref, (network) => network.status?.phase === 'Paused')
  await Promise.all(['net-0-0', 'net-1-0'].map((name) => untilGone(kube, pods, { namespace, name })))
  await kube.patch(seiNetworks, ref, { spec: { paused: false } }, { type: 'merge' })
  await until<SeiNetwork>(kube, seiNetworks, ref, ready)
  const told = await eventsAbout(kube, namespace, { kind: 'SeiNetwork', name: 'net' }, 10)
  expect(told.map((event) => event.split(':')[0])).toEqual([
    'Normal SeiNodeCreated',
    'Normal SeiNodeCreated',
    'Normal PlanStarted',
    'Normal PlanComplete',
    'Normal Paused',
    'Normal ChildPaused',
    'Normal ChildPaused',
    'Normal Unpaused',
    'Normal ChildResumed',
    'Normal ChildResumed',
  ])
})

test('behavior: an edit of a validator by hand is put back, and its labels with it', async () => {
  const ref = { namespace, name: 'net' }
  await createNetwork(kube, ref)
  await until<SeiNetwork>(kube, seiNetworks, ref, ready)
  const child = { namespace, name: 'net-0' }
  const edit = { metadata: { labels: { mine: 'yes' } }, spec: { image: 'sei/seid:mine' } }
  await kube.patch(seiNodes, child, edit, { type: 'merge' })
  const put = await until<SeiNode>(
    kube,
    seiNodes,
    child,
    (node) => node.spec.image === 'sei/seid:dev' && node.metadata.labels?.['mine'] === undefined,
  )
  expect(put.spec.peers).toHaveLength(1)
})

test('error: a claim of that name that is not its own ends the init plan', async () => {
  const ref = { namespace, name: 'lone' }
  await kube.create(persistentVolumeClaims, claim(namespace, 'data-lone'))
  await createFollower(kube, { namespace, name: 'net' }, 'lone')
  const node = await until<SeiNode>(kube, seiNodes, ref, (node) => node.status?.phase === 'Failed')
  expect(node.status?.plan).toMatchObject({
    failedTaskIndex: 0,
    failedTaskDetail: { type: 'ensure-data-pvc', error: expect.stringContaining('not owned by SeiNode') },
  })
  // An edit wakes it, and changes nothing: Failed is for good.
  await kube.patch(seiNodes, ref, { spec: { image: 'sei/seid:dev2' } }, { type: 'merge' })
  const observed = (node: SeiNode): boolean =>
    node.status?.conditions?.every((condition) => condition.observedGeneration === 2) === true
  expect((await until<SeiNode>(kube, seiNodes, ref, observed)).status?.phase).toBe('Failed')
  // Each look at it says so again: one event whose count grows.
  const counted = (event: KubeEvent): boolean => event.reason === 'NodeFailed' && (event.count ?? 0) > 1
  await kube.patch(seiNodes, ref, { spec: { image: 'sei/seid:dev3' } }, { type: 'merge' })
  await until<KubeEvent>(kube, events, { namespace }, counted)
  const { items } = await kube.list<KubeEvent>(events, { namespace })
  expect(items.filter((event) => event.reason === 'NodeFailed')).toHaveLength(1)
})

test('error: too few witnesses: no plan, no StatefulSet, no phase', async () => {
  const ref = { namespace, name: 'lone' }
  await createFollower(kube, { namespace, name: 'net' }, 'lone', {
    fullNode: { snapshot: { stateSync: {} } },
  })
  const node = await until<SeiNode>(
    kube,
    seiNodes,
    ref,
    (node) => conditionOf(node, 'StateSyncReady') === 'NoSyncersConfigured',
  )
  expect(node.status).not.toHaveProperty('phase')
  expect(node.status).not.toHaveProperty('plan')
  expect(await kube.find(statefulSets, ref)).toBeUndefined()
  expect(await eventsAbout(kube, namespace, { kind: 'SeiNode', name: 'lone' }, 1)).toEqual([
    expect.stringMatching(/^Warning StateSyncBlocked: /),
  ])
})

test('default: Delete takes children, pods, claims and Services; the network itself goes first', async () => {
  const ref = { namespace, name: 'net' }
  await createNetwork(kube, ref, { replicas: 2 })
  await until<SeiNetwork>(kube, seiNetworks, ref, ready)
  await kube.delete(seiNetworks, ref)
  await untilGone(kube, seiNetworks, ref)
  for (const name of ['net-0', 'net-1']) {
    await untilGone(kube, seiNodes, { namespace, name })
    await untilGone(kube, statefulSets, { namespace, name })
    await untilGone(kube, pods, { namespace, name: `${name}-0` })
    await untilGone(kube, services, { namespace, name })
    await untilGone(kube, persistentVolumeClaims, { namespace, name: `data-${name}` })
    await untilGone(kube, configMaps, { namespace, name: `${name}-rbac-proxy-config` })
  }
  await untilGone(kube, services, { namespace, name: 'net-internal' })
})

test('behavior: Retain leaves everything running and ownerless, and a namesake adopts nothing', async () => {
  const ref = { namespace, name: 'net' }
  await createNetwork(kube, ref, { deletionPolicy: 'Retain' })
  await until<SeiNetwork>(kube, seiNetworks, ref, ready)
  await kube.delete(seiNetworks, ref)
  await untilGone(kube, seiNetworks, ref)
  const child = await kube.get<SeiNode>(seiNodes, { namespace, name: 'net-0' })
  expect(child.metadata.ownerReferences ?? []).toEqual([])
  expect(child.metadata.labels).toMatchObject({ 'sei.io/seinetwork': 'net' })
  const service = await kube.get<Service>(services, { namespace, name: 'net-internal' })
  expect(service.metadata.ownerReferences ?? []).toEqual([])

  await createNetwork(kube, ref)
  const namesake = await until<SeiNetwork>(
    kube,
    seiNetworks,
    ref,
    (network) => network.status?.phase !== undefined,
  )
  expect(namesake.status).toMatchObject({ phase: 'Pending', observedGeneration: 1 })
  expect(namesake.status).not.toHaveProperty('nodes')
  expect(
    (await kube.get<Pod>(pods, { namespace, name: 'net-0-0' })).metadata.deletionTimestamp,
  ).toBeUndefined()
})

test('default: a namespace has its defaults, and takes all it holds with it', async () => {
  const ref = { namespace, name: 'net' }
  const map = { namespace, name: 'kube-root-ca.crt' }
  const { data } = await until<KubeObject & { data?: Record<string, string> }>(
    kube,
    configMaps,
    map,
    () => true,
  )
  expect(data?.['ca.crt']).toContain('BEGIN CERTIFICATE')
  await createNetwork(kube, ref)
  await until<SeiNetwork>(kube, seiNetworks, ref, ready)
  await kube.delete(namespaces, { name: namespace })
  await untilGone(kube, namespaces, { name: namespace })
  for (const type of [seiNetworks, seiNodes, statefulSets, pods, services, persistentVolumeClaims])
    expect((await kube.list(type, { namespace })).items).toEqual([])
})
