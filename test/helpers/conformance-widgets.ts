import type { ApiTarget } from './api-target.ts'

const immutable = [{ rule: 'self == oldSelf', message: 'is immutable' }]
const text = { type: 'string' }

/** The fields that the conformance cases are written for. */
const spec = {
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { ...text, 'x-kubernetes-validations': immutable },
    size: { type: 'integer', minimum: 1, maximum: 5 },
    name: { ...text, pattern: '^[a-z]+$', maxLength: 8 },
    tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    list: { type: 'array', items: text },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', required: ['name'], properties: { name: text, port: { type: 'integer' } } },
    },
    opts: { type: 'object', properties: { color: { ...text, default: 'red' }, shape: text } },
    mode: { ...text, enum: ['a', 'b'], default: 'a' },
    since: { ...text, format: 'date-time' },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    x: text,
    y: text,
    late: { ...text, 'x-kubernetes-validations': immutable },
  },
  'x-kubernetes-validations': [
    { rule: '!(has(self.x) && has(self.y))', message: 'at most one of x and y may be set' },
  ],
}

const status = { type: 'object', properties: { phase: text } }

/** A definition with those fields, with or without the status subresource. */
export function definition(
  kind: string,
  plural: string,
  withStatus: boolean,
  group = 'test.dev',
): Record<string, unknown> {
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', properties: { spec, status } } },
    ...(withStatus ? { subresources: { status: {} } } : {}),
    additionalPrinterColumns: [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Since', type: 'date', jsonPath: '.spec.since' },
    ],
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, shortNames: [plural.slice(0, 2)] },
      versions: [version],
    },
  }
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

/** Creates a definition and waits until its resource is listed. Throws after 10 s. */
export async function install(
  target: ApiTarget,
  crd: Record<string, unknown>,
  version = 'v1',
): Promise<void> {
  const { group, names } = crd['spec'] as { group: string; names: { plural: string } }
  const deadline = Date.now() + 10_000
  // One of the same name may still be going away, with its objects.
  while (Date.now() < deadline) {
    if ((await target.call('POST', definitions, { body: crd })).status !== 409) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  while (Date.now() < deadline) {
    const { body } = await target.call('GET', `/apis/${group}/${version}`)
    const { resources = [] } = (typeof body === 'object' ? body : {}) as { resources?: { name: string }[] }
    if (resources.some(({ name }) => name === names.plural)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${names.plural}.${group} was not established within 10 s`)
}

/** Installs `widgets` (with status) and `views` (without) of test.dev. */
export async function installWidgets(target: ApiTarget): Promise<void> {
  await install(target, definition('Widget', 'widgets', true))
  await install(target, definition('View', 'views', false))
}

/** Deletes both definitions, and their objects with them, whatever holds these. */
export async function uninstallWidgets(target: ApiTarget): Promise<void> {
  for (const plural of ['widgets', 'views']) {
    const { body } = await target.call('GET', `/apis/test.dev/v1/${plural}`)
    const { items = [] } = body as { items?: { metadata: { name: string; namespace: string } }[] }
    for (const { metadata } of items) {
      await target.call(
        'PATCH',
        `/apis/test.dev/v1/namespaces/${metadata.namespace}/${plural}/${metadata.name}`,
        {
          body: { metadata: { finalizers: null } },
          type: 'application/merge-patch+json',
        },
      )
    }
    await target.call('DELETE', `${definitions}/${plural}.test.dev`)
  }
}
