import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import {
  endpointSlices,
  namespaces,
  pods,
  seiNetworks,
  seiNodes,
  services,
  statefulSets,
} from '../../src/contract/kinds.ts'
import type { KubeObject, Pod, Service, StatefulSet } from '../../src/contract/objects.ts'
import type { KubeClient } from '../../src/kube/types.ts'
import {
  chainIdOf,
  createFollower,
  createNetwork,
  eventsAbout,
  record,
  until,
} from '../helpers/embedded-cluster.ts'
import { type ControllersAlone, startControllersAlone } from '../helpers/embedded-controllers.ts'
import { distinct } from '../helpers/milestones.ts'
import { type ScriptedSidecars, startScriptedSidecars, type Submission } from '../helpers/scripted-sidecar.ts'

/** API server and controllers without a kubelet: pods stay Pending, and the test plays every sidecar. */
let kube: KubeClient
let sidecars: ScriptedSidecars
let alone: ControllersAlone
let serial = 0
let namespace = ''

beforeAll(async () => {
  alone = await startControllersAlone()
  kube = alone.kube
})

afterAll(async () => {
  await sidecars.close()
  await alone.close()
})

beforeEach(async () => {
  await (sidecars as ScriptedSidecars | undefined)?.close()
  sidecars = await startScriptedSidecars(kube)
  namespace = `side-${(serial += 1)}`
  await kube.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
})

const ready = (network: SeiNetwork): boolean => network.status?.phase === 'Ready'
const running = (node: SeiNode): boolean => node.status?.phase === 'Running'

/** Task types submitted for a node, each once, in order. */
function tasksOf(node: string): string[] {
  return distinct(
    sidecars.submissions
      .filter((each) => each.namespace === namespace && each.node === node)
      .map((each) => each.type),
  )
}

/** Submissions of a type in the namespace of this test. */
function submitted(type: string): Submission[] {
  return sidecars.submissions.filter((each) => each.namespace === namespace && each.type === type)
}

const validatorTasks = [
  'generate-identity',
  'generate-gentx',
  'upload-genesis-artifacts',
  'configure-genesis',
  'config-apply',
  'set-genesis-peers',
  'config-validate',
  'mark-ready',
]

test('default: a network is Ready once mark-ready was accepted everywhere, with every pod still Pending', async () => {
  const ref = { namespace, name: 'net' }
  await createNetwork(kube, ref, { replicas: 2, configOverrides: { 'tx_index.indexer': 'kv' } })
  const network = await until<SeiNetwork>(kube, seiNetworks, ref, ready)
  expect(network.status).toMatchObject({ readyReplicas: 2, observedGeneration: 1 })
  const { status } = await kube.get<StatefulSet>(statefulSets, { namespace, name: 'net-0' })
  expect(status).toMatchObject({ replicas: 1, updatedReplicas: 1, availableReplicas: 0 })
  const assembly = 'assemble-and-upload-genesis'
  expect(tasksOf('net-0').filter((type) => type !== assembly)).toEqual(expect.arrayContaining(validatorTasks))
  expect(tasksOf('net-1').slice(0, validatorTasks.length)).toEqual(validatorTasks)
  const assemblies = submitted(assembly)
  expect(new Set(assemblies.map((each) => each.node))).toEqual(new Set(['net-0']))
  expect(assemblies[0]?.params).toMatchObject({
    namespace,
    nodes: [{ name: 'net-0' }, { name: 'net-1' }],
    accounts: [],
    accountBalance: expect.stringContaining('usei'),
  })
  const config = submitted('config-apply')[0]
  expect(config?.params).toEqual({
    mode: 'validator',
    overrides: {
      'logging.level': 'error',
      'network.p2p.persistent_peers': '',
      'tx_index.indexer': 'kv',
    },
  })
})

