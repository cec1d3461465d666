import { describe, expect, test } from 'vitest'
import type { JsonObject, ServedResource } from '../resource.ts'
import { aggregatedContentType, aggregatedDiscovery, aggregatedVersion } from './aggregated.ts'
import { compareVersions } from './groups.ts'
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from './legacy.ts'
import { openApiDocument, openApiIndex } from './openapi.ts'

const all = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

function resource(
  group: string,
  version: string,
  kind: string,
  rest: Partial<ServedResource> = {},
): ServedResource {
  const singular = kind.toLowerCase()
  return {
    group,
    version,
    kind,
    plural: `${singular}s`,
    singular,
    listKind: `${kind}List`,
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: all,
    subresources: [],
    ...rest,
  }
}

const schema: JsonObject = {
  type: 'object',
  description: 'Widget is a thing.',
  properties: {
    spec: { type: 'object', properties: { size: { type: 'integer', description: 'How large.' } } },
  },
}
const widgets = resource('test.dev', 'v1', 'Widget', {
  shortNames: ['wd'],
  categories: ['all'],
  subresources: ['status', 'scale'],
  openAPIV3Schema: schema,
})
const served = [
  resource('', 'v1', 'Pod', { subresources: ['log', 'binding', 'status'] }),
  resource('', 'v1', 'Namespace', { namespaced: false, subresources: ['finalize', 'status'] }),
  resource('apps', 'v1', 'StatefulSet'),
  widgets,
  resource('test.dev', 'v1beta1', 'Widget'),
]

describe('aggregated discovery', () => {
  test('behavior: the core group has no name and stands alone', () => {
    const { items, ...header } = aggregatedDiscovery(served, 'api')
    expect(header).toEqual({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
    })
    expect(items).toHaveLength(1)
    expect(items[0]?.metadata).toEqual({ creationTimestamp: null })
    expect(items[0]?.versions[0]?.resources.map((one) => [one.resource, one.scope])).toEqual([
      ['pods', 'Namespaced'],
      ['namespaces', 'Cluster'],
    ])
  })

  test('behavior: a resource tells its kind, names and subresources', () => {
    const group = aggregatedDiscovery(served, 'apis', 'v2beta1').items.find(
      (one) => one.metadata.name === 'test.dev',
    )
    expect(group?.versions.map((one) => [one.version, one.freshness])).toEqual([
      ['v1', 'Current'],
      ['v1beta1', 'Current'],
    ])
    const responseKind = { group: 'test.dev', version: 'v1', kind: 'Widget' }
    expect(group?.versions[0]?.resources).toEqual([
      {
        resource: 'widgets',
        responseKind,
        scope: 'Namespaced',
        singularResource: 'widget',
        verbs: all,
        shortNames: ['wd'],
        categories: ['all'],
        subresources: [
          { subresource: 'status', responseKind, verbs: ['get', 'patch', 'update'] },
          {
            subresource: 'scale',
            responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
            verbs: ['get', 'patch', 'update'],
          },
        ],
      },
    ])
  })

  const v2 = aggregatedContentType('v2')
  const beta = aggregatedContentType('v2beta1')
  test.each<[string | undefined, string | undefined]>([
    [`${v2},${beta},application/json`, 'v2'],
    [`${beta},application/json`, 'v2beta1'],
    ['application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList;profile=nopeer', 'v2'],
    ['application/json;g=apidiscovery.k8s.io;v=v3;as=APIGroupDiscoveryList,application/json', undefined],
    [`application/json, ${v2}`, undefined],
    ['application/json, */*', undefined],
    [undefined, undefined],
  ])('behavior: Accept %s asks for %s', (accept, expected) => {
    expect(aggregatedVersion(accept)).toBe(expected)
  })
})

