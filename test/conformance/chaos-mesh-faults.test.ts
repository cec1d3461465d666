import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import type { Fault, FaultRecord, FaultSpec } from '../../src/contract/crds/chaos-mesh/faults.ts'
import {
  events as eventType,
  namespaces,
  networkChaos,
  podChaos,
  pods,
  schedules,
  timeChaos,
  type ResourceType,
} from '../../src/contract/kinds.ts'
import type { KubeEvent, KubeObject, Pod } from '../../src/contract/objects.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import { startTestCluster, type TestCluster } from '../helpers/embedded-cluster.ts'

/** What the real controllers wrote, on nodes without their daemon. */
const recorded = JSON.parse(
  readFileSync(new URL('../captures/chaos-mesh/faults/g-faults.json', import.meta.url), 'utf8'),
) as Record<'noDaemon' | 'noDaemonDeleted' | 'noMatch' | 'podKill', Fault>

let cluster: TestCluster
let kube: KubeClient
let serial = 0
let namespace = ''

beforeAll(async () => {
  cluster = await startTestCluster()
  kube = cluster.kube
})
afterAll(() => cluster.close())
beforeEach(async () => {
  namespace = `faults-${(serial += 1)}`
  await kube.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
})

const node = 'fake-1'

/** Pods as those of a network of four, on a node that nobody keeps. */
async function createPods(): Promise<void> {
  for (const ordinal of [0, 1, 2, 3]) {
    const labels = { 'sei.io/nodedeployment': 'c1', 'sei.io/node': `c1-${ordinal}` }
    const metadata = { name: `c1-${ordinal}-0`, namespace, labels }
    const containers = [
      { name: 'seid', image: 'sei/seid:dev' },
      { name: 'exporter', image: 'sei/exporter:dev' },
    ]
    await kube.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { nodeName: node, containers },
    } as Pod)
  }
}

function here(spec: FaultSpec): FaultSpec {
  return JSON.parse(JSON.stringify(spec).replaceAll('"flt"', JSON.stringify(namespace))) as FaultSpec
}

function create(type: ResourceType, name: string, spec: object, metadata: object = {}): Promise<Fault> {
  const header = { apiVersion: 'chaos-mesh.org/v1alpha1', kind: type.kind }
  return kube.create<Fault>(type, { ...header, metadata: { name, namespace, ...metadata }, spec } as Fault)
}

function until(type: ResourceType, name: string, holds: (fault: Fault) => boolean): Promise<Fault> {
  return kube
    .watch<Fault>(type, { namespace })
    .waitFor((items) => items.find((item) => item.metadata.name === name && holds(item)))
}

function isTrue({ status }: Fault, type: string): boolean {
  return status?.conditions?.some((one) => one.type === type && one.status === 'True') === true
}

/** A status without what differs from run to run: order, times, repeats, and the namespace. */
function comparable({ metadata, status }: Fault): unknown {
  const short = (record: FaultRecord): object => ({
    ...record,
    id: record.id.replace(/^[^/]+/, 'flt'),
    events: [
      ...new Set((record.events ?? []).map(({ timestamp: _, ...event }) => JSON.stringify(sorted(event)))),
    ],
  })
  const { containerRecords, desiredPhase } = status?.experiment ?? {}
  return {
    finalizers: metadata.finalizers,
    desiredPhase,
    conditions: (status?.conditions ?? []).map(({ type, status }) => `${type}=${status}`).toSorted(),
    records: containerRecords?.map((record) => JSON.stringify(sorted(short(record)))).toSorted(),
    instances: Object.keys(status?.instances ?? {})
      .map((id) => id.replace(/^[^/]+/, 'flt'))
      .toSorted(),
  }
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

async function eventsOf(name: string): Promise<string[]> {
  const { items } = await kube.list<KubeEvent>(eventType, { namespace })
  return items
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ type, reason, message }) => `${type} ${reason}: ${message}`)
}