test('behavior: every validator gets the addresses of all, its own included', async () => {
  const ref = { namespace, name: 'net' }
  await createNetwork(kube, ref, { replicas: 2 })
  await until<SeiNetwork>(kube, seiNetworks, ref, ready)
  const nodes = await kube.list<SeiNode>(seiNodes, { namespace })
  const addresses = nodes.items[0]?.spec.peers?.[0]?.static?.addresses
  expect(addresses).toEqual([
    expect.stringMatching(new RegExp(`^[0-9a-f]{40}@net-0-0.net-0.${namespace}.svc.cluster.local:26656$`)),
    expect.stringMatching(new RegExp(`^[0-9a-f]{40}@net-1-0.net-1.${namespace}.svc.cluster.local:26656$`)),
  ])
  expect(nodes.items[1]?.spec.peers?.[0]?.static?.addresses).toEqual(addresses)
})

test('error: a validator that fails fails the ceremony, which is then tried again from the start', async () => {
  const ref = { namespace, name: 'net' }
  sidecars.script = ({ node, type }) =>
    node === 'net-1' && type === 'generate-gentx' ? { failed: 'no entropy' } : 'completed'
  const seen = record<SeiNetwork>(kube, seiNetworks, namespace)
  await createNetwork(kube, ref, { replicas: 2 })
  const phases = (): string =>
    distinct((seen.get('net') ?? []).map((network) => network.status?.phase ?? '')).join(' ')
  await until<SeiNetwork>(kube, seiNetworks, ref, () => phases().includes('Failed Initializing'))
  const failed = (seen.get('net') ?? []).find((network) => network.status?.phase === 'Failed')
  expect(failed?.status).not.toHaveProperty('plan')
  const reasons = failed?.status?.conditions?.map(({ type, reason }) => `${type} ${reason}`)
  expect(reasons).toEqual(
    expect.arrayContaining([
      'GenesisCeremonyComplete CeremonyFailed',
      'NodesReady NodesFailed',
      'PlanInProgress PlanFailed',
    ]),
  )
  const plans = new Set((seen.get('net') ?? []).flatMap((network) => network.status?.plan?.id ?? []))
  expect(plans.size).toBeGreaterThan(1)
  expect(await eventsAbout(kube, namespace, { kind: 'SeiNetwork', name: 'net' }, 4)).toContain(
    'Warning PlanFailed: Plan failed',
  )
  const child = await kube.get<SeiNode>(seiNodes, { namespace, name: 'net-1' })
  expect(child.status).toMatchObject({
    phase: 'Failed',
    plan: {
      phase: 'Failed',
      failedTaskIndex: 5,
      failedTaskDetail: { type: 'generate-gentx', error: 'no entropy', retryCount: 0, maxRetries: 0 },
    },
  })
})

test('behavior: a task with a budget is tried again and counts, one in flight is submitted again', async () => {
  const ref = { namespace, name: 'lone' }
  sidecars.script = ({ type }, times) => {
    if (type === 'configure-genesis') return times < 3 ? { failed: 'no genesis yet' } : 'completed'
    if (type === 'config-apply') return times < 3 ? 'running' : 'completed'
    return 'completed'
  }
  await createFollower(kube, { namespace, name: 'net' }, 'lone')
  const node = await until<SeiNode>(kube, seiNodes, ref, running)
  const task = node.status?.plan?.tasks.find((each) => each.type === 'configure-genesis')
  expect(task).toMatchObject({ status: 'Complete', retryCount: 2, maxRetries: 180 })
  expect(task).not.toHaveProperty('error')
  for (const type of ['configure-genesis', 'config-apply']) {
    const ids = submitted(type).map((each) => each.id)
    expect([ids.length, new Set(ids).size]).toEqual([3, 1])
  }
})

test('error: a task that the sidecar refuses leaves no trace and is tried again without limit', async () => {
  const ref = { namespace, name: 'lone' }
  const tries = 5
  sidecars.script = ({ type }, times) =>
    type === 'configure-genesis' && times <= tries ? { refused: 'not today' } : 'completed'
  const seen = record<SeiNode>(kube, seiNodes, namespace)
  await createFollower(kube, { namespace, name: 'net' }, 'lone')
  await until<SeiNode>(kube, seiNodes, ref, running)
  expect(submitted('configure-genesis').length).toBeGreaterThan(tries)
  for (const node of seen.get('lone') ?? [])
    expect(
      node.status?.plan?.tasks.find((each) => each.type === 'configure-genesis') ?? {},
    ).not.toHaveProperty('retryCount')
})

