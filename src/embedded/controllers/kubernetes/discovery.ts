import { apiVersionOf, type ResourceType } from '../../../contract/kinds.ts'
import type { KubeClient } from '../../../kube/types.ts'

/** What one resource of the server can do. */
export interface ServedType {
  readonly type: ResourceType
  readonly verbs: readonly string[]
}

interface GroupDiscoveryList {
  items?: {
    metadata?: { name?: string }
    versions?: {
      version: string
      resources?: {
        resource: string
        scope: 'Namespaced' | 'Cluster'
        verbs: string[]
        responseKind?: { kind: string }
      }[]
    }[]
  }[]
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** All resources the server serves, each at the version it prefers. Two requests. */
export async function discoverTypes(kube: KubeClient): Promise<ServedType[]> {
  const lists = await Promise.all(
    ['/api', '/apis'].map((path) => kube.request<GroupDiscoveryList>('GET', path, { accept: aggregated })),
  )
  return lists.flatMap((list) => (list.items ?? []).flatMap(servedBy))
}

function servedBy(group: NonNullable<GroupDiscoveryList['items']>[number]): ServedType[] {
  const preferred = group.versions?.[0]
  return (preferred?.resources ?? []).map(({ resource, scope, verbs, responseKind }) => ({
    type: {
      group: group.metadata?.name ?? '',
      version: preferred?.version ?? '',
      kind: responseKind?.kind ?? '',
      plural: resource,
      namespaced: scope === 'Namespaced',
    },
    verbs,
  }))
}

/** `true` for types whose objects have a life of their own: they can be listed, watched and deleted. */
export function isCollectable({ type, verbs }: ServedType): boolean {
  return type.plural !== 'events' && ['list', 'watch', 'delete'].every((verb) => verbs.includes(verb))
}

/** Same group, version and resource. */
export function typeKey(type: ResourceType): string {
  return `${apiVersionOf(type)}/${type.plural}`
}
