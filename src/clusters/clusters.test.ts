import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { answerJson, startServer, type TestServer } from '../../test/helpers/http-server.ts'
import type { Workflow } from '../contract/crds/chaos-mesh/workflow.ts'
import { seiNetworks, services, workflows } from '../contract/kinds.ts'
import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import { networkManifest } from '../contract/manifests.ts'
import type { Service } from '../contract/objects.ts'
import { startEmbedded } from './embedded.ts'
import { startEnvtest } from './envtest.ts'
import type { Cluster } from './cluster.ts'
import { connectExisting } from './existing.ts'
import { openCluster } from './open.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sei-clusters-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An API server that knows of no namespace and lets nobody look for nodes, as one that serves somebody else's account. */
let real: TestServer
beforeAll(async () => {
  real = await startServer((_, response) => answerJson(response, 403, { kind: 'Status', code: 403 }))
})
afterAll(() => real.close())

/** An environment whose kubeconfig has one context. */
function kubeconfig(context: string, server: string = real.url): Record<string, string> {
  const path = join(folder, `${context}.yaml`)
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user: { token: 't' } }],
      contexts: [{ name: context, context: { cluster: 'c', user: 'u', namespace: 'elsewhere' } }],
      'current-context': context,
    }),
  )
  return { KUBECONFIG: path }
}

const serviceUrl = 'http://net-internal.ns.svc:26657'

describe('existing cluster', () => {
  test('default: the current context, as it is, nothing simulated', async () => {
    const cluster = await connectExisting({ env: kubeconfig('dev') })
    expect(cluster).toMatchObject({ mode: 'k8s', simulated: false, rate: 1, namespace: 'default' })
    expect(cluster.describe()).toBe(`context dev at ${real.url}, namespace default`)
    await cluster.close()
  })

  test('error: a context that looks like production is refused unless it is named', async () => {
    for (const name of ['prod', 'eu-prod-1', 'sei-mainnet', 'Production', 'pacific-1', 'live'])
      await expect(connectExisting({ env: kubeconfig(name) }), name).rejects.toMatchObject({
        class: 'usage',
        code: 'CONTEXT_REFUSED',
      })
    const env = kubeconfig('eu-prod-1')
    await expect(connectExisting({ env, allowContexts: ['eu-prod-2'] })).rejects.toThrow('eu-prod-1')
    const cluster = await connectExisting({ env, allowContexts: ['eu-prod-1'] })
    await cluster.close()
  })

  test('error: a harmless name does not hide a production server', async () => {
    const env = kubeconfig('mine', 'https://api.prod.example.org')
    await expect(connectExisting({ env })).rejects.toMatchObject({ code: 'CONTEXT_REFUSED' })
  })

  test('behavior: words that only contain such a word are fine', async () => {
    for (const name of ['reproduce', 'product-dev', 'delivery', 'olive']) {
      const cluster = await connectExisting({ env: kubeconfig(name) })
      await cluster.close()
    }
  })

  test('behavior: inside the cluster Service URLs are used as they are; other URLs always are', async () => {
    const env = { ...kubeconfig('inside'), KUBERNETES_SERVICE_HOST: '10.0.0.1' }
    const cluster = await connectExisting({ env })
    expect(await cluster.reach(serviceUrl)).toBe(serviceUrl)
    expect(await cluster.reach('http://127.0.0.1:1/x')).toBe('http://127.0.0.1:1/x')
    await cluster.close()
  })

  test('error: outside, a Service URL cannot be reached by this version', async () => {
    const cluster = await connectExisting({ env: kubeconfig('outside') })
    await expect(cluster.reach(serviceUrl)).rejects.toMatchObject({
      class: 'usage',
      code: 'CAPABILITY_MISSING',
    })
    expect(await cluster.reach('http://example.org/')).toBe('http://example.org/')
    await cluster.close()
  })
})

