import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SimulatedCluster } from '../../src/clusters/simulated.ts'
import type { Fault } from '../../src/contract/crds/chaos-mesh/faults.ts'
import type { Workflow } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import {
  networkChaos,
  podChaos,
  pods,
  seiNetworks,
  workflows,
  type ResourceType,
} from '../../src/contract/kinds.ts'
import type { ContainerStatus, Pod } from '../../src/contract/objects.ts'
import { startHome } from '../helpers/home.ts'
import { network, syncOf, until } from '../helpers/sei-objects.ts'

/** Faults of Chaos Mesh on a network of four, one after the other; whatever the API server is. */
let cluster: SimulatedCluster
const namespace = 'default'

beforeAll(async () => {
  cluster = await startHome()
  await cluster.kube.apply(seiNetworks, network('chaos'), { fieldManager: 'test' })
  await cluster.kube
    .watch<SeiNetwork>(seiNetworks)
    .waitFor(([one]) => (one?.status?.phase === 'Ready' ? one : undefined))
  await until(
    () => heightOf('chaos-3'),
    (height) => height > 2,
  )
})
afterAll(() => cluster.close())

async function heightOf(node: string): Promise<number> {
  return Number((await syncOf(cluster, node)).latest_block_height)
}

const nodeIs = (operator: 'In' | 'NotIn', name: string): object => ({
  expressionSelectors: [
    { key: 'sei.io/node', operator, values: [name] },
    { key: 'sei.io/node', operator: 'Exists' },
  ],
})

async function inject(type: ResourceType, name: string, spec: object): Promise<Fault> {
  const header = { apiVersion: 'chaos-mesh.org/v1alpha1', kind: type.kind }
  const object = { ...header, metadata: { name, namespace }, spec } as Fault
  await cluster.kube.create(type, object)
  return untilHolds(type, name, 'AllInjected')
}

function untilHolds(type: ResourceType, name: string, condition: string): Promise<Fault> {
  const holds = ({ metadata, status }: Fault): boolean =>
    metadata.name === name &&
    status?.conditions?.some(({ type, status }) => type === condition && status === 'True') === true
  return cluster.kube.watch<Fault>(type).waitFor((items) => items.find(holds))
}

async function remove(type: ResourceType, name: string): Promise<void> {
  await cluster.kube.delete(type, { namespace, name })
  await expect.poll(() => cluster.kube.find(type, { namespace, name }), { timeout: 30_000 }).toBeUndefined()
}

function untilPod(name: string, holds: (pod: Pod, seid: ContainerStatus) => boolean): Promise<Pod> {
  return cluster.kube.watch<Pod>(pods).waitFor((items) =>
    items.find((pod) => {
      const seid = pod.status?.containerStatuses?.find((one) => one.name === 'seid')
      return pod.metadata.name === name && seid !== undefined && holds(pod, seid)
    }),
  )
}

test('behavior: a partition keeps one validator from all blocks, the others go on, and it catches up afterwards', async () => {
  const spec = {
    action: 'partition',
    mode: 'all',
    direction: 'both',
    selector: nodeIs('In', 'chaos-1'),
    target: { mode: 'all', selector: nodeIs('NotIn', 'chaos-1') },
  }
  const fault = await inject(networkChaos, 'partition', spec)
  const records = fault.status?.experiment.containerRecords ?? []
  expect(records.map(({ selectorKey }) => selectorKey).toSorted()).toEqual([
    '.',
    '.Target',
    '.Target',
    '.Target',
  ])
  const stuck = await heightOf('chaos-1')
  await until(
    () => heightOf('chaos-0'),
    (height) => height > stuck + 5,
  )
  expect(await heightOf('chaos-1')).toBe(stuck)
  await remove(networkChaos, 'partition')
  await until(
    () => heightOf('chaos-1'),
    (height) => height > stuck + 5,
  )
})

test('behavior: two halves of a network make no blocks until they are one again', async () => {
  const half = {
    expressionSelectors: [{ key: 'sei.io/node', operator: 'In', values: ['chaos-0', 'chaos-1'] }],
  }
  const rest = {
    expressionSelectors: [{ key: 'sei.io/node', operator: 'In', values: ['chaos-2', 'chaos-3'] }],
  }
  await inject(networkChaos, 'halves', {
    action: 'loss',
    loss: { loss: '100' },
    mode: 'all',
    direction: 'both',
    selector: half,
    target: { mode: 'all', selector: rest },
  })
  const heights = await Promise.all(['chaos-0', 'chaos-2'].map(heightOf))
  // Ten blocks' time.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(await Promise.all(['chaos-0', 'chaos-2'].map(heightOf))).toEqual(heights)
  await remove(networkChaos, 'halves')
  await until(
    () => heightOf('chaos-2'),
    (height) => height > Math.max(...heights) + 3,
  )
})

