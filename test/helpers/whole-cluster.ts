import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cluster } from '../../src/clusters/cluster.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import {
  configMaps,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  seiNetworks,
  seiNodes,
  services,
  statefulSets,
} from '../../src/contract/kinds.ts'
import type { KubeObject, Pod } from '../../src/contract/objects.ts'
import { follower, network, syncOf, until } from './sei-objects.ts'

const isReady = (pod: Pod): boolean =>
  (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True')

/** A network from its first object to its last, on a cluster that `start` gives. */
export function wholeCluster(start: () => Promise<Cluster>): void {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await start()
  })
  afterAll(() => cluster.close())

  test('default: one ready node, the usual namespaces', async () => {
    const [node] = await cluster.kube
      .watch<KubeObject & { status?: { conditions?: unknown } }>(nodes)
      .waitFor((items) => (items[0]?.status?.conditions === undefined ? undefined : items))
    expect(node).toMatchObject({ metadata: { name: 'sei-embedded' } })
    expect(node?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'True' }),
    )
    const { items } = await cluster.kube.list(namespaces)
    expect(items.map(({ metadata }) => metadata.name)).toContain('default')
  })

  test('behavior: objects are created, read, changed and deleted', async () => {
    const { kube } = cluster
    const ref = { namespace: 'default', name: 'settings' }
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: ref, data: { a: '1' } }
    await kube.create(configMaps, object)
    await kube.patch(configMaps, ref, { data: { b: '2' } }, { type: 'merge' })
    expect(await kube.get(configMaps, ref)).toMatchObject({ data: { a: '1', b: '2' } })
    await kube.delete(configMaps, ref)
    expect(await kube.find(configMaps, ref)).toBeUndefined()
  })

  test('behavior: four validators become Ready and make blocks, two followers catch up, and all of it goes', async () => {
    const { kube } = cluster
    const networks = kube.watch<SeiNetwork>(seiNetworks)
    await kube.apply(seiNetworks, network('four'), { fieldManager: 'test' })
    await networks.waitFor(([four]) => (four?.status?.phase === 'Ready' ? four : undefined))
    const first = await until(
      () => syncOf(cluster, 'four-0'),
      (sync) => Number(sync.latest_block_height) > 1 && !sync.catching_up,
    )
    await until(
      () => syncOf(cluster, 'four-3'),
      (sync) => Number(sync.latest_block_height) > Number(first.latest_block_height),
    )

    const names = ['four-rpc-0', 'four-rpc-1']
    for (const name of names) await kube.apply(seiNodes, follower(name, 'four'), { fieldManager: 'test' })
    const head = Number((await syncOf(cluster, 'four-0')).latest_block_height)
    for (const name of names)
      await until(
        () => syncOf(cluster, name),
        (sync) => !sync.catching_up && Number(sync.latest_block_height) >= head,
      )
    const running = kube.watch<Pod>(pods)
    await running.waitFor((items) => (items.filter(isReady).length === 6 ? items : undefined))
    // The aggregate Service answers once pods are Ready.
    const aggregate = await cluster.reach('http://four-internal.default.svc:26657/health')
    await until(
      async () => (await fetch(aggregate)).status,
      (status) => status === 200,
    )
    expect(await kube.logs({ namespace: 'default', name: 'four-0-0' }, { container: 'seid' })).toContain(
      'sidecar ready, starting seid',
    )

    for (const name of names) await kube.delete(seiNodes, { namespace: 'default', name })
    await kube.delete(seiNetworks, { namespace: 'default', name: 'four' })
    for (const type of [seiNetworks, seiNodes, pods, statefulSets, persistentVolumeClaims, persistentVolumes])
      await kube.watch(type).waitFor((items) => (items.length === 0 ? true : undefined))
    await kube
      .watch(services)
      .waitFor((items) => (items.some(({ metadata }) => metadata.name.startsWith('four')) ? undefined : true))
  })
}
