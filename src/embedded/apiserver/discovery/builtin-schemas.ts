import { messageOf, type Field } from '../protobuf/messages.ts'
import type { JsonObject } from '../resource.ts'
import { fieldEnums } from './field-enums.ts'
import { typeDescriptions } from './type-descriptions.ts'

/** Fields that cannot be left out, though the tables do not tell: of a struct Go always writes zero. */
const required: ReadonlySet<string> = fieldNames({
  'apiextensions.CustomResourceDefinition': 'spec',
  'apiextensions.CustomResourceDefinitionSpec': 'names',
  'apps.DeploymentSpec': 'selector template',
  'apps.ReplicaSetSpec': 'selector',
  'apps.StatefulSetSpec': 'selector template',
  'batch.JobSpec': 'template',
  'core.ContainerRestartRule': 'action',
  'core.ContainerRestartRuleOnExitCodes': 'operator',
  'core.Event': 'involvedObject metadata',
  'core.ImageVolumeStatus': 'imageRef',
  'core.PersistentVolumeClaimTemplate': 'spec',
  'core.PodCertificateProjection': 'keyType signerName',
  'core.PreferredSchedulingTerm': 'preference',
  'core.ScaleIOPersistentVolumeSource': 'secretRef',
  'core.ScaleIOVolumeSource': 'secretRef',
  'core.WeightedPodAffinityTerm': 'podAffinityTerm',
  'meta.Condition': 'lastTransitionTime',
  'rbac.ClusterRoleBinding': 'roleRef',
  'rbac.RoleBinding': 'roleRef',
})

/** Fields that can be left out, though Go writes their zero. */
const optional: ReadonlySet<string> = fieldNames({
  'apiextensions.CustomResourceDefinitionStatus': 'conditions storedVersions',
  'apps.StatefulSetOrdinals': 'start',
  'apps.StatefulSetSpec': 'serviceName',
  'apps.StatefulSetStatus': 'availableReplicas',
  'batch.PodFailurePolicyOnPodConditionsPattern': 'status',
  'core.ContainerImage': 'names',
  'core.Event': 'eventTime reportingComponent reportingInstance',
  'core.EventSeries': 'lastObservedTime',
  'core.NodeRuntimeHandler': 'name',
  'core.ProjectedVolumeSource': 'sources',
  'core.ResourceFieldSelector': 'divisor',
  'core.ServicePort': 'targetPort',
  'discovery.EndpointSlice': 'endpoints ports',
  'rbac.ClusterRole': 'rules',
  'rbac.Role': 'rules',
  'rbac.RoleRef': 'apiGroup',
})

function fieldNames(types: Readonly<Record<string, string>>): Set<string> {
  return new Set(
    Object.entries(types).flatMap(([type, names]) => names.split(' ').map((name) => `${type}.${name}`)),
  )
}

const scalars: Readonly<Record<string, JsonObject>> = {
  string: { type: 'string' },
  int: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  bool: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'date-time' },
}

/** Types whose JSON is none of a message's, by the name that is shown for them. */
const shown: Readonly<Record<string, readonly [name: string, schema: JsonObject]>> = {
  quantity: ['Quantity', { oneOf: [{ type: 'string' }, { type: 'number' }] }],
  intOrString: ['IntOrString', { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' }],
  fieldsV1: ['FieldsV1', { type: 'object' }],
  json: ['JSON', {}],
  schemaOrList: ['JSONSchemaPropsOrArray', {}],
  schemaOrBool: ['JSONSchemaPropsOrBool', {}],
  schemaOrStrings: ['JSONSchemaPropsOrStringArray', {}],
}

/** The schema of a message such as `core.Pod`, and in `schemas` those of the messages that it refers to. */
export function messageSchema(name: string, schemas: JsonObject): JsonObject {
  const type = name.slice(name.indexOf('.') + 1)
  const properties: JsonObject = {}
  const mandatory: string[] = []
  for (const field of fieldsOf(name)) {
    properties[field.name] = fieldSchema(field, fieldEnums[`${name}.${field.name}`], schemas)
    if (isRequired(name, field)) mandatory.push(field.name)
  }
  return {
    description: typeDescriptions[type] ?? `${type} of the Kubernetes API.`,
    type: 'object',
    properties,
    ...(mandatory.length === 0 ? {} : { required: mandatory }),
  }
}

/** Puts the schema of a message among the components, and gives a reference to it. */
export function reference(name: string, schemas: JsonObject): JsonObject {
  if (!Object.hasOwn(schemas, name)) {
    // Put there first: a message may refer to itself.
    schemas[name] = {}
    const schema = messageSchema(name, schemas)
    schemas[name] = typed.has(name) ? withHeader(schema) : schema
  }
  return referenceTo(name)
}

/** Kinds that also stand within others. */
const typed: ReadonlySet<string> = new Set(['core.PersistentVolumeClaim'])

/** A kind's schema with the fields that say so. */
export function withHeader(schema: JsonObject): JsonObject {
  const text = (description: string): JsonObject => ({ type: 'string', description })
  const header = {
    apiVersion: text('APIVersion is the version of the schema of this object.'),
    kind: text('Kind is what this object is.'),
  }
  return { ...schema, properties: { ...(schema['properties'] as JsonObject | undefined), ...header } }
}

function referenceTo(name: string): JsonObject {
  return { allOf: [{ $ref: `#/components/schemas/${name}` }], default: {} }
}

/** With the fields of those messages whose fields stand in this one's JSON. */
function fieldsOf(name: string): Field[] {
  const fields = [...(messageOf(name)?.fields.values() ?? [])]
  return fields.flatMap((field) => (field.name === '' ? fieldsOf(field.base) : [field]))
}

function isRequired(type: string, { name, base, wrap, isPointer, keepsZero }: Field): boolean {
  const path = `${type}.${name}`
  if (required.has(path)) return true
  if (optional.has(path) || isPointer || !keepsZero) return false
  const isStruct = wrap === undefined && base.includes('.')
  return !isStruct && base !== 'time'
}

function fieldSchema(
  { name, base, wrap }: Field,
  values: string | undefined,
  schemas: JsonObject,
): JsonObject {
  const plain = valueSchema(name === 'fieldsV1' ? name : base, schemas)
  const value = values === undefined ? plain : { ...plain, enum: values.split(' ') }
  if (wrap === 'list') return { type: 'array', items: value }
  return wrap === 'map' ? { type: 'object', additionalProperties: value } : value
}

function valueSchema(base: string, schemas: JsonObject): JsonObject {
  if (Object.hasOwn(scalars, base)) return scalars[base] ?? {}
  const special = Object.hasOwn(shown, base) ? shown[base] : undefined
  if (special === undefined) return reference(base, schemas)
  const [name, schema] = special
  schemas[name] = schema
  return referenceTo(name)
}
