import { deepEqual, listAt, recordAt, type ApiObject } from '../object.ts'
import { forbidden, notFound, StatusError } from '../status-error.ts'
import { rulesOf, type PolicyRule } from './policy-rule.ts'
import { rbacGroup, roleRefOf, type Rbac } from './rbac.ts'
import { list, missingRights } from './rule-cover.ts'
import { isMaster, type User } from './user.ts'

/** Refuses a write of which its user may not do everything that it would let others do. Throws StatusError 403. */
export type Guard = (draft: ApiObject, live: ApiObject | undefined, user: User) => void

const fullAuthority: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

/** For roles: nobody writes rules beyond what he may do himself, unless the verb `escalate` lets him. */
export function roleGuard(rbac: Rbac, plural: 'roles' | 'clusterroles'): Guard {
  const resource = { group: rbacGroup, plural }
  return (role, live, user) => {
    if (isMaster(user) || isForCollector(role, live)) return
    const { name, namespace = '' } = role.metadata
    // A name is asked for only where the URL has one.
    const asked = { ...escalate, resource: plural, name: live === undefined ? '' : name, namespace }
    if (rbac.authorize(user, asked).allowed) return
    refuseMissing(rbac, user, namespace, rulesOf(role), (why) => forbidden(resource, name, why))
    if (!aggregates(role) && (live === undefined || !aggregates(live))) return
    refuseMissing(rbac, user, namespace, fullAuthority, () =>
      forbidden(resource, name, 'must have cluster-admin privileges to use the aggregationRule'),
    )
  }
}

const escalate = { verb: 'escalate', group: rbacGroup, subresource: '' } as const

/** For bindings: nobody hands out a role beyond what he may do himself, unless the verb `bind` lets him. */
export function bindingGuard(rbac: Rbac, plural: 'rolebindings' | 'clusterrolebindings'): Guard {
  const resource = { group: rbacGroup, plural }
  return (binding, live, user) => {
    if (isMaster(user) || isForCollector(binding, live)) return
    const { name, namespace = '' } = binding.metadata
    const ref = roleRefOf(binding)
    const kind = { Role: 'roles', ClusterRole: 'clusterroles' }[ref.kind]
    if (kind === undefined) {
      throw new StatusError(500, '', `unsupported role reference kind: ${JSON.stringify(ref.kind)}`)
    }
    const group = String(recordAt(binding, 'roleRef')['apiGroup'] ?? '')
    const asked = { verb: 'bind', group, resource: kind, subresource: '', name: ref.name, namespace }
    if (rbac.authorize(user, asked).allowed) return
    const rules = rbac.roleRules(ref, namespace)
    // A real server says so of the binding too, though it is the role that is missing.
    if (rules === undefined) throw notFound(resource, ref.name)
    refuseMissing(rbac, user, namespace, rules, (why) => forbidden(resource, name, why))
  }
}

function refuseMissing(
  rbac: Rbac,
  user: User,
  namespace: string,
  wanted: readonly PolicyRule[],
  refusal: (why: string) => StatusError,
): void {
  const { rules, error } = rbac.rulesFor(user, namespace)
  const missing = missingRights(rules, wanted)
  if (missing.length === 0) return
  const who = `user ${JSON.stringify(user.username)} (groups=${list(user.groups)})`
  const text = `${who} is attempting to grant RBAC permissions not currently held:\n${missing.join('\n')}`
  throw refusal(error === '' ? text : `${text}; resolution errors: [${error}]`)
}

function aggregates(role: ApiObject): boolean {
  return listAt(recordAt(role, 'aggregationRule'), 'clusterRoleSelectors').length > 0
}

/** Only what a garbage collector writes is changed: owners and finalizers. */
function isForCollector(draft: ApiObject, live: ApiObject | undefined): boolean {
  if (live === undefined) return false
  const { ownerReferences, finalizers, managedFields } = live.metadata
  const metadata = { ...draft.metadata, ownerReferences, finalizers, managedFields }
  return deepEqual({ ...draft, metadata }, live)
}
