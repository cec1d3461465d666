import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startEmbedded, type EmbeddedCluster } from '../../src/clusters/embedded.ts'
import type { Era } from '../../src/contract/crds/eras.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import { pods, seiNetworks, seiNodes, seiNodeTasks } from '../../src/contract/kinds.ts'
import type { ContainerStatus, Pod } from '../../src/contract/objects.ts'
import type { Task, TaskSpec } from '../../src/embedded/controllers/seinodetask/task.ts'
import { createFollower, createNetwork, record, until } from '../helpers/embedded-cluster.ts'
import { taskStatuses, timeline, type TimelineName } from '../helpers/kind-captures.ts'
import { distinct, nodeMilestone, recordedMilestone, taskMilestone } from '../helpers/milestones.ts'

/** What tasks make of their node, state by state, as recorded. */

const namespace = 'default'
const ref = { namespace, name: 'four-rpc-0' }
let cluster: EmbeddedCluster

/** Starts a cluster with a settled follower on it. */
async function begin(definitions: Era): Promise<void> {
  // Slower than usual: on a busy machine states that last for a second must still be seen one by one.
  cluster = await startEmbedded({ rate: 20, definitions })
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
}

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

/** What the recording says of the node, in the words of a milestone. */
function recordedNode(name: TimelineName): string[] {
  return distinct(
    timeline(name)
      .filter(({ kind }) => kind === 'NODE')
      .map(recordedMilestone),
  )
}

const isSettled = ({ status }: SeiNode): boolean =>
  status?.plan === undefined &&
  status?.conditions?.every(({ status, type }) => type !== 'SidecarReady' || status === 'True') === true

describe('head', () => {
  beforeAll(() => begin('head'))
  afterAll(() => cluster?.close())

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
    await until<SeiNode>(cluster.kube, seiNodes, ref, isSettled)
    expect(distinct((versions.get(ref.name) ?? []).map(nodeMilestone))).toEqual(recordedNode('update-image'))
  })
})

describe('june', () => {
  beforeAll(() => begin('june'))
  afterAll(() => cluster?.close())

  test('behavior: RestartPod takes its node through what was recorded of a deleted pod', async () => {
    const { kube } = cluster
    const versions = record<SeiNode>(kube, seiNodes, namespace)
    const { metadata } = await kube.get<Pod>(pods, { namespace, name: `${ref.name}-0` })
    const said = await run('restart', { kind: 'RestartPod', restartPod: { podUID: metadata.uid ?? '' } })
    const met = 'TargetReady=T/PhaseMet'
    expect(said).toEqual([
      '- -',
      `Running Pending ${met}`,
      `Running Pending+ ${met}`,
      `Complete Complete+ Ready=T/TaskComplete ${met}`,
    ])
    await until<SeiNode>(kube, seiNodes, ref, isSettled)
    expect(distinct((versions.get(ref.name) ?? []).map(nodeMilestone)).slice(1)).toEqual(
      recordedNode('pod-delete'),
    )
    const next = await kube.get<Pod>(pods, { namespace, name: `${ref.name}-0` })
    expect(next.metadata.uid).not.toBe(metadata.uid)
  })
})
