import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
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
import { startEmbedded, type EmbeddedCluster } from '../../src/embedded.ts'

const overrides = {
  'storage.state_commit.write_mode': 'memiavl_only',
  'evm.http_enabled': 'true',
  'evm.ws_enabled': 'true',
  'api.rest.enable': 'true',
}

function network(name: string, more: Partial<SeiNetwork['spec']> = {}): SeiNetwork {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNetwork',
    metadata: { name, namespace: 'default' },
    spec: {
      image: 'sei/seid:dev',
      genesis: { chainId: name },
      replicas: 4,
      configOverrides: overrides,
      deletionPolicy: 'Delete',
      ...more,
    },
  }
}

function follower(name: string, of: string): SeiNode {
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { name, namespace: 'default' },
    spec: {
      chainId: of,
      image: 'sei/seid:dev',
      fullNode: {},
      overrides,
      peers: [{ label: { selector: { 'sei.io/seinetwork': of } } }],
    },
  }
}

interface Status {
  sync_info: { latest_block_height: string; catching_up: boolean }
}

async function statusOf(cluster: EmbeddedCluster, node: string): Promise<Status['sync_info']> {
  const url = await cluster.reach(`http://${node}.default.svc:26657/status`)
  const response = await fetch(url)
  return ((await response.json()) as Status).sync_info
}

/** Asks until the predicate holds; what it throws counts as not yet. */
async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask().catch(() => undefined)
    if (value !== undefined && holds(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const isReady = (pod: Pod): boolean =>
  (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True')

describe('the process', () => {
  test('behavior: its kubeconfig is private, and nothing is left after close', async () => {
    const cluster = await startEmbedded()
    expect(statSync(cluster.kubeconfigPath).mode & 0o777).toBe(0o600)
    expect(cluster.describe()).toContain(cluster.kubeconfigPath)
    await cluster.close()
    expect(alive(cluster.pid)).toBe(false)
    expect(existsSync(dirname(cluster.kubeconfigPath))).toBe(false)
  })

  test('behavior: it dies with a parent that is killed, and takes its folder along', async () => {
    const door = new URL('../../src/embedded.ts', import.meta.url)
    const script = `import { startEmbedded } from ${JSON.stringify(door.href)}
      const { pid, kubeconfigPath } = await startEmbedded()
      console.log(JSON.stringify({ pid, kubeconfigPath }))
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const { pid, kubeconfigPath } = JSON.parse(line.toString()) as { pid: number; kubeconfigPath: string }
    expect(alive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await until(
      async () => alive(pid) || existsSync(dirname(kubeconfigPath)),
      (left) => !left,
    )
  })

  test('error: a cluster that dies on its own says so', async () => {
    const cluster = await startEmbedded()
    process.kill(cluster.pid, 'SIGKILL')
    expect(await cluster.exited).toMatchObject({
      code: 'CLUSTER_EXITED',
      message: expect.stringContaining('SIGKILL'),
    })
    expect(existsSync(dirname(cluster.kubeconfigPath))).toBe(false)
    await cluster.close()
  })

  test('error: a start that is cancelled leaves no process', async () => {
    const stop = new AbortController()
    const starting = startEmbedded({ signal: stop.signal })
    stop.abort()
    await expect(starting).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  })
})

describe('the cluster', () => {
  let cluster: EmbeddedCluster
  beforeAll(async () => {
    cluster = await startEmbedded()
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
      () => statusOf(cluster, 'four-0'),
      (sync) => Number(sync.latest_block_height) > 1 && !sync.catching_up,
    )
    await until(
      () => statusOf(cluster, 'four-3'),
      (sync) => Number(sync.latest_block_height) > Number(first.latest_block_height),
    )

    const names = ['four-rpc-0', 'four-rpc-1']
    for (const name of names) await kube.apply(seiNodes, follower(name, 'four'), { fieldManager: 'test' })
    const head = Number((await statusOf(cluster, 'four-0')).latest_block_height)
    for (const name of names)
      await until(
        () => statusOf(cluster, name),
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

  test('behavior: an image that cannot be pulled holds the pod, and says so', async () => {
    await cluster.kube.apply(
      seiNetworks,
      network('unpulled', { replicas: 1, image: 'sei/seid:dev--never-pulls' }),
      { fieldManager: 'test' },
    )
    const pod = await cluster.kube
      .watch<Pod>(pods)
      .waitFor((items) =>
        items.find(
          ({ metadata, status }) =>
            metadata.name === 'unpulled-0-0' &&
            status?.initContainerStatuses?.[0]?.state?.waiting?.reason === 'ImagePullBackOff',
        ),
      )
    expect(pod.status?.phase).toBe('Pending')
    expect(pod.status?.initContainerStatuses?.[0]?.state?.waiting?.message).toContain('not found')
    await cluster.kube.delete(seiNetworks, { namespace: 'default', name: 'unpulled' })
  })

  test('behavior: a crash loop counts restarts, backs off, and keeps the log of the last run', async () => {
    await cluster.kube.apply(
      seiNetworks,
      network('crashing', { replicas: 1, image: 'sei/seid:dev--crash-loops' }),
      { fieldManager: 'test' },
    )
    const pod = await cluster.kube.watch<Pod>(pods).waitFor((items) =>
      items.find(({ metadata, status }) => {
        const seid = status?.containerStatuses?.find(({ name }) => name === 'seid')
        return (
          metadata.name === 'crashing-0-0' &&
          seid?.state?.waiting?.reason === 'CrashLoopBackOff' &&
          seid.restartCount >= 1
        )
      }),
    )
    const seid = pod.status?.containerStatuses?.find(({ name }) => name === 'seid')
    expect(seid?.lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' })
    expect(seid?.state?.waiting?.message).toMatch(
      /^back-off \d+s restarting failed container=seid pod=crashing-0-0_default/,
    )
    const ref = { namespace: 'default', name: 'crashing-0-0' }
    expect(await cluster.kube.logs(ref, { container: 'seid', previous: true })).toContain('crash-loops')
    await cluster.kube.delete(seiNetworks, { namespace: 'default', name: 'crashing' })
  })
})
