import { apiVersionOf } from '../../../../contract/kinds.ts'
import type { KubeObject, OwnerReference } from '../../../../contract/objects.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { awaits, canOwn, foregroundFinalizer, type Graph } from './graph.ts'
import type { WatchedTypes } from './watched-types.ts'

export interface OwnerVerdicts {
  /** Owners that are there and stay. */
  readonly solid: readonly OwnerReference[]
  /** Owners that are gone: another object by that name, or one elsewhere, counts as gone. */
  readonly dangling: readonly OwnerReference[]
  /** Owners that are on their way out and wait for this dependent to go first. */
  readonly waiting: readonly OwnerReference[]
}

/** Sorts an object's owners. Owners that no watch tells of are asked for, once each, and watched from then on. */
export async function judgeOwners(
  kube: KubeClient,
  graph: Graph,
  types: WatchedTypes,
  object: KubeObject,
): Promise<OwnerVerdicts> {
  const solid: OwnerReference[] = []
  const dangling: OwnerReference[] = []
  const waiting: OwnerReference[] = []
  for (const reference of object.metadata.ownerReferences ?? []) {
    const owner = await findOwner(kube, graph, types, object, reference)
    if (owner === undefined) dangling.push(reference)
    else if (reference.blockOwnerDeletion === true && awaits(owner, foregroundFinalizer))
      waiting.push(reference)
    else solid.push(reference)
  }
  return { solid, dangling, waiting }
}

async function findOwner(
  kube: KubeClient,
  graph: Graph,
  types: WatchedTypes,
  object: KubeObject,
  reference: OwnerReference,
): Promise<KubeObject | undefined> {
  const { namespace } = object.metadata
  const known = graph.get(reference.uid)
  if (known !== undefined) return canOwn(known, object) ? known.object : undefined
  if (graph.isGone(reference.uid)) return undefined
  const type = (await types.served()).find(
    ({ type }) => type.kind === reference.kind && apiVersionOf(type) === reference.apiVersion,
  )?.type
  // An owner of a type this server does not know (yet) is no reason to delete anything.
  if (type === undefined) throw new Error(`no resource for ${reference.apiVersion} ${reference.kind}`)
  // Or its end would go unseen.
  await types.watch(type)
  const at = type.namespaced ? { namespace, name: reference.name } : { name: reference.name }
  const live = await kube.find<KubeObject>(type, at)
  if (live?.metadata.uid === reference.uid) return live
  graph.markGone(reference.uid)
  return undefined
}
