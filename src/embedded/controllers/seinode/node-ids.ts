import type { Service } from '../../../contract/objects.ts'
import type { Store } from '../runtime/store.ts'
import { SidecarError, type SidecarClient } from '../sidecar/client.ts'
import { sidecarTarget } from '../sidecar/target.ts'
import type { NodeIdLookup } from './peers.ts'

/**
 * Asks sidecars for node ids. An id lives on the node's volume and so as long as its SeiNode: once had it is not asked for
 * again, which to the outside is the same as keeping the entry of a peer that does not answer.
 */
export function createNodeIds(client: SidecarClient, services: Store<Service>): NodeIdLookup {
  const known = new Map<string, string>()
  return async (node) => {
    const { uid = '', name, namespace = '' } = node.metadata
    const id = known.get(uid)
    if (id !== undefined) return id
    try {
      const fresh = await client.nodeId(sidecarTarget(services, namespace, name))
      known.set(uid, fresh)
      return fresh
    } catch (error) {
      if (error instanceof SidecarError) return undefined
      throw error
    }
  }
}
