import { expect, test } from 'vitest'

import { fieldTables } from '../kinds/field-tables.ts'
import { messageTables } from './message-tables.ts'
import { messageOf } from './messages.ts'

const kinds = [
  ['admissionregistration.MutatingWebhookConfiguration', 'V1MutatingWebhookConfiguration'],
  ['admissionregistration.ValidatingWebhookConfiguration', 'V1ValidatingWebhookConfiguration'],
  ['apiextensions.CustomResourceDefinition', 'V1CustomResourceDefinition'],
  ['apps.Deployment', 'V1Deployment'],
  ['apps.ReplicaSet', 'V1ReplicaSet'],
  ['apps.StatefulSet', 'V1StatefulSet'],
  ['authentication.TokenRequest', 'AuthenticationV1TokenRequest'],
  ['authentication.TokenReview', 'V1TokenReview'],
  ['authorization.LocalSubjectAccessReview', 'V1LocalSubjectAccessReview'],
  ['authorization.SelfSubjectAccessReview', 'V1SelfSubjectAccessReview'],
  ['authorization.SelfSubjectRulesReview', 'V1SelfSubjectRulesReview'],
  ['authorization.SubjectAccessReview', 'V1SubjectAccessReview'],
  ['batch.Job', 'V1Job'],
  ['coordination.Lease', 'V1Lease'],
  ['core.ConfigMap', 'V1ConfigMap'],
  ['core.Endpoints', 'V1Endpoints'],
  ['core.Event', 'CoreV1Event'],
  ['core.Namespace', 'V1Namespace'],
  ['core.Node', 'V1Node'],
  ['core.PersistentVolume', 'V1PersistentVolume'],
  ['core.PersistentVolumeClaim', 'V1PersistentVolumeClaim'],
  ['core.Pod', 'V1Pod'],
  ['core.Secret', 'V1Secret'],
  ['core.Service', 'V1Service'],
  ['core.ServiceAccount', 'V1ServiceAccount'],
  ['discovery.EndpointSlice', 'V1EndpointSlice'],
  ['events.Event', 'EventsV1Event'],
  ['rbac.ClusterRole', 'V1ClusterRole'],
  ['rbac.ClusterRoleBinding', 'V1ClusterRoleBinding'],
  ['rbac.Role', 'V1Role'],
  ['rbac.RoleBinding', 'V1RoleBinding'],
  ['storage.StorageClass', 'V1StorageClass'],
] as const

/** Field names and types of a message, with those of the messages that Go has inline. */
function messageFields(name: string): Map<string, string> {
  const fields = [...(messageOf(name)?.fields.values() ?? [])]
  return new Map(
    fields.flatMap((field) =>
      field.name === '' ? [...messageFields(field.base)] : [[field.name, field.base] as const],
    ),
  )
}

function jsonFields(name: string): Map<string, string> {
  const pairs = (fieldTables[name] ?? '').split(' ').map((pair) => pair.split(':'))
  return new Map(pairs.map(([field = '', type = '']) => [field, type.replace(/[[{].*/, '')]))
}

/** Fields that only one of the two tables has, of a type and all that it is made of. */
function differences(message: string, json: string, seen: Set<string>): string[] {
  if (seen.has(message)) return []
  seen.add(message)
  const [wire, text] = [messageFields(message), jsonFields(json)]
  const missing = [...wire.keys()].filter((field) => !text.has(field)).map((field) => `${json}.${field}`)
  // An object's type is in the envelope, or goes without saying.
  const typed = wire.has('metadata') ? ['apiVersion', 'kind'] : []
  const extra = [...text.keys()]
    .filter((field) => !wire.has(field) && !typed.includes(field))
    .map((field) => `${message}.${field}`)
  const within = [...wire].flatMap(([field, base]) => {
    const type = text.get(field) ?? ''
    return base.includes('.') && type in fieldTables ? differences(base, type, seen) : []
  })
  return [...missing, ...extra, ...within]
}

test.each(kinds)('behavior: %s has the same fields in protobuf and in JSON', (message, json) => {
  expect(differences(message, json, new Set())).toEqual([])
})

test('behavior: every message has fields of known types', () => {
  const names = Object.entries(messageTables).flatMap(([group, table]) =>
    Object.keys(table).map((name) => `${group}.${name}`),
  )
  const used = names.flatMap((name) => [...(messageOf(name)?.fields.values() ?? [])])
  const unknown = used.filter(({ base }) => base.includes('.') && messageOf(base) === undefined)
  expect(unknown).toEqual([])
})
