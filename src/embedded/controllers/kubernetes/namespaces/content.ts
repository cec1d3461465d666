import type { ResourceType } from '../../../../contract/kinds.ts'
import type { KubeObject } from '../../../../contract/objects.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { refOf } from '../../runtime/keys.ts'

/** What is left in a namespace after everything in it was told to go. */
export interface Remains {
  /** Objects by resource, `pods` or `seinodes.sei.io`. */
  readonly counts: ReadonlyMap<string, number>
  /** Objects by the finalizer that holds them. */
  readonly finalizers: ReadonlyMap<string, number>
  readonly types: readonly ResourceType[]
}

/** Deletes everything of these types in a namespace, and says what was there. */
export async function deleteContent(
  kube: KubeClient,
  namespace: string,
  types: readonly ResourceType[],
): Promise<Remains> {
  const counts = new Map<string, number>()
  const finalizers = new Map<string, number>()
  const left: ResourceType[] = []
  await Promise.all(
    types.map(async (type) => {
      const items = await listAll(kube, type, namespace)
      const remaining = (await Promise.all(items.map((item) => remove(kube, type, item)))).flat()
      if (remaining.length === 0) return
      left.push(type)
      counts.set(type.group === '' ? type.plural : `${type.plural}.${type.group}`, remaining.length)
      for (const finalizer of remaining.flatMap((item) => item.metadata.finalizers ?? []))
        finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1)
    }),
  )
  return { counts, finalizers, types: left }
}

async function listAll(kube: KubeClient, type: ResourceType, namespace: string): Promise<KubeObject[]> {
  try {
    return (await kube.list<KubeObject>(type, { namespace })).items
  } catch (error) {
    // The type itself has gone since it was discovered, and its objects with it.
    if (isNotFound(error)) return []
    throw error
  }
}

/** The object if it is still there afterwards. */
async function remove(kube: KubeClient, type: ResourceType, item: KubeObject): Promise<KubeObject[]> {
  if (item.metadata.deletionTimestamp !== undefined) return [item]
  const options = { uid: item.metadata.uid, propagationPolicy: 'Background' } as const
  const left = await kube.delete<KubeObject>(type, refOf(item), options)
  return left === undefined ? [] : [left]
}