test('behavior: recorded: a fault that selects nothing waits, and says so once a look', async () => {
  const { spec } = recorded.noMatch
  await create(podChaos, 'nm', here(spec))
  const fault = await until(podChaos, 'nm', ({ status }) => status?.conditions?.length === 4)
  expect(comparable(fault)).toEqual(comparable(recorded.noMatch))
  expect(fault.metadata.generation).toBe(recorded.noMatch.metadata.generation)
  await expect
    .poll(() => eventsOf('nm'))
    .toContain('Warning Failed: Failed to select targets: no target has been selected')
})

test('behavior: recorded: a pod is killed once, and the fault stays injected', async () => {
  await createPods()
  const { spec, status } = recorded.podKill
  await create(podChaos, 'pk', here(spec))
  const fault = await until(podChaos, 'pk', (one) => isTrue(one, 'AllInjected'))
  const id = fault.status?.experiment.containerRecords?.[0]?.id ?? ''
  const before = status?.experiment.containerRecords?.[0]?.id ?? ''
  const same = JSON.parse(JSON.stringify(fault).replaceAll(id, before)) as Fault
  expect(comparable(same)).toEqual(comparable(recorded.podKill))
  expect(fault.metadata.generation).toBe(recorded.podKill.metadata.generation)
  const name = id.split('/')[1] ?? ''
  expect(await kube.find(pods, { namespace, name })).toBeUndefined()
  expect((await kube.list(pods, { namespace })).items).toHaveLength(3)
})

test('behavior: recorded: without a daemon a network fault waits, and holds its deletion up', async () => {
  await createPods()
  // As recorded: one of the pods had been killed before.
  await kube.delete(pods, { namespace, name: 'c1-1-0' }, { gracePeriodSeconds: 0 })
  // Longer than the recorded one: here that is over in moments, and a busy machine looks later than that.
  await create(networkChaos, 'np2', { ...here(recorded.noDaemon.spec), duration: '24h' })
  const hasFailed = ({ status }: Fault): boolean =>
    (status?.experiment.containerRecords ?? []).some(({ events = [] }) => events.length > 0) &&
    isTrue({ status } as Fault, 'Selected')
  const waiting = await until(networkChaos, 'np2', hasFailed)
  expect(comparable(waiting)).toEqual(comparable(recorded.noDaemon))
  await kube.delete(networkChaos, { namespace, name: 'np2' })
  const deleted = await until(networkChaos, 'np2', ({ status }) => status?.experiment.desiredPhase === 'Stop')
  expect(comparable(deleted)).toEqual(comparable(recorded.noDaemonDeleted))
  // The way out: whoever takes the finalizer away.
  await kube.patch(
    networkChaos,
    { namespace, name: 'np2' },
    { metadata: { finalizers: [] } },
    { type: 'merge' },
  )
  await expect.poll(() => kube.find(networkChaos, { namespace, name: 'np2' })).toBeUndefined()
})

const skew = {
  mode: 'all',
  timeOffset: '-30s',
  selector: { labelSelectors: { 'sei.io/nodedeployment': 'c1' } },
}

test('behavior: what a simulated node does not do is said in the record and in an event', async () => {
  await createPods()
  await create(timeChaos, 'skew', { ...skew, mode: 'one' })
  const fault = await until(timeChaos, 'skew', (one) => isTrue(one, 'AllInjected'))
  const [record] = fault.status?.experiment.containerRecords ?? []
  expect(record?.id).toMatch(/\/c1-\d-0\/seid$/)
  expect(record?.events).toMatchObject([
    { type: 'Succeeded', operation: 'Apply', message: expect.stringMatching(/^not simulated: /) },
  ])
  await expect
    .poll(() => eventsOf('skew'))
    .toContainEqual(expect.stringMatching(/^Warning NotSimulated: .*not simulated: /))
})

