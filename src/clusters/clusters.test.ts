import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbedded } from './embedded.ts'
import { connectExisting } from './existing.ts'
import { openCluster } from './open.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sei-clusters-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An environment whose kubeconfig has one context. */
function kubeconfig(context: string, server = 'https://127.0.0.1:1'): Record<string, string> {
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
    expect(cluster.describe()).toBe('context dev at https://127.0.0.1:1, namespace default')
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
    for (const mode of ['kind', 'envtest', 'local', 'docker', 'attach'] as const)
      await expect(openCluster({ mode, source: 'option' }), mode).rejects.toMatchObject({
        class: 'usage',
        code: 'BAD_OPTIONS',
        message: expect.stringContaining('embedded, k8s'),
      })
  })
})

describe('embedded options', () => {
  test('error: a rate or block time out of range starts nothing', async () => {
    const wrong = [{ rate: 0 }, { rate: 1_001 }, { rate: Number.NaN }, { blockMs: 9 }, { blockMs: 60_001 }]
    for (const options of wrong)
      await expect(startEmbedded(options), JSON.stringify(options)).rejects.toMatchObject({
        class: 'usage',
        code: 'BAD_OPTIONS',
      })
  })
})
