import type { JsonObject, ServedResource } from '../resource.ts'
import { builtinTypes } from './builtin-schemas.ts'

const reference = (name: string): JsonObject => ({
  allOf: [{ $ref: `#/components/schemas/${name}` }],
  default: {},
})

/** Name of a kind's own schema among the components of its document. */
export function schemaName({ group, version, kind }: ServedResource): string {
  const reversed = group === '' ? 'core' : group.split('.').toReversed().join('.')
  return `${reversed}.${version}.${kind}`
}

/** The component schemas of one group-version: one for each kind, and whatever these refer to. */
export function componentSchemas(resources: readonly ServedResource[]): JsonObject {
  const schemas: JsonObject = {}
  for (const resource of resources) {
    const own = resource.openAPIV3Schema ?? builtinSchema(resource.kind, schemas)
    schemas[schemaName(resource)] = kindSchema(resource, own)
  }
  addType('ObjectMeta', schemas)
  return schemas
}

function kindSchema(resource: ServedResource, own: JsonObject): JsonObject {
  const { group, version, kind } = resource
  const text = (description: string): JsonObject => ({ type: 'string', description })
  const properties = {
    ...(own['properties'] as JsonObject | undefined),
    apiVersion: text('APIVersion is the version of the schema of this object.'),
    kind: text('Kind is what this object is.'),
    metadata: { ...reference('ObjectMeta'), description: "Standard object's metadata." },
  }
  return { ...own, type: 'object', properties, 'x-kubernetes-group-version-kind': [{ group, version, kind }] }
}

function builtinSchema(kind: string, schemas: JsonObject): JsonObject {
  const known = Object.hasOwn(builtinTypes, kind) ? builtinTypes[kind] : undefined
  if (known === undefined) return { description: `${kind} of the Kubernetes API.`, type: 'object' }
  return typeSchema(known[0], known[1], schemas)
}

function typeSchema(description: string, fields: string, schemas: JsonObject): JsonObject {
  const properties: JsonObject = {}
  const required: string[] = []
  for (const field of fields.split(' ')) {
    const [, star, name = '', type = 'any', suffix] = /^(\*?)(\w+):(\w+)(\[\]|\{\})?$/.exec(field) ?? []
    if (star === '*') required.push(name)
    const value = valueSchema(type, schemas)
    if (suffix === '[]') properties[name] = { type: 'array', items: value }
    else properties[name] = suffix === '{}' ? { type: 'object', additionalProperties: value } : value
  }
  return { description, type: 'object', properties, ...(required.length === 0 ? {} : { required }) }
}

const scalars: Readonly<Record<string, JsonObject>> = {
  string: { type: 'string' },
  int: { type: 'integer', format: 'int64' },
  bool: { type: 'boolean' },
  time: { type: 'string', format: 'date-time' },
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  intOrString: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
  any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
}

function valueSchema(type: string, schemas: JsonObject): JsonObject {
  const scalar = Object.hasOwn(scalars, type) ? scalars[type] : undefined
  if (scalar !== undefined) return scalar
  addType(type, schemas)
  return reference(type)
}

function addType(name: string, schemas: JsonObject): void {
  if (Object.hasOwn(schemas, name)) return
  // Put there first: a type may refer to itself.
  schemas[name] = {}
  const [description, fields] = builtinTypes[name] ?? ['', '']
  schemas[name] = fields === '' ? { type: 'object' } : typeSchema(description, fields, schemas)
}
