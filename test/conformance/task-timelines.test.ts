import { afterAll, beforeAll, expect, test } from 'vitest'

import { startEmbedded, type EmbeddedCluster } from '../../src/clusters/embedded.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import { pods, seiNetworks, seiNodes, seiNodeTasks } from '../../src/contract/kinds.ts'
import type { ContainerStatus, Pod } from '../../src/contract/objects.ts'
import type { Task, TaskSpec } from '../../src/embedded/controllers/seinodetask/task.ts'
import { createFollower, createNetwork, record, until } from '../helpers/embedded-cluster.ts'
import { taskStatuses, timeline } from '../helpers/kind-captures.ts'
import { distinct, nodeMilestone, recordedMilestone, taskMilestone } from '../helpers/milestones.ts'

/** What tasks make of their node, state by state, as recorded. */

const namespace = 'default'
const ref = { namespace, name: 'four-rpc-0' }
let cluster: EmbeddedCluster

beforeAll(async () => {
  // Slower than usual: on a busy machine states that last for a second must still be seen one by one.
  cluster = await startEmbedded({ rate: 20 })
  const { kube } = cluster
  const network = { namespace, name: 'four' }
  await createNetwork(kube, network)
  await until<SeiNetwork>(kube, seiNetworks, network, ({ status }) => status?.phase === 'Ready')
  await createFollower(kube, network, ref.name)
  await until<SeiNode>(
    kube,
    seiNodes,
    ref,
    ({ status }) => status?.currentImage !== undefined && status.plan === undefined,
  )
  await untilReady()
})

afterAll(() => cluster?.close())

const seidOf = (pod: Pod): ContainerStatus | undefined =>
  pod.status?.containerStatuses?.find(({ name }) => name === 'seid')

async function untilReady(): Promise<void> {
  await until<Pod>(
    cluster.kube,
    pods,
    { namespace, name: `${ref.name}-0` },
    (pod) => seidOf(pod)?.ready === true,
  )
}

async function run(name: string, spec: Omit<TaskSpec, 'target'>): Promise<string[]> {
  const { kube } = cluster
  const versions = record<Task>(kube, seiNodeTasks, namespace)
  await kube.create<Task>(seiNodeTasks, {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNodeTask',
    metadata: { name, namespace },
    spec: { ...spec, target: { nodeRef: { name: ref.name } } },
  })
  await until<Task>(kube, seiNodeTasks, { namespace, name }, ({ status }) => status?.phase === 'Complete')
  return distinct((versions.get(name) ?? []).map(({ status }) => taskMilestone(status)))
}

const recorded = (name: string): string[] => distinct(taskStatuses(name).map(taskMilestone))

/** `R` runs, `T:<code>` has ended, `+` is ready, `s` is started, `x<count>` restarts: as the recording has it. */
function seidState(seid: ContainerStatus): string {
  const { state, lastState, ready, started, restartCount } = seid
  const ended = (of: ContainerStatus['state']): string =>
    of?.terminated === undefined ? '' : `T:${of.terminated.exitCode}/${of.terminated.reason}`
  const flags = `${ready ? '+' : ''}${started === true ? 's' : ''}`
  const count = restartCount === 0 ? '' : `x${restartCount}(last ${ended(lastState)})`
  return `${state?.running === undefined ? ended(state) : 'R'}${flags}${count}`
}

test('behavior: RestartSeid ends and starts the process in its pod, as recorded', async () => {
  const versions = record<Pod>(cluster.kube, pods, namespace)
  expect(await run('restart', { kind: 'RestartSeid', restartSeid: {} })).toEqual(recorded('restart-rpc-1'))
  await untilReady()
  const states = (versions.get(`${ref.name}-0`) ?? []).flatMap((pod) => seidOf(pod) ?? []).map(seidState)
  expect(distinct(states)).toEqual([
    'R+s',
    'T:0/Completed',
    'Rx1(last T:0/Completed)',
    'Rsx1(last T:0/Completed)',
    'R+sx1(last T:0/Completed)',
  ])
})

test('behavior: UpdateNodeImage takes its node through the recorded states', async () => {
  const versions = record<SeiNode>(cluster.kube, seiNodes, namespace)
  const spec = { kind: 'UpdateNodeImage', updateNodeImage: { image: 'sei/seid:dev2' } } as const
  expect(await run('update', spec)).toEqual(recorded('upd-rpc-0'))
  const isSettled = ({ status }: SeiNode): boolean =>
    status?.plan === undefined && status?.conditions?.every(({ reason }) => reason !== 'NotReady') === true
  await until<SeiNode>(cluster.kube, seiNodes, ref, isSettled)
  const nodes = timeline('update-image').filter(({ kind }) => kind === 'NODE')
  expect(distinct((versions.get(ref.name) ?? []).map(nodeMilestone))).toEqual(
    distinct(nodes.map(recordedMilestone)),
  )
})
