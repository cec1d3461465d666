import { isRecord, listAt, type ApiObject } from '../object.ts'
import type { Attributes } from './attributes.ts'

/** One rule of a Role or ClusterRole. */
export interface PolicyRule {
  readonly verbs?: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}

/** The rules of a stored role, which were validated when it was written. */
export function rulesOf(role: ApiObject): readonly PolicyRule[] {
  return listAt(role, 'rules').filter(isRecord)
}

/** Whether `rule` alone allows what is asked. */
export function ruleAllows(rule: PolicyRule, asked: Attributes): boolean {
  if (!has(rule.verbs, asked.verb)) return false
  if ('path' in asked) return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, asked.path))
  return (
    has(rule.apiGroups, asked.group) &&
    matchesResource(rule.resources, asked.resource, asked.subresource) &&
    matchesName(rule.resourceNames, asked.name)
  )
}

function has(list: readonly string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes(value) || list.includes('*'))
}

/** `*` is every resource with every subresource, `*\/scale` that subresource of every one. */
function matchesResource(
  resources: readonly string[] | undefined,
  resource: string,
  subresource: string,
): boolean {
  if (subresource === '') return has(resources, resource)
  return has(resources, `${resource}/${subresource}`) || resources?.includes(`*/${subresource}`) === true
}

function matchesName(names: readonly string[] | undefined, name: string): boolean {
  return names === undefined || names.length === 0 || names.includes(name)
}

/** A URL of a rule covers itself, and with a star at its end whatever begins like it. */
export function urlCovers(url: string, path: string): boolean {
  return url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, '')))
}
