import { isPlainObject } from '../../contract/checks.ts'
import {
  callerRights,
  taskRights,
  taskRole,
  type PolicyRule,
  type Right,
} from '../../contract/scenario-rights.ts'
import type { MissingRight } from './access.ts'

/** What an account lacks by the roles and bindings of a file. */
export interface Uncovered {
  /** Of the account, `default`. */
  readonly account: string
  readonly missing: readonly MissingRight[]
}

/**
 * What the account of Task pods and that of the caller lack. Accounts that the file binds are judged by what it binds them to;
 * where it binds neither, its rules together have to cover both.
 */
export function uncoveredRights(documents: readonly unknown[], callerAccount: string): Uncovered[] {
  const objects = documents.filter(isPlainObject)
  const needs: readonly [string, readonly Right[]][] = [
    [taskRole.account, taskRights],
    [callerAccount, callerRights],
  ]
  const bound = needs.filter(([account]) => objects.some((object) => binds(object, account)))
  const judged =
    bound.length > 0
      ? bound.map(([account, rights]) => ({ account, rights, rules: rulesFor(objects, account) }))
      : needs.map(([account, rights]) => ({ account, rights, rules: objects.flatMap(rulesIn) }))
  return judged
    .map(({ account, rights, rules }) => ({ account, missing: missingAmong(rules, rights) }))
    .filter(({ missing }) => missing.length > 0)
}

type Fields = Record<string, unknown>

function binds(object: Fields, account: string): boolean {
  const { kind, subjects } = object
  if (kind !== 'RoleBinding' && kind !== 'ClusterRoleBinding') return false
  return listOf(subjects).some(
    (subject) => subject['kind'] === 'ServiceAccount' && subject['name'] === account,
  )
}

function rulesFor(objects: readonly Fields[], account: string): PolicyRule[] {
  const roles = objects
    .filter((object) => binds(object, account))
    .map(({ roleRef }) =>
      isPlainObject(roleRef) ? `${String(roleRef['kind'])}/${String(roleRef['name'])}` : '',
    )
  return objects
    .filter((object) => roles.includes(`${String(object['kind'])}/${nameOf(object)}`))
    .flatMap(rulesIn)
}

function nameOf({ metadata }: Fields): string {
  return isPlainObject(metadata) ? String(metadata['name']) : ''
}

function rulesIn({ kind, rules }: Fields): PolicyRule[] {
  if (kind !== 'Role' && kind !== 'ClusterRole') return []
  return listOf(rules)
    .filter(({ resourceNames }) => resourceNames === undefined)
    .map(({ apiGroups, resources, verbs }) => ({
      apiGroups: textsOf(apiGroups),
      resources: textsOf(resources),
      verbs: textsOf(verbs),
    }))
}

function missingAmong(rules: readonly PolicyRule[], rights: readonly Right[]): MissingRight[] {
  return rights.flatMap((right) =>
    right.verbs
      .filter((verb) => !rules.some((rule) => covers(rule, right, verb)))
      .map((verb) => ({ verb, right })),
  )
}

function covers(rule: PolicyRule, right: Right, verb: string): boolean {
  const has = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value)
  return has(rule.apiGroups, right.group) && has(rule.resources, right.resource) && has(rule.verbs, verb)
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isPlainObject) : []
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}