describe('legacy discovery', () => {
  test('behavior: versions and groups, the preferred version first', () => {
    expect(apiVersions(served, '127.0.0.1:1')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
    const groups = apiGroupList(served).groups
    expect(groups.map((one) => one.name)).toEqual(['apps', 'test.dev'])
    expect(apiGroup(served, 'test.dev')).toMatchObject({
      kind: 'APIGroup',
      versions: [{ groupVersion: 'test.dev/v1' }, { groupVersion: 'test.dev/v1beta1' }],
      preferredVersion: { groupVersion: 'test.dev/v1', version: 'v1' },
    })
    expect(apiGroup(served, 'gone.dev')).toBeUndefined()
    expect(apiGroup(served, '')).toBeUndefined()
  })

  test('behavior: a resource stands before its subresources; foreign kinds have their own group', () => {
    const list = apiResourceList(served, 'test.dev', 'v1')
    expect(list?.groupVersion).toBe('test.dev/v1')
    expect(list?.resources).toMatchObject([
      { name: 'widgets', singularName: 'widget', kind: 'Widget', shortNames: ['wd'], categories: ['all'] },
      { name: 'widgets/status', singularName: '', kind: 'Widget' },
      { name: 'widgets/scale', group: 'autoscaling', version: 'v1', kind: 'Scale' },
    ])
    expect(list?.resources[1]).not.toHaveProperty('group')
    expect(apiResourceList(served, '', 'v1')?.resources.map((one) => `${one.name} ${one.kind}`)).toContain(
      'pods/binding Binding',
    )
    expect(apiResourceList(served, 'test.dev', 'v9')).toBeUndefined()
  })

  test('behavior: versions are ordered by stability, then number', () => {
    const versions = [
      'v1alpha1',
      'foo10',
      'v2beta1',
      'v1',
      'v10',
      'v11beta2',
      'v2',
      'foo1',
      'v12alpha1',
      'v2beta10',
    ]
    expect(versions.toSorted(compareVersions)).toEqual([
      'v10',
      'v2',
      'v1',
      'v11beta2',
      'v2beta10',
      'v2beta1',
      'v12alpha1',
      'v1alpha1',
      'foo1',
      'foo10',
    ])
  })
})

describe('OpenAPI v3', () => {
  type Operation = {
    parameters?: { name: string; in: string }[]
    requestBody?: { content: Record<string, unknown> }
    'x-kubernetes-group-version-kind'?: object
  }
  type Document = {
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, Record<string, unknown>> }
  }
  const documentOf = (group: string, version: string): Document =>
    openApiDocument(served, group, version) as unknown as Document

  test('behavior: the index lists a document for each group-version', () => {
    expect(Object.keys(openApiIndex(served).paths)).toEqual([
      'api/v1',
      'apis/apps/v1',
      'apis/test.dev/v1',
      'apis/test.dev/v1beta1',
    ])
    expect(openApiIndex(served).paths['apis/test.dev/v1']?.serverRelativeURL).toMatch(
      /^\/openapi\/v3\/apis\/test\.dev\/v1\?hash=[0-9A-F]{64}$/,
    )
  })

  test('behavior: the hash of a document follows its schemas, and no other', () => {
    const changed = served.map((one) =>
      one === widgets ? { ...one, openAPIV3Schema: { ...schema, description: 'Other.' } } : one,
    )
    const [before, after] = [openApiIndex(served).paths, openApiIndex(changed).paths]
    expect(after['apis/test.dev/v1']).not.toEqual(before['apis/test.dev/v1'])
    expect(after['api/v1']).toEqual(before['api/v1'])
    expect(openApiIndex(structuredClone(served)).paths).toEqual(before)
  })

  test('behavior: each kind has a PATCH with fieldValidation', () => {
    for (const [group, version, kind, path] of [
      ['', 'v1', 'Namespace', '/api/v1/namespaces/{name}'],
      ['', 'v1', 'Pod', '/api/v1/namespaces/{namespace}/pods/{name}'],
      ['test.dev', 'v1', 'Widget', '/apis/test.dev/v1/namespaces/{namespace}/widgets/{name}'],
    ] as const) {
      const patch = documentOf(group, version).paths[path]?.['patch']
      expect(patch?.['x-kubernetes-group-version-kind']).toEqual({ group, version, kind })
      // kubectl would compute strategic patches from schemas without merge keys.
      expect(Object.keys(patch?.requestBody?.content ?? {})).not.toContain(
        'application/strategic-merge-patch+json',
      )
      expect(patch?.parameters).toContainEqual(
        expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
      )
    }
  })

  test('behavior: a custom resource has the schema of its definition, found by its kind', () => {
    const { schemas } = documentOf('test.dev', 'v1').components
    const own = Object.values(schemas).find((one) => one['x-kubernetes-group-version-kind'] !== undefined)
    expect(own).toMatchObject({
      description: 'Widget is a thing.',
      properties: { spec: { properties: { size: { description: 'How large.' } } }, kind: { type: 'string' } },
      'x-kubernetes-group-version-kind': [{ group: 'test.dev', version: 'v1', kind: 'Widget' }],
    })
  })

  test('behavior: every reference leads to a schema', () => {
    for (const [group, version] of [
      ['', 'v1'],
      ['apps', 'v1'],
      ['test.dev', 'v1'],
    ] as const) {
      const document = documentOf(group, version)
      const names = new Set(
        Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`),
      )
      const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((found) => found[1])
      expect(references.length).toBeGreaterThan(0)
      expect(references.filter((reference) => !names.has(reference ?? ''))).toEqual([])
    }
  })

  test('error: a group-version that is not served has no document', () => {
    expect(openApiDocument(served, 'test.dev', 'v9')).toBeUndefined()
  })
})
