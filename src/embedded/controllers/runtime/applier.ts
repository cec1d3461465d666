import type { KubeObject } from '../../../contract/objects.ts'
import type { KubeClient } from '../../../kube/types.ts'
import { keyOf, refOf } from './keys.ts'
import type { Store } from './store.ts'

export interface Applier {
  /** Server-side apply, forced. Sends nothing when the live object is the one that this same content was applied to. */
  apply<T extends KubeObject>(store: Store<T>, desired: T): Promise<T>
}

interface Applied {
  readonly content: string
  readonly uid: string | undefined
  readonly generation: number | undefined
}

/**
 * A controller applies what it wants at every reconcile; most of these are no-ops that still cost the server a merge. The
 * generation tells of edits by others where a type has one; elsewhere they last until the content changes.
 */
export function createApplier(kube: KubeClient, fieldManager: string): Applier {
  const applied = new Map<string, Applied>()
  return {
    async apply(store, desired) {
      const key = `${store.type.plural}/${keyOf(refOf(desired))}`
      const content = JSON.stringify(desired)
      const live = store.get(refOf(desired))
      const last = applied.get(key)
      if (
        live !== undefined &&
        last?.content === content &&
        live.metadata.uid === last.uid &&
        live.metadata.generation === last.generation
      )
        return live
      const result = store.note(await kube.apply(store.type, desired, { fieldManager, force: true }))
      const { uid, generation } = result.metadata
      applied.set(key, { content, uid, generation })
      return result
    },
  }
}
