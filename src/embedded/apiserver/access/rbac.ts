import { keyFor, recordAt, stringAt, type ApiObject } from '../object.ts'
import type { Collection, Store } from '../store.ts'
import type { Attributes } from './attributes.ts'
import { ruleAllows, rulesOf, type PolicyRule } from './policy-rule.ts'
import { SubjectIndex, type Grant } from './subject-index.ts'
import { isMaster, type User } from './user.ts'

export const rbacGroup = 'rbac.authorization.k8s.io'

export interface Decision {
  readonly allowed: boolean
  /** Which binding allows it, or what could not be asked; empty where there is nothing to say. */
  readonly reason: string
}

/** A role that a binding refers to. */
export interface RoleRef {
  readonly kind: string
  readonly name: string
}

const unconditional: Decision = { allowed: true, reason: '' }

/** Answers who may do what from the roles and bindings in the store, as they are at that moment. */
export class Rbac {
  readonly #roles: Collection
  readonly #clusterRoles: Collection
  readonly #bindings: SubjectIndex
  readonly #clusterBindings: SubjectIndex

  constructor(store: Store) {
    this.#roles = store.collection(`roles.${rbacGroup}`)
    this.#clusterRoles = store.collection(`clusterroles.${rbacGroup}`)
    this.#bindings = new SubjectIndex(store.collection(`rolebindings.${rbacGroup}`))
    this.#clusterBindings = new SubjectIndex(store.collection(`clusterrolebindings.${rbacGroup}`))
  }

  authorize(user: User, asked: Attributes): Decision {
    if (isMaster(user)) return unconditional
    const errors: string[] = []
    for (const grant of this.#grants(user, 'path' in asked ? '' : asked.namespace)) {
      const rules = this.#rulesOfGrant(grant)
      if (typeof rules === 'string') errors.push(rules)
      else if (rules.some((rule) => ruleAllows(rule, asked)))
        return { allowed: true, reason: `RBAC: allowed by ${describe(grant)}` }
    }
    return { allowed: false, reason: errors.length === 0 ? '' : `RBAC: ${aggregate(errors)}` }
  }

  /** Everything that a user may do in a namespace, and which roles were missing. */
  rulesFor(user: User, namespace: string): { rules: PolicyRule[]; error: string } {
    const rules: PolicyRule[] = []
    const errors: string[] = []
    for (const grant of this.#grants(user, namespace)) {
      const found = this.#rulesOfGrant(grant)
      if (typeof found === 'string') errors.push(found)
      else rules.push(...found)
    }
    return { rules, error: aggregate(errors) }
  }

  /** The rules of a role; `undefined` when there is none of that name. */
  roleRules({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
    const isCluster = kind === 'ClusterRole'
    const role = isCluster
      ? this.#clusterRoles.get(keyFor(undefined, name))
      : this.#roles.get(keyFor(namespace, name))
    return role === undefined ? undefined : rulesOf(role)
  }

  #grants(user: User, namespace: string): Grant[] {
    const everywhere = this.#clusterBindings.of(user, '')
    return namespace === '' ? everywhere : [...everywhere, ...this.#bindings.of(user, namespace)]
  }

  #rulesOfGrant({ binding }: Grant): readonly PolicyRule[] | string {
    const ref = roleRefOf(binding)
    const { namespace = '' } = binding.metadata
    return (
      this.roleRules(ref, namespace) ??
      `${ref.kind.toLowerCase()}.${rbacGroup} ${JSON.stringify(ref.name)} not found`
    )
  }
}

export function roleRefOf(binding: ApiObject): RoleRef {
  const ref = recordAt(binding, 'roleRef')
  return { kind: stringAt(ref, 'kind') ?? '', name: stringAt(ref, 'name') ?? '' }
}

function describe({ binding, subject }: Grant): string {
  const { kind, name } = roleRefOf(binding)
  const { namespace } = binding.metadata
  const own = namespace === undefined ? binding.metadata.name : `${binding.metadata.name}/${namespace}`
  const isAccount = subject.kind === 'ServiceAccount'
  const who = isAccount ? `${subject.name}/${subject.namespace ?? namespace ?? ''}` : subject.name
  return `${binding.kind} ${JSON.stringify(own)} of ${kind} ${JSON.stringify(name)} to ${subject.kind} ${JSON.stringify(who)}`
}

/** Several errors as Go joins them. */
function aggregate(errors: readonly string[]): string {
  const distinct = [...new Set(errors)]
  return distinct.length > 1 ? `[${distinct.join(', ')}]` : (distinct[0] ?? '')
}
