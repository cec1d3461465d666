import { createHash } from 'node:crypto'
import type { JsonObject, ServedResource } from '../resource.ts'
import { groupResources } from './groups.ts'
import { componentSchemas, schemaName } from './openapi-schemas.ts'

/** `/openapi/v3`: where the document of each group-version is. */
export interface OpenApiIndex {
  readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>
}

/** Lists the documents. Each URL has a hash that changes with what the document says: clients keep it for good. */
export function openApiIndex(resources: readonly ServedResource[]): OpenApiIndex {
  const paths: Record<string, { serverRelativeURL: string }> = {}
  for (const { name, versions } of groupResources(resources)) {
    for (const { version, resources: served } of versions) {
      const key = documentKey(name, version)
      paths[key] = { serverRelativeURL: `/openapi/v3/${key}?hash=${documentHash(served)}` }
    }
  }
  return { paths }
}

/** `api/v1` or `apis/<group>/<version>`: the document's name in the index and under `/openapi/v3/`. */
function documentKey(group: string, version: string): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`
}

/** Hash of what a group-version's document is made from, upper-case hex. */
function documentHash(resources: readonly ServedResource[]): string {
  const hash = createHash('sha256')
  for (const resource of resources) {
    const {
      openAPIV3Schema: schema,
      group,
      version,
      kind,
      plural,
      namespaced,
      verbs,
      subresources,
    } = resource
    hash.update(JSON.stringify([group, version, kind, plural, namespaced, verbs, subresources]))
    if (schema !== undefined) hash.update(schemaHash(schema))
  }
  return hash.digest('hex').toUpperCase()
}

const schemaHashes = new WeakMap<JsonObject, string>()

/** Some schemas are a megabyte, and the index asks for every hash. */
function schemaHash(schema: JsonObject): string {
  const known = schemaHashes.get(schema)
  if (known !== undefined) return known
  const made = createHash('sha256').update(JSON.stringify(schema)).digest('hex')
  schemaHashes.set(schema, made)
  return made
}

/** The document of one group-version; `undefined` when it is not served. */
export function openApiDocument(
  resources: readonly ServedResource[],
  group: string,
  version: string,
): JsonObject | undefined {
  const served = resources.filter((one) => one.group === group && one.version === version)
  if (served.length === 0) return undefined
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.0' },
    paths: Object.assign({}, ...served.map(resourcePaths)) as JsonObject,
    components: { schemas: componentSchemas(served) },
  }
}

type Action = readonly [method: string, action: string, verb: string]

const onCollection: readonly Action[] = [
  ['get', 'list', 'list'],
  ['post', 'post', 'create'],
  ['delete', 'deletecollection', 'deletecollection'],
]
const onObject: readonly Action[] = [
  ['get', 'get', 'get'],
  ['put', 'put', 'update'],
  ['patch', 'patch', 'patch'],
  ['delete', 'delete', 'delete'],
]

function resourcePaths(resource: ServedResource): JsonObject {
  const root = `/${documentKey(resource.group, resource.version)}`
  const collection = `${root}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`
  const object = `${collection}/{name}`
  const paths: JsonObject = {
    [collection]: operations(resource, onCollection, resource.verbs),
    [object]: operations(resource, onObject, resource.verbs),
  }
  if (resource.subresources.includes('status')) {
    paths[`${object}/status`] = operations(resource, onObject, ['get', 'update', 'patch'])
  }
  if (resource.namespaced) {
    paths[`${root}/${resource.plural}`] = operations(resource, onCollection, ['list'])
  }
  return paths
}

const writes: ReadonlySet<string> = new Set(['post', 'put', 'patch'])

/**
 * Strategic merge patches are left out, though built-in kinds take them: where they are listed kubectl computes its patches
 * from these schemas, which know no merge keys; otherwise from the complete ones that it has itself. Custom resources take
 * none.
 */
const bodyTypes: Readonly<Record<string, readonly string[]>> = {
  post: ['application/json', 'application/yaml'],
  put: ['application/json', 'application/yaml'],
  patch: ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'],
}

function operations(
  resource: ServedResource,
  actions: readonly Action[],
  verbs: readonly string[],
): JsonObject {
  const { group, version, kind } = resource
  const schema = { $ref: `#/components/schemas/${schemaName(resource)}` }
  const made: JsonObject = {}
  for (const [method, action, verb] of actions) {
    if (!verbs.includes(verb)) continue
    made[method] = {
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, version, kind },
      ...(writes.has(method)
        ? { parameters: writeParameters(method), requestBody: body(method, schema) }
        : {}),
      responses: { '200': { description: 'OK', content: { 'application/json': { schema } } } },
    }
  }
  return made
}

function body(method: string, schema: JsonObject): JsonObject {
  const content: JsonObject = {}
  for (const type of bodyTypes[method] ?? []) {
    content[type] = { schema: method === 'patch' ? { type: 'object' } : schema }
  }
  return { content, required: true }
}

function writeParameters(method: string): JsonObject[] {
  const names = ['dryRun', 'fieldManager', 'fieldValidation', ...(method === 'patch' ? ['force'] : [])]
  return names.map((name) => ({
    name,
    in: 'query',
    schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true },
  }))
}
