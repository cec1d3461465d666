import type { ServedResource } from '../resource.ts'
import { groupResources, subresourceForm, type ServedGroup } from './groups.ts'

interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

interface DiscoveredResource {
  readonly resource: string
  readonly responseKind: GroupVersionKind
  readonly scope: 'Namespaced' | 'Cluster'
  readonly singularResource: string
  readonly verbs: readonly string[]
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly subresources?: readonly {
    readonly subresource: string
    readonly responseKind: GroupVersionKind
    readonly verbs: readonly string[]
  }[]
}

/** apidiscovery.k8s.io APIGroupDiscoveryList. */
export interface AggregatedDiscovery {
  readonly kind: 'APIGroupDiscoveryList'
  readonly apiVersion: string
  readonly metadata: Readonly<Record<string, never>>
  readonly items: readonly {
    readonly metadata: { readonly name?: string; readonly creationTimestamp: null }
    readonly versions: readonly {
      readonly version: string
      readonly freshness: 'Current'
      readonly resources: readonly DiscoveredResource[]
    }[]
  }[]
}

/** Which half of the API: `/api` is the core group, `/apis` all the others. */
export type DiscoveryRoot = 'api' | 'apis'

/**
 * The whole of `/api` or `/apis` in one document.
 * @param version of apidiscovery.k8s.io that the client asked for
 */
export function aggregatedDiscovery(
  resources: readonly ServedResource[],
  root: DiscoveryRoot,
  version: 'v2' | 'v2beta1' = 'v2',
): AggregatedDiscovery {
  const groups = groupResources(resources).filter((group) => (group.name === '') === (root === 'api'))
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(discoverGroup),
  }
}

/** The content type of an aggregated answer; clients check it. */
export function aggregatedContentType(version: 'v2' | 'v2beta1' = 'v2'): string {
  return `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`
}

/** The version of aggregated discovery that an Accept header asks for first; `undefined` for the legacy form. */
export function aggregatedVersion(accept: string | undefined): 'v2' | 'v2beta1' | undefined {
  for (const clause of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim())
    const asked = new Set(parameters)
    if (type !== 'application/json') continue
    if (!asked.has('as=APIGroupDiscoveryList') || !asked.has('g=apidiscovery.k8s.io')) {
      if (parameters.some((parameter) => parameter.startsWith('as='))) continue
      return undefined
    }
    if (asked.has('v=v2')) return 'v2'
    if (asked.has('v=v2beta1')) return 'v2beta1'
  }
  return undefined
}

function discoverGroup(group: ServedGroup): AggregatedDiscovery['items'][number] {
  return {
    metadata: { ...(group.name === '' ? {} : { name: group.name }), creationTimestamp: null },
    versions: group.versions.map(({ version, resources }) => ({
      version,
      freshness: 'Current',
      resources: resources.map(discoverResource),
    })),
  }
}

function discoverResource(resource: ServedResource): DiscoveredResource {
  const { group, version, kind, subresources } = resource
  return {
    resource: resource.plural,
    responseKind: { group, version, kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
    ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
    ...(subresources.length === 0
      ? {}
      : { subresources: subresources.map((name) => discoverPart(resource, name)) }),
  }
}

function discoverPart(
  resource: ServedResource,
  subresource: string,
): NonNullable<DiscoveredResource['subresources']>[number] {
  const { group, version, kind, verbs } = subresourceForm(resource, subresource)
  return { subresource, responseKind: { group, version, kind }, verbs }
}
