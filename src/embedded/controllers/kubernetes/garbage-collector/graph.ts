import type { ResourceType } from '../../../../contract/kinds.ts'
import type { KubeObject, OwnerReference } from '../../../../contract/objects.ts'

/** An object as the collector sees it. */
export interface GraphNode {
  readonly type: ResourceType
  readonly object: KubeObject
}

export const foregroundFinalizer = 'foregroundDeletion'
export const orphanFinalizer = 'orphan'

/** Who owns whom, by uid. */
export interface Graph {
  get(uid: string): GraphNode | undefined
  put(node: GraphNode): void
  drop(uid: string): void
  dependentsOf(uid: string): GraphNode[]
  /** Whether an object of this uid is known to have gone. */
  isGone(uid: string): boolean
  markGone(uid: string): void
}

/** Uids of the dead that are remembered, so that their dependents need not be asked about. */
const remembered = 10_000

export function createGraph(): Graph {
  const nodes = new Map<string, GraphNode>()
  const dependents = new Map<string, Set<string>>()
  const gone = new Set<string>()

  const unlink = (uid: string): void => {
    for (const { uid: owner } of ownersOf(nodes.get(uid)?.object)) {
      const set = dependents.get(owner)
      set?.delete(uid)
      if (set?.size === 0) dependents.delete(owner)
    }
  }
  return {
    get: (uid) => nodes.get(uid),
    put(node) {
      const uid = node.object.metadata.uid ?? ''
      unlink(uid)
      nodes.set(uid, node)
      for (const { uid: owner } of ownersOf(node.object)) {
        const set = dependents.get(owner) ?? new Set()
        dependents.set(owner, set.add(uid))
      }
    },
    drop(uid) {
      unlink(uid)
      nodes.delete(uid)
    },
    dependentsOf: (uid) => [...(dependents.get(uid) ?? [])].flatMap((each) => nodes.get(each) ?? []),
    isGone: (uid) => gone.has(uid),
    markGone(uid) {
      gone.add(uid)
      const oldest = gone.values().next().value
      if (gone.size > remembered && oldest !== undefined) gone.delete(oldest)
    },
  }
}

export function ownersOf(object: KubeObject | undefined): readonly OwnerReference[] {
  return object?.metadata.ownerReferences ?? []
}

/** Being deleted, and waiting with this finalizer for the collector. */
export function awaits(object: KubeObject, finalizer: string): boolean {
  return (
    object.metadata.deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).includes(finalizer)
  )
}

/** Whether an object is there to own another: an owner in another namespace counts as gone. */
export function canOwn(owner: GraphNode | undefined, object: KubeObject): boolean {
  if (owner === undefined) return false
  return !owner.type.namespaced || owner.object.metadata.namespace === object.metadata.namespace
}
