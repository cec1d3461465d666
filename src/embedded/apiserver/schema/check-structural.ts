import { forbiddenField, invalidValue, required, type FieldError } from '../field-error.ts'
import { keySegment, pathText, type Segment } from './field-path.ts'
import { additionalSchema, ownSchema, type JsonSchema } from './json-schema.ts'
import type { SchemaPlace } from './schema-walk.ts'

/** What a structural schema must not do at one of its nodes. */
export function checkStructuralNode(place: SchemaPlace): FieldError[] {
  return [
    ...typeErrors(place),
    ...rootErrors(place),
    ...listErrors(place),
    ...extensionErrors(place),
    ...resourceErrors(place),
    ...junctorErrors(place.schema, place.path, hasIntOrStringPattern(place.schema)),
  ]
}

const missingType: Readonly<Record<SchemaPlace['level'], string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

function typeErrors({ schema, path, level }: SchemaPlace): FieldError[] {
  const field = pathText([...path, 'type'])
  const type = schema.type ?? ''
  if (schema['x-kubernetes-embedded-resource'] === true && type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true'
    return [type === '' ? required(field, detail) : invalidValue(field, type, detail)]
  }
  const free =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true
  if (type === '' && (!free || level === 'root')) return [required(field, missingType[level])]
  if (type !== '' && !jsonTypes.has(type)) {
    return [invalidValue(field, type, `must be one of ${[...jsonTypes].join(', ')}`)]
  }
  return level === 'root' && type !== 'object'
    ? [invalidValue(field, type, 'must be object at the root')]
    : []
}

const jsonTypes: ReadonlySet<string> = new Set(['array', 'boolean', 'integer', 'number', 'object', 'string'])

function rootErrors({ schema, path, level }: SchemaPlace): FieldError[] {
  if (level !== 'root') return []
  const errors: FieldError[] = []
  if (additionalSchema(schema) !== undefined) {
    errors.push(forbiddenField(pathText([...path, 'additionalProperties']), 'must not be used at the root'))
  }
  const metadata = ownSchema(schema.properties, 'metadata')
  if (metadata !== undefined && !restrictsNamesOnly(metadata)) {
    const field = pathText([...path, 'properties', keySegment('metadata')])
    const detail =
      'must not specify anything other than name and generateName, but metadata is implicitly specified'
    errors.push(forbiddenField(field, detail))
  }
  return errors
}

function restrictsNamesOnly(metadata: JsonSchema): boolean {
  const names = Object.keys(metadata.properties ?? {})
  const known = new Set(['type', 'properties', 'description'])
  return (
    names.every((name) => name === 'name' || name === 'generateName') &&
    Object.keys(metadata).every((key) => known.has(key))
  )
}

function listErrors({ schema, path }: SchemaPlace): FieldError[] {
  const errors: FieldError[] = []
  const at = (name: string): string => pathText([...path, name])
  if (schema.type === 'array' && schema.items === undefined)
    errors.push(required(at('items'), 'must be specified'))
  if (schema.uniqueItems === true)
    errors.push(
      forbiddenField(
        at('uniqueItems'),
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    )
  const listType = schema['x-kubernetes-list-type']
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  if (listType !== undefined && schema.type !== 'array') {
    errors.push(
      invalidValue(at('type'), schema.type ?? '', 'must be array if x-kubernetes-list-type is specified'),
    )
  }
  if (listType === 'map' && keys.length === 0) {
    errors.push(
      required(at('x-kubernetes-list-map-keys'), 'must not be empty if x-kubernetes-list-type is map'),
    )
  }
  if (listType !== 'map' && keys.length > 0) {
    errors.push(
      invalidValue(
        at('x-kubernetes-list-type'),
        listType ?? null,
        'must be map if x-kubernetes-list-map-keys is non-empty',
      ),
    )
  }
  return listType === 'map' ? [...errors, ...mapKeyErrors(schema, path)] : errors
}

/** Keys of a keyed list must be scalars that every item has: required, or with a default. */
function mapKeyErrors(schema: JsonSchema, path: readonly Segment[]): FieldError[] {
  const items = schema.items
  if (items === undefined) return []
  const field = pathText([...path, 'items', 'properties'])
  return (schema['x-kubernetes-list-map-keys'] ?? []).flatMap((key) => {
    const property = ownSchema(items.properties, key)
    if (property === undefined) {
      return [
        invalidValue(
          field,
          key,
          'entries in x-kubernetes-list-map-keys must all be names of item properties',
        ),
      ]
    }
    if (property.default !== undefined || items.required?.includes(key) === true) return []
    return [
      required(
        `${field}[${key}].default`,
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      ),
    ]
  })
}

function extensionErrors({ schema, path }: SchemaPlace): FieldError[] {
  if (schema['x-kubernetes-int-or-string'] !== true) return []
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter((name) => schema[name] === true)
    .map((name) =>
      invalidValue(pathText([...path, name]), true, 'must be false if x-kubernetes-int-or-string is true'),
    )
}

function resourceErrors({ schema, path, level }: SchemaPlace): FieldError[] {
  const embedded = schema['x-kubernetes-embedded-resource'] === true
  const errors: FieldError[] = []
  if (
    embedded &&
    schema.properties === undefined &&
    schema['x-kubernetes-preserve-unknown-fields'] !== true
  ) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    errors.push(required(pathText([...path, 'properties']), detail))
  }
  if (!embedded && level !== 'root') return errors
  for (const name of ['kind', 'apiVersion']) {
    const type = ownSchema(schema.properties, name)?.type
    if (type !== undefined && type !== 'string') {
      errors.push(
        invalidValue(pathText([...path, 'properties', keySegment(name), 'type']), type, 'must be string'),
      )
    }
  }
  return errors
}

/** The only place where a type may stand inside of a junctor: int-or-string spelt out. */
function hasIntOrStringPattern(schema: JsonSchema): boolean {
  if (schema['x-kubernetes-int-or-string'] !== true) return false
  const branches = schema.anyOf ?? schema.allOf?.[0]?.anyOf ?? []
  return branches.length === 2 && branches[0]?.type === 'integer' && branches[1]?.type === 'string'
}

const nonStructural: readonly (readonly [keyof JsonSchema, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
]

function junctorErrors(schema: JsonSchema, path: readonly Segment[], intOrString: boolean): FieldError[] {
  const nested: (readonly [JsonSchema, readonly Segment[]])[] = []
  for (const name of ['allOf', 'anyOf', 'oneOf'] as const) {
    if (name === 'anyOf' && intOrString && schema.anyOf !== undefined) continue
    for (const [index, branch] of (schema[name] ?? []).entries())
      nested.push([branch, [...path, name, index]])
  }
  if (schema.not !== undefined) nested.push([schema.not, [...path, 'not']])
  return nested.flatMap(([branch, at], index) =>
    nestedErrors(branch, at, intOrString && index === 0 && schema.anyOf === undefined),
  )
}

function nestedErrors(schema: JsonSchema, path: readonly Segment[], allowAnyOf: boolean): FieldError[] {
  const errors = nonStructural
    .filter(([name]) => schema[name] !== undefined && schema[name] !== false)
    .map(([name, detail]) => forbiddenField(pathText([...path, name]), detail))
  const { anyOf, ...rest } = schema
  errors.push(...junctorErrors(allowAnyOf || anyOf === undefined ? rest : schema, path, false))
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...nestedErrors(property, [...path, 'properties', keySegment(key)], false))
  }
  if (schema.items !== undefined) errors.push(...nestedErrors(schema.items, [...path, 'items'], false))
  return errors
}
