import { afterAll, beforeAll, expect, test } from 'vitest'

import { startEmbeddedTarget, type ApiTarget } from '../../../../test/helpers/api-target.ts'
import { startWebhookServer, type WebhookServer } from '../../../../test/helpers/webhook-server.ts'

/** Webhooks by Service, which a real server reaches over the network of the cluster and this one where the kubelet says. */
let target: ApiTarget
let server: WebhookServer
beforeAll(async () => {
  ;[target, server] = await Promise.all([startEmbeddedTarget(), startWebhookServer()])
})
afterAll(async () => {
  await target.close()
  await server.close()
})

async function ask(service: string): Promise<unknown> {
  const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations'
  const hook = {
    name: 'service.test.dev',
    clientConfig: {
      service: { name: service, namespace: 'default', path: 'ask', port: 8443 },
      caBundle: server.caBundle,
    },
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  }
  const kind = 'ValidatingWebhookConfiguration'
  const header = { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: service } }
  expect(await target.call('POST', path, { body: { ...header, webhooks: [hook] } })).toMatchObject({
    status: 201,
  })
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'a-' } }
  const answer = await target.call('POST', '/api/v1/namespaces/default/configmaps', { body })
  await target.call('DELETE', `${path}/${service}`)
  return (answer.body as { message?: unknown }).message
}

function createService(name: string, annotations: Record<string, string>): Promise<unknown> {
  const metadata = { name, annotations }
  const body = { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 8443 }] } }
  return target.call('POST', '/api/v1/namespaces/default/services', { body })
}

const failed = (service: string): string =>
  `Internal error occurred: failed calling webhook "service.test.dev": failed to call webhook: Post "https://${service}.default.svc:8443/ask?timeout=10s":`

test('error: a Service that is missing, or that nobody answers for, is named', async () => {
  expect(await ask('none')).toBe(`${failed('none')} service "none" not found`)
  await createService('empty', {})
  expect(await ask('empty')).toBe(`${failed('empty')} no endpoints available for service "empty"`)
})

test('error: a Service has to show a certificate of its own name', async () => {
  const { port } = new URL(server.url)
  await createService('named', { 'embedded.sei.io/loopback': JSON.stringify({ 8443: `127.0.0.1:${port}` }) })
  expect(await ask('named')).toBe(
    `${failed('named')} tls: failed to verify certificate: x509: certificate is valid for localhost, not named.default.svc`,
  )
})
