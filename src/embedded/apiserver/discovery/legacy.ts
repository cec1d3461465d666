import { createHash } from 'node:crypto'
import { groupVersionOf, type ServedResource } from '../resource.ts'
import { groupResources, subresourceForm, type ServedGroup } from './groups.ts'

interface GroupVersion {
  readonly groupVersion: string
  readonly version: string
}

/** metav1.APIGroup, without the header that a list leaves out. */
export interface ApiGroup {
  readonly name: string
  readonly versions: readonly GroupVersion[]
  readonly preferredVersion: GroupVersion
}

/** One entry of metav1.APIResourceList: a resource, or `<resource>/<subresource>`. */
export interface ApiResource {
  readonly name: string
  readonly singularName: string
  readonly namespaced: boolean
  readonly kind: string
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly storageVersionHash?: string
  /** Only where they are not those of the list. */
  readonly group?: string
  readonly version?: string
}

/**
 * `/api`.
 * @param serverAddress `host:port` at which the client reached this server
 */
export function apiVersions(
  resources: readonly ServedResource[],
  serverAddress: string,
): {
  kind: 'APIVersions'
  versions: string[]
  serverAddressByClientCIDRs: { clientCIDR: string; serverAddress: string }[]
} {
  const core = groupResources(resources).find((group) => group.name === '')
  return {
    kind: 'APIVersions',
    versions: (core?.versions ?? []).map(({ version }) => version),
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  }
}

/** `/apis`. */
export function apiGroupList(resources: readonly ServedResource[]): {
  kind: 'APIGroupList'
  apiVersion: 'v1'
  groups: ApiGroup[]
} {
  const groups = groupResources(resources).filter((group) => group.name !== '')
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(describeGroup) }
}

/** `/apis/<group>`; `undefined` when nothing of it is served. */
export function apiGroup(
  resources: readonly ServedResource[],
  name: string,
): ({ kind: 'APIGroup'; apiVersion: 'v1' } & ApiGroup) | undefined {
  const group = groupResources(resources).find((one) => one.name === name && name !== '')
  return group === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(group) }
}

function describeGroup(group: ServedGroup): ApiGroup {
  const versions = group.versions.map(({ version }) => ({
    groupVersion: `${group.name}/${version}`,
    version,
  }))
  const [preferred = { groupVersion: group.name, version: '' }] = versions
  return { name: group.name, versions, preferredVersion: preferred }
}

/** `/api/v1` and `/apis/<group>/<version>`, each resource before its subresources; `undefined` when not served. */
export function apiResourceList(
  resources: readonly ServedResource[],
  group: string,
  version: string,
): { kind: 'APIResourceList'; apiVersion: 'v1'; groupVersion: string; resources: ApiResource[] } | undefined {
  const served = resources
    .filter((one) => one.group === group && one.version === version)
    .toSorted((a, b) => (a.plural < b.plural ? -1 : 1))
  if (served.length === 0) return undefined
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersionOf({ group, version }),
    resources: served.flatMap((resource) => [
      describeResource(resource),
      ...resource.subresources.map((name) => describePart(resource, name)),
    ]),
  }
}

function describeResource(resource: ServedResource): ApiResource {
  return {
    name: resource.plural,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: resource.verbs,
    ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
    ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
    ...(resource.verbs.includes('list') ? { storageVersionHash: storageVersionHash(resource) } : {}),
  }
}

/** Tells clients whether objects are still stored in the same version: a hash of it, as every server computes it. */
function storageVersionHash({ group, version, kind }: ServedResource): string {
  const digest = createHash('sha256').update(`${group}/${version}/${kind}`).digest()
  return digest.subarray(0, 8).toString('base64')
}

function describePart(resource: ServedResource, subresource: string): ApiResource {
  const form = subresourceForm(resource, subresource)
  const isForeign = form.group !== resource.group || form.version !== resource.version
  return {
    name: `${resource.plural}/${subresource}`,
    singularName: '',
    namespaced: resource.namespaced,
    ...(isForeign ? { group: form.group, version: form.version } : {}),
    kind: form.kind,
    verbs: form.verbs,
  }
}