test('behavior: a pause recovers the targets and a resumption injects the same ones again', async () => {
  await createPods()
  const pause = (value: string | null): Promise<KubeObject> =>
    kube.patch<KubeObject>(
      timeChaos,
      { namespace, name: 'paused' },
      { metadata: { annotations: { 'experiment.chaos-mesh.org/pause': value } } },
      { type: 'merge' },
    )
  await create(timeChaos, 'paused', { ...skew, containerNames: ['seid', 'none'] })
  const first = await until(timeChaos, 'paused', (one) => isTrue(one, 'AllInjected'))
  expect(first.status?.experiment.containerRecords).toHaveLength(4)
  await pause('true')
  const paused = await until(
    timeChaos,
    'paused',
    (one) => isTrue(one, 'AllRecovered') && isTrue(one, 'Paused'),
  )
  expect(paused.status?.experiment.desiredPhase).toBe('Stop')
  // Pods that come later are not looked at.
  await kube.delete(pods, { namespace, name: 'c1-3-0' }, { gracePeriodSeconds: 0 })
  await createPods().catch(() => undefined)
  await pause('false')
  const again = await until(
    timeChaos,
    'paused',
    ({ status }) =>
      status?.experiment.containerRecords?.some(({ injectedCount }) => injectedCount === 2) === true,
  )
  expect(again.status?.experiment.containerRecords?.map(({ id }) => id)).toEqual(
    first.status?.experiment.containerRecords?.map(({ id }) => id),
  )
})

test('behavior: the duration counts from creation, and ends in Stop with all recovered', async () => {
  await createPods()
  await create(timeChaos, 'short', { ...skew, duration: '20s' })
  const over = await until(
    timeChaos,
    'short',
    (one) => one.status?.experiment.desiredPhase === 'Stop' && isTrue(one, 'AllRecovered'),
  )
  const records = over.status?.experiment.containerRecords ?? []
  expect(records.map(({ injectedCount, recoveredCount }) => [injectedCount, recoveredCount])).toEqual(
    records.map(() => [1, 1]),
  )
  await expect.poll(() => eventsOf('short')).toContain('Normal TimeUp: Time up according to the duration')
})

test('behavior: a first injection that fails counts as all recovered', async () => {
  await createPods()
  // Nobody can be asked to kill it: there is no such node.
  const spec = { action: 'container-kill', mode: 'one', containerNames: ['seid'], selector: skew.selector }
  await create(podChaos, 'stuck', spec)
  const fault = await until(podChaos, 'stuck', (one) => isTrue(one, 'AllRecovered'))
  expect(fault.status?.experiment).toMatchObject({
    desiredPhase: 'Run',
    containerRecords: [{ phase: 'Not Injected', injectedCount: 0, events: [{ type: 'Failed' }] }],
  })
})

test('error: the spec of a fault cannot be changed, its labels and annotations can', async () => {
  await create(timeChaos, 'fixed', skew)
  const patch = (body: object): Promise<KubeObject> =>
    kube.patch<KubeObject>(timeChaos, { namespace, name: 'fixed' }, body, { type: 'merge' })
  await expect(patch({ spec: { timeOffset: '-5m' } })).rejects.toThrow(
    'admission webhook "vtimechaos.kb.io" denied the request: Cannot update chaos spec',
  )
  expect(await patch({ metadata: { labels: { a: 'b' } } })).toMatchObject({
    metadata: { labels: { a: 'b' } },
  })
})

test('behavior: a Schedule is kept, and an event says that nothing is made from it', async () => {
  const spec = {
    schedule: '@every 1m',
    type: 'PodChaos',
    podChaos: { action: 'pod-kill', mode: 'one', selector: {} },
  }
  await create(schedules, 'often', spec)
  expect(await kube.get(schedules, { namespace, name: 'often' })).toMatchObject({
    spec: { concurrencyPolicy: 'Forbid' },
  })
  await expect
    .poll(() => eventsOf('often'))
    .toEqual([expect.stringMatching(/^Warning NotSimulated: .*not simulated: a Schedule is kept/)])
})
