/**
 * Writes src/embedded/apiserver/kinds/field-tables.ts: the fields of every built-in type that the embedded API server serves,
 * as the models of @kubernetes/client-node have them. Run by hand after that package changed: `node ci/field-tables.ts`.
 */
import { writeFile } from 'node:fs/promises'

import * as client from '@kubernetes/client-node'

interface Attribute {
  readonly baseName: string
  readonly type: string
  readonly format: string
}

const roots = [
  'AuthenticationV1TokenRequest',
  'CoreV1Event',
  'EventsV1Event',
  'V1ClusterRole',
  'V1ClusterRoleBinding',
  'V1ConfigMap',
  'V1CronJob',
  'V1CustomResourceDefinition',
  'V1DeleteOptions',
  'V1Deployment',
  'V1EndpointSlice',
  'V1Endpoints',
  'V1Job',
  'V1Lease',
  'V1LimitRange',
  'V1LocalSubjectAccessReview',
  'V1MutatingWebhookConfiguration',
  'V1Namespace',
  'V1Node',
  'V1PersistentVolume',
  'V1PersistentVolumeClaim',
  'V1Pod',
  'V1ReplicaSet',
  'V1ResourceQuota',
  'V1Role',
  'V1RoleBinding',
  'V1Secret',
  'V1SelfSubjectAccessReview',
  'V1SelfSubjectReview',
  'V1SelfSubjectRulesReview',
  'V1Service',
  'V1ServiceAccount',
  'V1StatefulSet',
  'V1StorageClass',
  'V1SubjectAccessReview',
  'V1TokenReview',
  'V1ValidatingWebhookConfiguration',
]

/** The models call a quantity a string, but a number is as good on the wire. */
const quantities = new Set([
  'allocatable',
  'allocatedResources',
  'capacity',
  'default',
  'defaultRequest',
  'divisor',
  'hard',
  'limits',
  'max',
  'maxLimitRequestRatio',
  'min',
  'overhead',
  'requests',
  'resizeMinimum',
  'sizeLimit',
  'used',
])

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'int',
  boolean: 'bool',
  Date: 'time',
  V1MicroTime: 'microTime',
  IntOrString: 'intOrString',
  any: 'any',
  object: 'any',
}

const models = client as unknown as Readonly<Record<string, { getAttributeTypeMap?(): Attribute[] }>>
const tables = new Map<string, string>()

function shape(type: string, attribute: Attribute): string {
  const list = /^Array<(.*)>$/.exec(type)
  if (list !== null) return `${shape(list[1] ?? '', attribute)}[]`
  const map = /^\{ \[key: string\]: (.*?);? ?\}$/.exec(type)
  if (map !== null) return `${shape(map[1] ?? '', attribute)}{}`
  const scalar = scalars[type]
  if (scalar === 'string' && quantities.has(attribute.baseName)) return 'quantity'
  if (scalar === 'int' && attribute.format === 'double') return 'number'
  if (scalar === 'string' && attribute.format === 'byte') return 'bytes'
  if (scalar !== undefined) return scalar
  add(type)
  return type
}

function add(type: string): void {
  if (tables.has(type)) return
  const attributes = models[type]?.getAttributeTypeMap?.()
  if (attributes === undefined) throw new Error(`${type} is no model of @kubernetes/client-node`)
  tables.set(type, '')
  const fields = attributes.map((attribute) => `${attribute.baseName}:${shape(attribute.type, attribute)}`)
  tables.set(type, fields.join(' '))
}

for (const root of roots) add(root)
const lines = [...tables.keys()].toSorted().map((type) => `  ${type}: '${tables.get(type) ?? ''}',\n`)
const text = `/**
 * Fields of the built-in types, one line a type, as \`name:type\` pairs; \`[]\` after a type is a list, \`{}\` a map. Written by
 * ci/field-tables.ts from the models of @kubernetes/client-node.
 */
export const fieldTables: Readonly<Record<string, string>> = {
${lines.join('')}}
`
await writeFile(new URL('../src/embedded/apiserver/kinds/field-tables.ts', import.meta.url), text)
