import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import { pods, seiNetworks } from '../../src/contract/kinds.ts'
import type { ContainerStatus, Pod } from '../../src/contract/objects.ts'
import type { Cluster } from '../../src/clusters/cluster.ts'
import { startHome } from '../helpers/home.ts'
import { network, syncOf, until } from '../helpers/sei-objects.ts'

/** What Kubernetes shows of a node that halts, by what its image orders. */

let cluster: Cluster
beforeAll(async () => {
  cluster = await startHome()
})
afterAll(() => cluster.close())

const seidOf = (pod: Pod): ContainerStatus | undefined =>
  pod.status?.containerStatuses?.find(({ name }) => name === 'seid')

function podOf(name: string, holds: (seid: ContainerStatus) => boolean): Promise<Pod> {
  return cluster.kube.watch<Pod>(pods).waitFor((items) =>
    items.find((pod) => {
      const seid = seidOf(pod)
      return pod.metadata.name === `${name}-0-0` && seid !== undefined && holds(seid)
    }),
  )
}

async function create(name: string, word: string): Promise<void> {
  const spec = { image: `sei/seid:v2--${word}`, replicas: 1 }
  await cluster.kube.apply<SeiNetwork>(seiNetworks, network(name, spec), { fieldManager: 'test' })
}

test.for([
  ['contract', 'intends-70-at-8-for-v3', 70, 'Error', 'UPGRADE "v3" NEEDED at height: 8: '],
  ['too-new', 'intends-71-at-8-for-v3', 71, 'Error', 'BINARY UPDATED BEFORE TRIGGER!'],
  ['reserved', 'intends-85-at-8', 85, 'Error', ''],
  ['today', 'panics-70-at-8-for-v3', 2, 'Error', 'panic: UPGRADE "v3" NEEDED at height: 8: '],
  ['downgrade', 'panics-72-at-8-for-v3', 2, 'Error', 'panic: Wrong app version 0'],
  ['done', 'exits-0-at-8', 0, 'Completed', ''],
  ['killed', 'exits-137-at-8', 137, 'Error', ''],
] as const)(
  'default: %s: %s ends with %i, %s, and crash-loops',
  async ([name, word, exitCode, reason, says]) => {
    await create(name, word)
    const isBack = ({ state, restartCount }: ContainerStatus): boolean =>
      state?.waiting?.reason === 'CrashLoopBackOff' && restartCount >= 1
    const pod = await podOf(name, isBack)
    expect(seidOf(pod)?.lastState?.terminated).toMatchObject({ exitCode, reason })
    expect(pod.status?.phase).toBe('Running')
    const ref = { namespace: 'default', name: `${name}-0-0` }
    expect(await cluster.kube.logs(ref, { container: 'seid', previous: true })).toContain(says)
  },
)

test('behavior: a node that stays alive announces its halt, and ends with its code', async () => {
  await create('lingers', 'intends-70-at-8-for-v3--stay-alive--halt-strings')
  const url = await cluster.reach('http://lingers-0.default.svc:26657/status')
  const status = await until(
    async () => (await (await fetch(url)).json()) as { halt_intent?: unknown },
    ({ halt_intent }) => halt_intent !== undefined,
  )
  expect(status.halt_intent).toMatchObject({ reason: '70', plan_name: 'v3', height: '8' })
  expect(await syncOf(cluster, 'lingers-0')).toMatchObject({ latest_block_height: '7', catching_up: false })
  const pod = await podOf('lingers', ({ ready }) => ready)
  expect(seidOf(pod)).toMatchObject({ restartCount: 0, state: { running: {} } })
  const { namespace = '', uid } = pod.metadata
  await cluster.kube.delete(pods, { namespace, name: 'lingers-0-0' })
  const ended = await cluster.kube
    .watch<Pod>(pods)
    .waitFor((items) =>
      items.find((one) => one.metadata.uid === uid && seidOf(one)?.state?.terminated !== undefined),
    )
  expect(seidOf(ended)?.state?.terminated).toMatchObject({ exitCode: 70, reason: 'Error' })
})

test('behavior: another image heals', async () => {
  await create('healed', 'panics-70-at-8-for-v3')
  await podOf('healed', ({ restartCount }) => restartCount >= 1)
  const ref = { namespace: 'default', name: 'healed' }
  await cluster.kube.patch(seiNetworks, ref, { spec: { image: 'sei/seid:v3' } }, { type: 'merge' })
  const sync = await until(
    () => syncOf(cluster, 'healed-0'),
    ({ latest_block_height: height }) => Number(height) > 12,
  )
  expect(sync.catching_up).toBe(false)
})
