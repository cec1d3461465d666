import type { ManagedFieldsEntry } from '../../../contract/objects.ts'
import { deepEqual, isRecord, listAt, recordAt, stringAt, timestamp, type ApiObject } from '../object.ts'
import type { Collection } from '../store.ts'
import { rulesOf, type PolicyRule } from './policy-rule.ts'
import { rbacGroup } from './rbac.ts'

const manager = 'clusterrole-aggregation-controller'

/**
 * Keeps the rules of every ClusterRole with an `aggregationRule` those of the roles that it selects, from now on. On a real
 * cluster a controller does that; here it is done before the next request is taken.
 * @param roles the ClusterRoles
 */
export function aggregateClusterRoles(roles: Collection, now: () => Date): void {
  let isDue = false
  const aggregate = (): void => {
    isDue = false
    for (const role of roles.list()) {
      const selectors = listAt(recordAt(role, 'aggregationRule'), 'clusterRoleSelectors')
      if (selectors.length > 0) refresh(roles, role, selectors, now())
    }
  }
  roles.listen(() => {
    // Not within the commit that is being told of, and once for several.
    if (!isDue) queueMicrotask(aggregate)
    isDue = true
  })
  aggregate()
}

function refresh(roles: Collection, live: ApiObject, selectors: readonly unknown[], now: Date): void {
  const others = roles.list().filter((role) => role !== live)
  const rules: PolicyRule[] = []
  for (const selector of selectors) {
    for (const rule of others.filter((role) => selects(selector, role)).flatMap(rulesOf)) {
      if (!rules.some((other) => deepEqual(other, rule))) rules.push(rule)
    }
  }
  if (deepEqual(rules, rulesOf(live))) return
  const managedFields = withOwnRules(live.metadata.managedFields ?? [], now)
  roles.put({ ...live, metadata: { ...live.metadata, managedFields }, rules })
}

/** The rules belong to the aggregation alone, as when it applies them by force. */
function withOwnRules(entries: readonly ManagedFieldsEntry[], now: Date): ManagedFieldsEntry[] {
  const rest = entries.flatMap((entry) => {
    const { 'f:rules': _, ...fieldsV1 } = entry.fieldsV1 ?? {}
    return entry.manager === manager || Object.keys(fieldsV1).length === 0 ? [] : [{ ...entry, fieldsV1 }]
  })
  const own: ManagedFieldsEntry = {
    manager,
    operation: 'Apply',
    apiVersion: `${rbacGroup}/v1`,
    time: timestamp(now),
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:rules': {} },
  }
  return [own, ...rest]
}

/** Whether a metav1.LabelSelector selects an object. */
function selects(selector: unknown, { metadata: { labels = {} } }: ApiObject): boolean {
  const wanted = Object.entries(recordAt(selector, 'matchLabels'))
  return (
    wanted.every(([key, value]) => labels[key] === value) &&
    listAt(selector, 'matchExpressions').every((term) => isRecord(term) && holds(term, labels))
  )
}

function holds(term: Record<string, unknown>, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[stringAt(term, 'key') ?? '']
  const isListed = value !== undefined && listAt(term, 'values').includes(value)
  switch (term['operator']) {
    case 'In':
      return isListed
    case 'NotIn':
      return !isListed
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return false
  }
}
