import { randomUUID } from 'node:crypto'

import { timestamp, type ApiObject } from '../object.ts'
import type { Store } from '../store.ts'
import { bootstrapAggregates, bootstrapBindings, bootstrapRules } from './bootstrap-policy.ts'
import { rbacGroup } from './rbac.ts'

const apiVersion = `${rbacGroup}/v1`
const aggregateTo = `${rbacGroup}/aggregate-to-`
const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' }
const bootstrapping = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }

/**
 * Writes the roles and bindings that are there before any client comes. Straight into the store: the way of a client's write
 * would take a tenth of the server's start.
 */
export function createBootstrapPolicy(store: Store, now: Date): void {
  const roles = store.collection(`clusterroles.${rbacGroup}`)
  const bindings = store.collection(`clusterrolebindings.${rbacGroup}`)
  for (const [name, rules] of Object.entries(bootstrapRules)) {
    const gatheredBy = /^system:aggregate-to-(.*)$/.exec(name)?.[1]
    roles.put(made('ClusterRole', { name, gatheredBy, now }, { rules }))
  }
  for (const [name, { also }] of Object.entries(bootstrapAggregates)) {
    const selector = { matchLabels: { [`${aggregateTo}${name}`]: 'true' } }
    const aggregationRule = { clusterRoleSelectors: [selector] }
    roles.put(made('ClusterRole', { name, gatheredBy: also, now }, { aggregationRule, rules: null }))
  }
  for (const [name, groups] of Object.entries(bootstrapBindings)) {
    const roleRef = { apiGroup: rbacGroup, kind: 'ClusterRole', name }
    const subjects = groups.map((group) => ({ apiGroup: rbacGroup, kind: 'Group', name: group }))
    bindings.put(made('ClusterRoleBinding', { name, now }, { roleRef, subjects }))
  }
}

function made(
  kind: string,
  of: { readonly name: string; readonly gatheredBy?: string | undefined; readonly now: Date },
  fields: Readonly<Record<string, unknown>>,
): ApiObject {
  const { name, gatheredBy } = of
  const time = timestamp(of.now)
  const labels = {
    ...bootstrapping,
    ...(gatheredBy === undefined ? {} : { [`${aggregateTo}${gatheredBy}`]: 'true' }),
  }
  const owned: Record<string, object> = {
    'f:metadata': { 'f:annotations': keysOwned(annotations), 'f:labels': keysOwned(labels) },
  }
  for (const field in fields) {
    const value = fields[field]
    if (value !== null) owned[`f:${field}`] = field === 'aggregationRule' ? keysOwned(value) : {}
  }
  const written = { apiVersion, manager: 'kube-apiserver', operation: 'Update', time } as const
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      uid: randomUUID(),
      creationTimestamp: time,
      annotations,
      labels,
      managedFields: [{ ...written, fieldsType: 'FieldsV1', fieldsV1: owned }],
    },
    ...fields,
  }
}

function keysOwned(record: unknown): object {
  const keys = Object.keys(record as object).map((key) => [`f:${key}`, {}] as const)
  return { '.': {}, ...Object.fromEntries(keys) }
}
