import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import { events, pods, seiNetworks, seiNodes } from '../../src/contract/kinds.ts'
import { annotations } from '../../src/contract/labels.ts'
import type { ContainerStatus, KubeEvent, Pod } from '../../src/contract/objects.ts'
import type { Cluster } from '../../src/clusters/cluster.ts'
import { startHome } from '../helpers/home.ts'
import { follower, network, syncOf, until } from '../helpers/sei-objects.ts'

describe('faults of nodes', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startHome()
  })
  afterAll(() => cluster.close())
  afterEach(async () => {
    for (const type of [seiNodes, seiNetworks]) {
      const { items } = await cluster.kube.list(type)
      await Promise.all(items.map(({ metadata }) => cluster.kube.delete(type, metadata)))
    }
    await cluster.kube.watch(pods).waitFor((items) => (items.length === 0 ? true : undefined))
  })

  async function create(object: SeiNetwork | SeiNode): Promise<void> {
    const type = object.kind === 'SeiNetwork' ? seiNetworks : seiNodes
    await cluster.kube.apply(type, object, { fieldManager: 'test' })
  }

  function podThat(name: string, predicate: (pod: Pod) => boolean): Promise<Pod> {
    return cluster.kube
      .watch<Pod>(pods)
      .waitFor((items) => items.find((pod) => pod.metadata.name === name && predicate(pod)))
  }

  function eventThat(name: string, reason: string): Promise<KubeEvent> {
    return cluster.kube
      .watch<KubeEvent>(events)
      .waitFor((items) =>
        items.find((event) => event.involvedObject.name === name && event.reason === reason),
      )
  }

  const seidOf = (pod: Pod): ContainerStatus | undefined =>
    pod.status?.containerStatuses?.find(({ name }) => name === 'seid')

  const networkReady = (name: string): Promise<unknown> =>
    cluster.kube
      .watch<SeiNetwork>(seiNetworks)
      .waitFor((items) =>
        items.find(({ metadata, status }) => metadata.name === name && status?.phase === 'Ready'),
      )

  const height = ({ latest_block_height }: { latest_block_height: string }): number =>
    Number(latest_block_height)

  describe('ordered by image', () => {
    test('error: never-pulls holds the pod in its first container, and says why', async () => {
      await create(network('unpulled', { replicas: 1, image: 'sei/seid:dev--never-pulls' }))
      const pod = await podThat(
        'unpulled-0-0',
        ({ status }) => status?.initContainerStatuses?.[0]?.state?.waiting?.reason === 'ImagePullBackOff',
      )
      expect(pod.status?.phase).toBe('Pending')
      expect(pod.status?.initContainerStatuses?.[0]?.state?.waiting?.message).toContain('not found')
      expect(await eventThat('unpulled-0-0', 'Failed')).toMatchObject({ type: 'Warning' })
    })

    test('error: crash-loops.on-1 hits that validator alone: restarts, back-off, log of the last run', async () => {
      await create(network('crashing', { image: 'sei/seid:dev--crash-loops.on-1' }))
      const pod = await podThat('crashing-1-0', (pod) => {
        const seid = seidOf(pod)
        return seid?.state?.waiting?.reason === 'CrashLoopBackOff' && seid.restartCount >= 1
      })
      expect(seidOf(pod)?.lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' })
      expect(seidOf(pod)?.state?.waiting?.message).toMatch(
        /^back-off (?:\d+m)?\d+s restarting failed container=seid pod=crashing-1-0_default/,
      )
      const ref = { namespace: 'default', name: 'crashing-1-0' }
      expect(await cluster.kube.logs(ref, { container: 'seid', previous: true })).toContain('crash-loops')
      // Three of four validators are enough for blocks.
      await until(
        () => syncOf(cluster, 'crashing-0'),
        (sync) => height(sync) > 1,
      )
    })

    test('error: ceremony-fails fails the node and the ceremony', async () => {
      await create(network('unfounded', { replicas: 1, image: 'sei/seid:dev--ceremony-fails' }))
      const node = await cluster.kube
        .watch<SeiNode>(seiNodes)
        .waitFor((items) => items.find(({ status }) => status?.phase === 'Failed'))
      expect(node.status?.plan?.failedTaskDetail).toMatchObject({
        type: 'generate-gentx',
        error: expect.stringContaining('ceremony-fails'),
      })
    })

    test('error: unschedulable leaves the pod without a node', async () => {
      await create(network('homeless', { replicas: 1, image: 'sei/seid:dev--unschedulable' }))
      const message = '0/1 nodes are available: 1 Insufficient memory.'
      expect(await eventThat('homeless-0-0', 'FailedScheduling')).toMatchObject({ message })
      const pod = await podThat('homeless-0-0', ({ status }) => status?.conditions !== undefined)
      expect(pod.status?.conditions).toContainEqual(
        expect.objectContaining({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }),
      )
      expect(pod.spec.nodeName).toBeUndefined()
    })

    test('error: halts-at stops the chain there, and every status stays green', async () => {
      await create(network('halting', { image: 'sei/seid:dev--halts-at-5' }))
      await until(
        () => syncOf(cluster, 'halting-0'),
        (sync) => height(sync) === 5,
      )
      await networkReady('halting')
      expect(await syncOf(cluster, 'halting-2')).toMatchObject({
        latest_block_height: '5',
        catching_up: false,
      })
    })
  })

  describe('ordered by annotation', () => {
    test('error: on a follower: never caught up, EVM refused', async () => {
      await create(network('base'))
      await networkReady('base')
      const node = follower('base-rpc-0', 'base')
      node.metadata.annotations = { [annotations.faults]: 'never-caught-up,evm-never-binds' }
      await create(node)
      const sync = await until(
        () => syncOf(cluster, 'base-rpc-0'),
        (sync) => height(sync) > 3,
      )
      expect(sync.catching_up).toBe(true)
      const evm = await cluster.reach('http://base-rpc-0.default.svc:8545')
      await expect(fetch(evm)).rejects.toThrow('fetch failed')
    })

    test('error: a word that is no fault is said on the pod, which is healthy', async () => {
      const typo = network('typo', { replicas: 1 })
      typo.metadata.annotations = { [annotations.faults]: 'crash-loop' }
      await create(typo)
      expect(await eventThat('typo-0-0', 'UnknownFault')).toMatchObject({
        message: expect.stringContaining('crash-loop'),
      })
      await networkReady('typo')
    })
  })

  test('behavior: a deleted pod comes back under a new uid, and answers at the same address from where it was', async () => {
    await create(network('lasting'))
    const before = await until(
      () => syncOf(cluster, 'lasting-0'),
      (sync) => height(sync) > 3,
    )
    const url = await cluster.reach('http://lasting-0.default.svc:26657/status')
    const { metadata } = await podThat('lasting-0-0', () => true)
    await cluster.kube.delete(pods, { namespace: 'default', name: 'lasting-0-0' })
    const after = await podThat('lasting-0-0', (pod) => pod.metadata.uid !== metadata.uid)
    expect(after.metadata.uid).not.toBe(metadata.uid)
    const sync = await until(
      async () => ((await (await fetch(url)).json()) as { sync_info: typeof before }).sync_info,
      (sync) => height(sync) > height(before) && !sync.catching_up,
    )
    expect(height(sync)).toBeGreaterThan(height(before))
    expect(await cluster.reach('http://lasting-0.default.svc:26657/status')).toBe(url)
  })
})