describe('existing cluster of simulated nodes', () => {
  test('behavior: it is recognised by what it says of itself, and its Services are reached', async () => {
    await using running = await startEmbedded({ rate: 50, blockMs: 40 }).then(disposable)
    const env = { KUBECONFIG: running.kubeconfigPath, KUBERNETES_SERVICE_HOST: '10.0.0.1' }
    await using cluster = await connectExisting({ env }).then(disposable)
    expect(cluster).toMatchObject({ mode: 'k8s', simulated: true, rate: 50, blockMs: 40 })
    expect(cluster.describe()).toMatch(/^context \S+ at https:.*, simulated, clock ×50$/)
    const name = 'net-internal'
    await running.kube.create<Service>(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { ports: [{ name: 'rpc', port: 26657, targetPort: 26657 }], selector: { app: 'none' } },
    })
    expect(await cluster.reach(`http://${name}.default.svc:26657/status`)).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/status$/,
    )
  })

  test('error: a server that does not answer is said to be unavailable', async () => {
    const server = await startServer(() => undefined)
    await server.close()
    await expect(connectExisting({ env: kubeconfig('gone', server.url) })).rejects.toMatchObject({
      class: 'infra',
      code: 'CLUSTER_UNAVAILABLE',
      message: expect.stringContaining(`context gone at ${server.url}`),
    })
  })

  test('error: the question can be cancelled', async () => {
    const stop = new AbortController()
    await using server = await startServer(() => stop.abort())
    await expect(
      connectExisting({ env: kubeconfig('slow', server.url), signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  })
})

/** So that a test that fails closes it, too. */
function disposable<T extends Cluster>(cluster: T): T & AsyncDisposable {
  return { ...cluster, [Symbol.asyncDispose]: () => cluster.close() }
}

describe('openCluster', () => {
  test('behavior: k8s connects to what the environment names', async () => {
    const cluster = await openCluster(
      { mode: 'k8s', source: 'SEI_NODE_CLUSTER' },
      { env: kubeconfig('dev'), namespace: 'mine' },
    )
    expect(cluster).toMatchObject({ mode: 'k8s', namespace: 'mine' })
    await cluster.close()
  })

  test('error: a mode of a later version says which modes there are', async () => {
    for (const mode of ['kind', 'local', 'docker', 'attach'] as const)
      await expect(openCluster({ mode, source: 'option' }), mode).rejects.toMatchObject({
        class: 'usage',
        code: 'BAD_OPTIONS',
        message: expect.stringContaining('embedded, envtest, k8s'),
      })
  })
})

describe('envtest', () => {
  test('error: without the programs it says what is missing where, and how to get them', async () => {
    await expect(
      openCluster({ mode: 'envtest', source: 'option' }, { env: { SEI_PARTS: folder } }),
    ).rejects.toMatchObject({
      class: 'infra',
      code: 'CLUSTER_UNAVAILABLE',
      message: expect.stringMatching(/needs etcd and kube-apiserver, missing in .*kubernetes-1\.36/),
      hint: expect.stringContaining('npm run parts'),
    })
    await expect(startEnvtest({ env: { KUBEBUILDER_ASSETS: folder } })).rejects.toThrow(
      `missing in ${folder}`,
    )
  })

  test('error: a program that ends at once is named, with its last words, and nothing is left', async () => {
    for (const name of ['etcd', 'kube-apiserver'])
      writeFileSync(join(folder, name), '#!/bin/sh\necho last words >&2\nexit 7\n', { mode: 0o755 })
    vi.stubEnv('TMPDIR', folder)
    onTestFinished(() => void vi.unstubAllEnvs())
    await expect(startEnvtest({ env: { KUBEBUILDER_ASSETS: folder } })).rejects.toMatchObject({
      code: 'CLUSTER_UNAVAILABLE',
      message: expect.stringMatching(/etcd exited before becoming ready[^]*last words/),
    })
    expect(readdirSync(folder).filter((name) => name.startsWith('sei-envtest-'))).toEqual([])
  })
})

describe('embedded options', () => {
  test('behavior: without the stand-in for Chaos Mesh nobody judges a Workflow, and nobody carries it out', async () => {
    const { kube, close } = await startEmbedded({ chaosMesh: false })
    onTestFinished(close)
    const place = { namespace: 'default', name: 'refused' }
    const spec = { entry: 'none', templates: [] }
    const header = { apiVersion: 'chaos-mesh.org/v1alpha1', kind: 'Workflow' }
    // The stand-in's admission would not have it.
    await kube.create<Workflow>(workflows, { ...header, metadata: place, spec })
    const network = networkManifest({ name: 'first', validators: 1 }, 'default')
    await kube.create<SeiNetwork>(seiNetworks, network)
    const watch = kube.watch<SeiNetwork>(seiNetworks, { namespace: 'default' })
    onTestFinished(() => watch.close())
    await watch.waitFor(() => watch.get({ namespace: 'default', name: 'first' })?.status?.phase, {
      timeoutMs: 20_000,
      description: 'the other controllers to be at work',
    })
    expect(await kube.get<Workflow>(workflows, place)).not.toHaveProperty('status')
  })

  test('error: a rate or block time out of range starts nothing', async () => {
    const wrong = [{ rate: 0 }, { rate: 1_001 }, { rate: Number.NaN }, { blockMs: 9 }, { blockMs: 60_001 }]
    for (const options of wrong)
      await expect(startEmbedded(options), JSON.stringify(options)).rejects.toMatchObject({
        class: 'usage',
        code: 'BAD_OPTIONS',
      })
  })
})
