import { expect } from 'vitest'

import type { Answer } from './api-target.ts'
import { at, configMap, textAt, type Space } from './conformance-case.ts'
import { startWebhookServer, type Say, type WebhookServer } from './webhook-server.ts'

type Fields = Record<string, unknown>

/** A webhook of a case: it sees ConfigMaps of the case's namespace unless it says otherwise. */
export interface CaseHook extends Fields {
  /** Path and first label of its name. */
  readonly at: string
  readonly say?: Say
}

export interface Webhooks {
  readonly server: WebhookServer
  /** Objects of the requests that reached a path, but for those that look whether webhooks are active. */
  seen(path: string): WebhookServer['seen']
}

const group = '/apis/admissionregistration.k8s.io/v1'

/** Runs a case with webhooks that are in effect, and takes them away again. */
export async function withWebhooks(
  space: Space,
  hooks: { readonly mutating?: readonly CaseHook[]; readonly validating?: readonly CaseHook[] },
  run: (webhooks: Webhooks) => Promise<void>,
): Promise<void> {
  const server = await startWebhookServer()
  const kinds = [
    ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', hooks.mutating],
    ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', hooks.validating],
  ] as const
  try {
    for (const [kind, plural, list] of kinds) {
      if (list === undefined) continue
      for (const { at: path, say } of list) if (say !== undefined) server.answer(`/${path}`, say)
      const probe = { at: `probe-${plural}`, objectSelector: { matchLabels: { probe: 'yes' } } }
      const webhooks = [...list, probe].map((hook) => webhook(space, server, hook))
      const body = {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind,
        metadata: { name: space.namespace },
        webhooks,
      }
      expect(await space.call('POST', `${group}/${plural}`, { body })).toMatchObject({ status: 201 })
      await untilAsked(space, server, `/${probe.at}`)
    }
    await run({ server, seen: (path) => reviewsAt(server, path) })
  } finally {
    for (const [, plural] of kinds) await space.call('DELETE', `${group}/${plural}/${space.namespace}`)
    await server.close()
  }
}

/** Not those of what a namespace is given by its controllers. */
function reviewsAt(server: WebhookServer, path: string): WebhookServer['seen'] {
  return server.seen.filter(
    (one) => one.path.startsWith(`/${path}?`) && one.request.name !== 'kube-root-ca.crt',
  )
}

function webhook(space: Space, server: WebhookServer, { at: path, say: _, ...more }: CaseHook): Fields {
  return {
    name: `${path}.test.dev`,
    clientConfig: { url: `${server.url}/${path}`, caBundle: server.caBundle },
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': space.namespace } },
    // What only looks whether they are active is nothing for the others.
    objectSelector: { matchExpressions: [{ key: 'probe', operator: 'DoesNotExist' }] },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    ...more,
  }
}

/** A server takes note of a configuration some time after it was written. Throws after 10 s. */
async function untilAsked(space: Space, server: WebhookServer, path: string): Promise<void> {
  const deadline = Date.now() + 10_000
  const body = configMap('probe', {}, { labels: { probe: 'yes' } })
  while (Date.now() < deadline) {
    await space.call('POST', `${space.path('configmaps')}?dryRun=All`, { body })
    if (server.seen.some((one) => one.path.startsWith(`${path}?`))) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${path} was not asked within 10 s`)
}

/** `403 Forbidden: message` of a refusal. */
export function refusalOf(answer: Answer): string {
  return `${answer.status} ${textAt(answer.body, 'reason')}: ${textAt(answer.body, 'message')}`
}

/** A response that patches. */
export function patching(...operations: readonly Fields[]): { response: object } {
  const patch = Buffer.from(JSON.stringify(operations)).toString('base64')
  return { response: { patchType: 'JSONPatch', patch } }
}

export function labelsOf(answer: Answer): unknown {
  return at(answer.body, 'metadata.labels')
}
