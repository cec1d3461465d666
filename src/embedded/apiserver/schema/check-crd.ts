import { invalidValue, notSupported, required, type FieldError } from '../field-error.ts'
import { recordAt, stringAt } from '../object.ts'
import { applySchemaDefaults } from './apply-defaults.ts'
import { compileCheck } from './check-schema.ts'
import { checkStructuralNode } from './check-structural.ts'
import type { Run } from './check.ts'
import { crdVersions, type CrdVersion } from './crd-document.ts'
import { pathText, type Segment } from './field-path.ts'
import type { PatternTest } from './pattern.ts'
import { pruneObject } from './prune.ts'
import { walkSchema, type SchemaPlace } from './schema-walk.ts'

/** Where errors of a version's schema are placed: a definition with one version is held as one shared schema. */
export function schemaPath(versions: readonly CrdVersion[], index: number): readonly Segment[] {
  return versions.length === 1
    ? ['spec', 'validation', 'openAPIV3Schema']
    : ['spec', 'versions', index, 'schema', 'openAPIV3Schema']
}

/** What is wrong with a definition, apart from the syntax of its rules and patterns. */
export function checkCrd(crd: unknown, pattern: (pattern: string) => PatternTest): FieldError[] {
  const versions = crdVersions(crd)
  return [
    ...nameErrors(crd),
    ...versionErrors(versions),
    ...versions.flatMap((version, index) => schemaErrors(version, schemaPath(versions, index), pattern)),
    ...versions.flatMap((version, index) => columnErrors(version, ['spec', 'versions', index])),
  ]
}

const label = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const labelRule =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"

function nameErrors(crd: unknown): FieldError[] {
  const spec = recordAt(crd, 'spec')
  const names = recordAt(spec, 'names')
  const group = stringAt(spec, 'group') ?? ''
  const plural = stringAt(names, 'plural') ?? ''
  const errors: FieldError[] = []
  if (group === '') errors.push(required('spec.group'))
  else if (!subdomain.test(group)) errors.push(invalidValue('spec.group', group, subdomainRule))
  else if (!group.includes('.'))
    errors.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'))
  const name = stringAt(recordAt(crd, 'metadata'), 'name') ?? ''
  if (name !== `${plural}.${group}`) {
    errors.push(invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group'))
  }
  for (const part of ['plural', 'singular', 'kind', 'listKind'] as const) {
    const value = stringAt(names, part) ?? ''
    const optional = part === 'singular' || part === 'listKind'
    if (value === '' && !optional) errors.push(required(`spec.names.${part}`))
    else if (value !== '' && !label.test(value.toLowerCase())) {
      errors.push(invalidValue(`spec.names.${part}`, value, labelRule))
    }
  }
  const scope = stringAt(spec, 'scope')
  if (scope === undefined) errors.push(required('spec.scope'))
  else if (scope !== 'Namespaced' && scope !== 'Cluster') {
    errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']))
  }
  return errors
}

function versionErrors(versions: readonly CrdVersion[]): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  for (const [index, { name, schema }] of versions.entries()) {
    if (!label.test(name)) errors.push(invalidValue(`spec.versions[${index}].name`, name, labelRule))
    if (names.has(name)) errors.push(invalidValue('spec.versions', name, 'must contain unique version names'))
    names.add(name)
    if (schema === undefined) {
      errors.push(required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required'))
    }
  }
  const stored = versions.filter((version) => version.storage).length
  if (stored !== 1) {
    const list = versions.map(({ name, served, storage }) => ({ name, served, storage }))
    errors.push(
      invalidValue('spec.versions', list, 'must have exactly one version marked as storage version'),
    )
  }
  return errors
}

function schemaErrors(
  version: CrdVersion,
  path: readonly Segment[],
  pattern: (pattern: string) => PatternTest,
): FieldError[] {
  if (version.schema === undefined) return []
  const errors: FieldError[] = []
  const withDefault: SchemaPlace[] = []
  walkSchema({ schema: version.schema, path, level: 'root', correlated: true }, (place) => {
    errors.push(...checkStructuralNode(place))
    if (place.schema.default !== undefined) withDefault.push(place)
    if (place.schema.pattern !== undefined) pattern(place.schema.pattern)
  })
  if (errors.length > 0) return errors
  return withDefault.flatMap((place) => defaultErrors(place, pattern))
}

/** A default must itself be valid and hold nothing that its schema does not know. */
function defaultErrors(place: SchemaPlace, pattern: (pattern: string) => PatternTest): FieldError[] {
  const { schema } = place
  const path = [...place.path, 'default']
  const unknown = pruneObject({ properties: { value: schema } }, { value: schema.default }).unknownFields
  if (unknown.length > 0) {
    return [
      invalidValue(pathText(path), schema.default, `must not have unknown fields: ${unknown.join(', ')}`),
    ]
  }
  const run: Run = { path: [], errors: [] }
  compileCheck(schema, pattern)(applySchemaDefaults(schema, schema.default), undefined, run)
  return run.errors.map((error) => {
    const below = error.field === '<nil>' ? '' : `${error.field.startsWith('[') ? '' : '.'}${error.field}`
    return { ...error, field: `${pathText(path)}${below}` }
  })
}

const columnTypes = ['integer', 'number', 'string', 'boolean', 'date']

function columnErrors(version: CrdVersion, path: readonly Segment[]): FieldError[] {
  return version.printerColumns.flatMap((column, index) => {
    const at = (name: string): string => pathText([...path, 'additionalPrinterColumns', index, name])
    const errors: FieldError[] = []
    if (column.name === '') errors.push(required(at('name')))
    if (!columnTypes.includes(column.type)) {
      errors.push(invalidValue(at('type'), column.type, `must be one of ${columnTypes.join(',')}`))
    }
    if (column.jsonPath === '') errors.push(required(at('JSONPath')))
    else if (!/^[.[{]/.test(column.jsonPath)) {
      errors.push(invalidValue(at('JSONPath'), column.jsonPath, 'is invalid: must start with a dot'))
    }
    return errors
  })
}
