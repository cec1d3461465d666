import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

import {
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  Watch,
  type LogOptions,
} from '@kubernetes/client-node'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { seiNetworks } from '../../src/contract/kinds.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import { startCluster, type RunningCluster } from '../../src/embedded/cluster.ts'
import { connect } from '../../src/kube/client.ts'
import { createNetwork, until } from '../helpers/embedded-cluster.ts'

/** A package that nobody here wrote, on a whole cluster. */
const config = new KubeConfig()
let stateDir: string
let cluster: RunningCluster
let core: CoreV1Api
let objects: KubernetesObjectApi
let namespace = ''
let serial = 0

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'sei-client-node-'))
  cluster = await startCluster({ rate: 100, blockMs: 100, stateDir })
  await cluster.started
  config.loadFromFile(cluster.kubeconfigPath)
  core = config.makeApiClient(CoreV1Api)
  objects = KubernetesObjectApi.makeApiClient(config)
})
afterAll(async () => {
  await cluster.close()
  await rm(stateDir, { recursive: true })
})
beforeEach(async () => {
  namespace = `client-node-${(serial += 1)}`
  await core.createNamespace({ body: { metadata: { name: namespace } } })
})

const network = (spec: object): { apiVersion: string; kind: string; metadata: object; spec: object } => ({
  apiVersion: 'sei.io/v1alpha1',
  kind: 'SeiNetwork',
  metadata: { name: 'net', namespace },
  spec,
})

test('behavior: an informer sees every change, also one with a line separator in it', async () => {
  const list = (): ReturnType<CoreV1Api['listNamespacedConfigMap']> =>
    core.listNamespacedConfigMap({ namespace })
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list)
  const seen: string[] = []
  for (const verb of ['add', 'update', 'delete'] as const) {
    informer.on(verb, ({ metadata }) => {
      if (metadata?.name === 'a') seen.push(`${verb} ${metadata.annotations?.['text']}`)
    })
  }
  informer.on('error', (error) => void seen.push(String(error)))
  await informer.start()
  const body = { metadata: { name: 'a', annotations: { text: 'x\u2028y' } } }
  await core.createNamespacedConfigMap({ namespace, body })
  const patch = [{ op: 'replace', path: '/metadata/annotations/text', value: 'z' }]
  await core.patchNamespacedConfigMap({ namespace, name: 'a', body: patch })
  await core.deleteNamespacedConfigMap({ namespace, name: 'a' })
  await vi.waitFor(() => expect(seen).toEqual(['add x\u2028y', 'update z', 'delete z']), { timeout: 15_000 })
  await informer.stop()
})

test('error: a watch of what is not there ends with its status, one whose time is up with none', async () => {
  const end = (path: string, query: Record<string, string>): Promise<unknown> =>
    new Promise((resolve) => {
      void new Watch(config).watch(path, query, () => undefined, resolve)
    })
  expect(await end('/api/v1/nothing', {})).toMatchObject({ statusCode: 404 })
  const path = `/api/v1/namespaces/${namespace}/configmaps`
  expect(await end(path, { timeoutSeconds: '1' })).toBeNull()
})

test('behavior: every kind of patch changes a built-in object, and all but one a custom one', async () => {
  await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'a' } } })
  for (const [index, strategy] of Object.values(PatchStrategy).entries()) {
    const key = `k${index}`
    const whole = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { [key]: 'v' } }
    const isList = strategy === PatchStrategy.JsonPatch
    const body = isList ? [{ op: 'add', path: '/data', value: { [key]: 'v' } }] : whole
    const { data } = await core.patchNamespacedConfigMap(
      {
        namespace,
        name: 'a',
        body,
        ...(strategy === PatchStrategy.ServerSideApply ? { fieldManager: 'm' } : {}),
      },
      setHeaderOptions('Content-Type', strategy),
    )
    expect(data).toHaveProperty(key, 'v')
  }
  const spec = { image: 'i', replicas: 1, paused: true, genesis: { chainId: 'patched-1' } }
  await objects.create(network(spec))
  const patch = (strategy?: PatchStrategy): Promise<unknown> =>
    objects.patch(network({ image: 'j' }), undefined, undefined, 'm', undefined, strategy)
  await expect(patch()).rejects.toMatchObject({ code: 415 })
  expect(await patch(PatchStrategy.MergePatch)).toMatchObject({ spec: { image: 'j' } })
  const refused = objects.patch(
    network({ image: 'k' }),
    undefined,
    undefined,
    'm',
    false,
    PatchStrategy.ServerSideApply,
  )
  await expect(refused).rejects.toMatchObject({ code: 409 })
  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: {} }
  const asked = { ...review, spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } }
  expect(await objects.create(asked)).toMatchObject({ status: { allowed: true } })
})

test('behavior: logs are cut as asked, follow a container to its end, and say what they lack', async () => {
  const kube = connect(cluster.info)
  const ref = { namespace, name: 'net' }
  await createNetwork(kube, ref)
  await until<SeiNetwork>(kube, seiNetworks, ref, ({ status }) => status?.phase === 'Ready')
  await kube.close()
  const read = async (container: string, options: LogOptions): Promise<PassThrough> => {
    const stream = new PassThrough({ encoding: 'utf8' })
    await new Log(config).log(namespace, 'net-0-0', container, stream, options)
    return stream
  }
  const whole = async (stream: PassThrough): Promise<string> => (await stream.toArray()).join('')
  // In this order: it goes on writing.
  const last = await whole(await read('sei-sidecar', { tailLines: 1, timestamps: true }))
  const all = await whole(await read('sei-sidecar', {}))
  expect(last).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z .+\n$/)
  expect(all).toContain(last.slice(last.indexOf(' ') + 1))
  expect(await whole(await read('sei-sidecar', { limitBytes: 10 }))).toBe(all.slice(0, 10))
  await expect(read('seid', { previous: true })).rejects.toMatchObject({ code: 400 })
  await expect(read('none', {})).rejects.toMatchObject({ code: 400 })
  const followed = await read('seid', { follow: true })
  const ended = once(followed.resume(), 'end')
  await core.deleteNamespacedPod({ namespace, name: 'net-0-0' })
  await ended
})
