import {
  chaosKind,
  mutatingWebhookConfigurations,
  statusChecks,
  validatingWebhookConfigurations,
  workflows,
  type ResourceType,
} from '../../../../contract/kinds.ts'
import type { KubeObject } from '../../../../contract/objects.ts'
import { paths, type AdmissionServer } from './server.ts'

interface Configuration {
  readonly type: ResourceType
  readonly object: KubeObject & { readonly webhooks: readonly object[] }
}

const judged = [
  ...['PodChaos', 'TimeChaos', 'NetworkChaos', 'StressChaos', 'Schedule'].map(chaosKind),
  workflows,
  statusChecks,
]

/** The webhook configurations of Chaos Mesh, by the names that its chart gives them, for a server on loopback. */
export function configurationsFor(server: AdmissionServer): readonly Configuration[] {
  const client = (path: string): object => ({
    url: `${server.url}${path}`,
    caBundle: Buffer.from(server.ca).toString('base64'),
  })
  const webhook = (name: string, path: string, resource: string): object => ({
    name,
    clientConfig: client(path),
    rules: [
      {
        operations: ['CREATE', 'UPDATE'],
        apiGroups: [workflows.group],
        apiVersions: [workflows.version],
        resources: [resource],
      },
    ],
    failurePolicy: 'Fail',
    timeoutSeconds: 5,
    sideEffects: 'None',
    admissionReviewVersions: ['v1', 'v1beta1'],
  })
  const each = (letter: 'm' | 'v', path: string): object[] =>
    judged.map(({ kind, plural }) => {
      const name = kind.toLowerCase()
      return webhook(`${letter}${name}.kb.io`, `${path}${name}`, plural)
    })
  return [
    configuration(mutatingWebhookConfigurations, 'chaos-mesh-mutation', each('m', paths.mutate)),
    configuration(validatingWebhookConfigurations, 'chaos-mesh-validation', each('v', paths.validate)),
    configuration(validatingWebhookConfigurations, 'chaos-mesh-validation-auth', [
      webhook('vauth.kb.io', paths.authorize, '*'),
    ]),
  ]
}

function configuration(type: ResourceType, name: string, webhooks: readonly object[]): Configuration {
  const header = { apiVersion: `${type.group}/${type.version}`, kind: type.kind }
  const labels = { 'app.kubernetes.io/component': 'admission-webhook' }
  return { type, object: { ...header, metadata: { name, labels }, webhooks } }
}
