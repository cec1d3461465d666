import type { ServedResource } from '../resource.ts'

/** One API group with its served versions, the preferred one first. */
export interface ServedGroup {
  /** Empty for the core group. */
  readonly name: string
  readonly versions: readonly ServedVersion[]
}

export interface ServedVersion {
  readonly version: string
  /** In the order in which they were given. */
  readonly resources: readonly ServedResource[]
}

/** Groups in the order in which their first resource was given; versions by Kubernetes' version priority. */
export function groupResources(resources: readonly ServedResource[]): ServedGroup[] {
  const groups = new Map<string, Map<string, ServedResource[]>>()
  for (const resource of resources) {
    const versions = groups.get(resource.group) ?? new Map<string, ServedResource[]>()
    groups.set(resource.group, versions)
    const list = versions.get(resource.version) ?? []
    versions.set(resource.version, list)
    list.push(resource)
  }
  return [...groups].map(([name, versions]) => ({
    name,
    versions: [...versions]
      .map(([version, list]) => ({ version, resources: list }))
      .toSorted((a, b) => compareVersions(a.version, b.version)),
  }))
}

const stages = ['alpha', 'beta', '']

/**
 * Orders API versions, the preferred one first: stable before beta before alpha, then the higher number; versions of any
 * other form come last, in alphabetical order.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)]
  if (left === undefined || right === undefined) {
    if (left === right) return a < b ? -1 : a > b ? 1 : 0
    return left === undefined ? 1 : -1
  }
  return left.map((part, index) => (right[index] ?? 0) - part).find((difference) => difference !== 0) ?? 0
}

function rank(version: string): number[] | undefined {
  const parts = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version)
  if (parts === null) return undefined
  return [stages.indexOf(parts[2] ?? ''), Number(parts[1]), Number(parts[3] ?? 0)]
}

/** Kind and verbs of a subresource, as discovery names them. */
export interface SubresourceForm {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly verbs: readonly string[]
}

const foreign: Readonly<Record<string, SubresourceForm>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
  binding: { group: '', version: 'v1', kind: 'Binding', verbs: ['create'] },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] },
  exec: { group: '', version: 'v1', kind: 'PodExecOptions', verbs: ['create', 'get'] },
  attach: { group: '', version: 'v1', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
  portforward: { group: '', version: 'v1', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
}

const ownVerbs: Readonly<Record<string, readonly string[]>> = {
  status: ['get', 'patch', 'update'],
  ephemeralcontainers: ['get', 'patch', 'update'],
  log: ['get'],
  finalize: ['update'],
}

/** What discovery says of `subresource` of `resource`. */
export function subresourceForm(resource: ServedResource, subresource: string): SubresourceForm {
  const other = Object.hasOwn(foreign, subresource) ? foreign[subresource] : undefined
  if (other !== undefined) return other
  const { group, version, kind } = resource
  const verbs = Object.hasOwn(ownVerbs, subresource) ? ownVerbs[subresource] : undefined
  return { group, version, kind, verbs: verbs ?? ['get'] }
}