test('behavior: a sidecar whose gate is shut is approved again while the node runs on', async () => {
  const ref = { namespace, name: 'lone' }
  await createFollower(kube, { namespace, name: 'net' }, 'lone')
  const settled = (node: SeiNode): boolean =>
    node.status?.conditions?.some((condition) => condition.reason === 'UpdateComplete') === true
  await until<SeiNode>(kube, seiNodes, ref, settled)
  let shut = true
  // Nodes of other tests are still there, and asked as well.
  sidecars.healthy = (_node, of) => of !== namespace || !shut
  sidecars.script = ({ type, namespace: of }) => {
    if (type === 'mark-ready' && of === namespace) shut = false
    return 'completed'
  }
  const reason = (node: SeiNode): string | undefined =>
    node.status?.conditions?.find((condition) => condition.type === 'SidecarReady')?.reason
  await until<SeiNode>(kube, seiNodes, ref, (node) => reason(node) === 'NotReady')
  const node = await until<SeiNode>(kube, seiNodes, ref, (node) => reason(node) === 'Ready')
  expect(node.status?.phase).toBe('Running')
  expect((await eventsAbout(kube, namespace, { kind: 'SeiNode', name: 'lone' }, 4)).slice(-2)).toEqual([
    expect.stringMatching(/^Warning SidecarReadinessLost: /),
    expect.stringMatching(/^Normal SidecarReadinessRestored: /),
  ])
})

test('error: an account that is no Sei address: no plan, and nothing but the log tells', async () => {
  const ref = { namespace, name: 'net' }
  await createNetwork(kube, ref, {
    genesis: { chainId: chainIdOf(ref), accounts: [{ address: 'cosmos1xyz', balance: '1usei' }] },
  })
  const child = await until<SeiNode>(
    kube,
    seiNodes,
    { namespace, name: 'net-0' },
    (node) => node.status?.phase === 'Initializing',
  )
  expect(child.spec).not.toHaveProperty('peers')
  const network = await kube.get<SeiNetwork>(seiNetworks, ref)
  expect(network.status?.plan).toBeUndefined()
})

interface Slice extends KubeObject {
  endpoints?: { addresses: string[]; conditions: { ready: boolean }; targetRef: { name: string } }[]
  ports?: { name: string; port: number }[]
}

test('default: slices tell addresses at once where not-ready ones are published, else with their readiness', async () => {
  await createFollower(kube, { namespace, name: 'net' }, 'lone')
  const front: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'front', namespace },
    spec: { selector: { 'sei.io/node': 'lone' }, ports: [{ name: 'rpc', port: 80, targetPort: 26657 }] },
  }
  await kube.create(services, front)
  const pod = await until<Pod>(kube, pods, { namespace, name: 'lone-0' }, () => true)
  const status = (ready: 'True' | 'False'): Promise<unknown> =>
    kube.patch(
      pods,
      { namespace, name: 'lone-0' },
      {
        metadata: { uid: pod.metadata.uid },
        status: { phase: 'Running', podIP: '10.1.2.3', conditions: [{ type: 'Ready', status: ready }] },
      },
      { type: 'merge', subresource: 'status' },
    )
  const sliceOf = (service: string, ready: boolean): Promise<Slice> =>
    until<Slice>(kube, endpointSlices, { namespace }, ({ metadata, endpoints }) => {
      const [endpoint] = endpoints ?? []
      return (
        metadata.labels?.['kubernetes.io/service-name'] === service && endpoint?.conditions.ready === ready
      )
    })
  await status('False')
  const headless = await sliceOf('lone', true)
  expect(headless.endpoints).toMatchObject([{ addresses: ['10.1.2.3'], targetRef: { name: 'lone-0' } }])
  expect(headless.metadata.labels).toMatchObject({
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'service.kubernetes.io/headless': '',
    'sei.io/node': 'lone',
  })
  await sliceOf('front', false)
  await status('True')
  expect((await sliceOf('front', true)).ports).toMatchObject([{ name: 'rpc', port: 26657 }])
})
