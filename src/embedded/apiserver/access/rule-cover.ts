import { urlCovers, type PolicyRule } from './policy-rule.ts'

/** A rule about one thing only. */
type Right =
  | { readonly verb: string; readonly url: string }
  | { readonly verb: string; readonly group: string; readonly resource: string; readonly name?: string }

/**
 * What `wanted` allows and `held` does not, in the words of a real server, one line each:
 * `{APIGroups:[""], Resources:["pods"], Verbs:["list" "delete"]}`. Empty when everything is covered.
 */
export function missingRights(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): string[] {
  const missing = wanted.flatMap(breakDown).filter((right) => !held.some((rule) => covers(rule, right)))
  return [...new Set(describe(missing))].toSorted()
}

function breakDown(rule: PolicyRule): Right[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  const names = resourceNames.length === 0 ? [undefined] : resourceNames
  const rights: Right[] = []
  for (const group of apiGroups)
    for (const resource of resources)
      for (const verb of verbs)
        for (const name of names)
          rights.push({ verb, group, resource, ...(name === undefined ? {} : { name }) })
  for (const url of nonResourceURLs) for (const verb of verbs) rights.push({ verb, url })
  return rights
}

function covers(rule: PolicyRule, right: Right): boolean {
  if (!has(rule.verbs, right.verb)) return false
  if ('url' in right) return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, right.url))
  const { group, resource, name } = right
  if (!has(rule.apiGroups, group)) return false
  if (!has(rule.resources, resource) && !coversSubresource(rule.resources, resource)) return false
  const names = rule.resourceNames ?? []
  return names.length === 0 || (name !== undefined && names.includes(name))
}

function has(list: readonly string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(value))
}

function coversSubresource(resources: readonly string[] | undefined, resource: string): boolean {
  const slash = resource.indexOf('/')
  return slash !== -1 && resources?.includes(`*${resource.slice(slash)}`) === true
}

/** Rights that differ by their verbs alone are one line; those on URLs are not put together. */
function describe(rights: readonly Right[]): string[] {
  const lines = new Map<string, string[]>()
  const add = (head: string, verb: string): void => void lines.set(head, [...(lines.get(head) ?? []), verb])
  const urls: string[] = []
  for (const right of rights) {
    if ('url' in right) {
      urls.push(`{NonResourceURLs:${list([right.url])}, Verbs:${list([right.verb])}}`)
      continue
    }
    const { group, resource, name, verb } = right
    const named = name === undefined ? '' : `, ResourceNames:${list([name])}`
    add(`{APIGroups:${list([group])}, Resources:${list([resource])}${named}`, verb)
  }
  return [...urls, ...[...lines].map(([head, verbs]) => `${head}, Verbs:${list(verbs)}}`)]
}

/** As Go prints a list of strings with `%q`. */
export function list(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(' ')}]`
}
