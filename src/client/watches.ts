import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../contract/crds/head/seinode.ts'
import { events, pods, seiNetworks, seiNodes, type ResourceType } from '../contract/kinds.ts'
import type { KubeEvent, KubeObject, Pod } from '../contract/objects.ts'
import type { KubeClient, Watch } from '../kube/types.ts'

/** The watches behind all handles of one client: one per kind and namespace, however many objects there are. */
export interface ClientWatches {
  of(namespace: string): NamespaceWatches
  close(): void
}

export interface NamespaceWatches {
  readonly networks: Watch<SeiNetwork>
  readonly nodes: Watch<SeiNode>
  readonly pods: Watch<Pod>
  readonly events: Watch<KubeEvent>
}

/** Each namespace's watches open at first use and stay open until `close()`. */
export function createWatches(kube: KubeClient): ClientWatches {
  const open: Watch<KubeObject>[] = []
  const byNamespace = new Map<string, NamespaceWatches>()
  const watch = <T extends KubeObject>(type: ResourceType, namespace: string): Watch<T> => {
    const one = kube.watch<T>(type, { namespace })
    open.push(one as unknown as Watch<KubeObject>)
    return one
  }
  return {
    of: (namespace) => {
      const known = byNamespace.get(namespace)
      if (known !== undefined) return known
      const made: NamespaceWatches = {
        networks: watch<SeiNetwork>(seiNetworks, namespace),
        nodes: watch<SeiNode>(seiNodes, namespace),
        pods: watch<Pod>(pods, namespace),
        events: watch<KubeEvent>(events, namespace),
      }
      byNamespace.set(namespace, made)
      return made
    },
    close: () => {
      for (const one of open) one.close()
      open.length = 0
      byNamespace.clear()
    },
  }
}
