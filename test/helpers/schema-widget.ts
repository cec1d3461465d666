/** A definition with one of everything, for tests of schemas and the API server: `widgets.test.dev/v1`. */
export function widgetCrd(
  spec: Record<string, unknown> = widgetSpec,
  status?: Record<string, unknown>,
): object {
  const properties = { spec, ...(status === undefined ? {} : { status }) }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.test.dev' },
    spec: {
      group: 'test.dev',
      scope: 'Namespaced',
      names: {
        plural: 'widgets',
        singular: 'widget',
        kind: 'Widget',
        listKind: 'WidgetList',
        shortNames: ['wd'],
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties } },
        },
      ],
    },
  }
}

const widgetSpec: Record<string, unknown> = {
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { type: 'string' },
    size: { type: 'integer', minimum: 1, maximum: 5 },
    name: { type: 'string', pattern: '^[a-z]+$', maxLength: 8 },
    tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    ports: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, port: { type: 'integer', format: 'int32' } },
      },
    },
    opts: { type: 'object', properties: { deep: { type: 'string', default: 'd' } } },
    mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    x: { type: 'string' },
    y: { type: 'string' },
  },
  'x-kubernetes-validations': [
    { rule: 'self.kind == oldSelf.kind', message: 'spec.kind is immutable' },
    { rule: '(has(self.x) ? 1 : 0) + (has(self.y) ? 1 : 0) == 1', message: 'exactly one of x, y' },
  ],
}

export function widget(spec: unknown, rest: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiVersion: 'test.dev/v1',
    kind: 'Widget',
    metadata: { name: 'w', namespace: 'default' },
    spec,
    ...rest,
  }
}