test('behavior: a killed pod is replaced by another of its name, and its node goes on', async () => {
  const before = await cluster.kube.get<Pod>(pods, { namespace, name: 'chaos-2-0' })
  await inject(podChaos, 'kill', { action: 'pod-kill', mode: 'one', selector: nodeIs('In', 'chaos-2') })
  const height = await heightOf('chaos-0')
  await untilPod('chaos-2-0', (pod, seid) => pod.metadata.uid !== before.metadata.uid && seid.ready)
  await until(
    () => heightOf('chaos-2'),
    (reached) => reached > height,
  )
  await remove(podChaos, 'kill')
})

test('behavior: a killed container starts again in the same pod', async () => {
  const before = await cluster.kube.get<Pod>(pods, { namespace, name: 'chaos-3-0' })
  const spec = {
    action: 'container-kill',
    mode: 'one',
    containerNames: ['seid'],
    selector: nodeIs('In', 'chaos-3'),
  }
  const fault = await inject(podChaos, 'ckill', spec)
  expect(fault.status?.experiment.containerRecords).toMatchObject([{ id: 'default/chaos-3-0/seid' }])
  const after = await untilPod('chaos-3-0', (_, seid) => seid.restartCount === 1 && seid.ready)
  expect(after.metadata.uid).toBe(before.metadata.uid)
  expect(after.status?.containerStatuses?.find(({ name }) => name === 'seid')?.lastState).toMatchObject({
    terminated: { exitCode: 137 },
  })
  await remove(podChaos, 'ckill')
})

test('behavior: a failed pod runs nothing, and has its images back after the fault', async () => {
  await inject(podChaos, 'failure', { action: 'pod-failure', mode: 'one', selector: nodeIs('In', 'chaos-3') })
  await untilPod('chaos-3-0', (_, seid) => seid.image.includes('pause') && !seid.ready)
  await expect(heightOf('chaos-3')).rejects.toThrow()
  await remove(podChaos, 'failure')
  const after = await untilPod('chaos-3-0', (_, seid) => seid.image === 'sei/seid:dev' && seid.ready)
  expect(
    Object.keys(after.metadata.annotations ?? {}).filter((key) => key.startsWith('chaos-mesh-')),
  ).toEqual([])
  const head = await heightOf('chaos-0')
  await until(
    () => heightOf('chaos-3'),
    (height) => height > head,
  )
})

test('behavior: a network fault that is not simulated leaves the chain alone, and says so', async () => {
  const spec = {
    action: 'delay',
    mode: 'all',
    delay: { latency: '10s' },
    selector: nodeIs('In', 'chaos-0'),
    target: { mode: 'all', selector: nodeIs('NotIn', 'chaos-0') },
  }
  const fault = await inject(networkChaos, 'delay', spec)
  const [source] = fault.status?.experiment.containerRecords ?? []
  expect(source?.events?.at(-1)?.message).toMatch(/^not simulated: action delay /)
  const height = await heightOf('chaos-0')
  await until(
    () => heightOf('chaos-0'),
    (reached) => reached > height + 3,
  )
  await remove(networkChaos, 'delay')
})

test('behavior: a template of a Workflow injects its fault until its deadline, and nothing of it is left', async () => {
  const { kube } = cluster
  const cut = {
    action: 'partition',
    mode: 'all',
    direction: 'both',
    selector: nodeIs('In', 'chaos-1'),
    target: { mode: 'all', selector: nodeIs('NotIn', 'chaos-1') },
  }
  const workflow = {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'hurt', namespace, annotations: { why: 'a Workflow should have one' } },
    spec: {
      entry: 'steps',
      templates: [
        { name: 'steps', templateType: 'Serial', children: ['cut'] },
        { name: 'cut', templateType: 'NetworkChaos', deadline: '5m', networkChaos: cut },
      ],
    },
  } satisfies Workflow
  await kube.create<Workflow>(workflows, workflow)
  const isCut = (faults: readonly Fault[]): Fault | undefined =>
    faults.find(
      ({ metadata, status }) =>
        metadata.labels?.['chaos-mesh.org/workflow'] === 'hurt' &&
        status?.conditions?.some(({ type, status }) => type === 'AllInjected' && status === 'True') === true,
    )
  const watch = kube.watch<Fault>(networkChaos)
  const fault = await watch.waitFor(isCut)
  expect(fault.spec.selector.namespaces).toEqual([namespace])
  const stuck = await heightOf('chaos-1')
  await kube
    .watch<Workflow>(workflows)
    .waitFor(([one]) =>
      one?.status?.conditions?.find((c) => c.type === 'Accomplished' && c.status === 'True'),
    )
  await watch.waitFor((faults) => (faults.length === 0 ? true : undefined))
  await until(
    () => heightOf('chaos-1'),
    (height) => height > stuck + 5,
  )
})
