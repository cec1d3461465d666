import type { ObjectRef } from '../../../contract/kinds.ts'
import type { KubeObject } from '../../../contract/objects.ts'
import type { KubeClient } from '../../../kube/types.ts'
import { keyOf } from './keys.ts'
import type { Store } from './store.ts'

export interface Applier {
  /**
   * Server-side apply, forced, of what `render` makes. `version` names everything that goes into it: while it stays the
   * same and the live object is the one it was applied to, nothing is rendered or sent.
   */
  apply<T extends KubeObject>(store: Store<T>, ref: ObjectRef, version: string, render: () => T): Promise<T>
}

interface Applied {
  readonly version: string
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
    async apply(store, ref, version, render) {
      const key = `${store.type.plural}/${keyOf(ref)}`
      const live = store.get(ref)
      const last = applied.get(key)
      if (
        live !== undefined &&
        last?.version === version &&
        live.metadata.uid === last.uid &&
        live.metadata.generation === last.generation
      )
        return live
      const result = store.note(await kube.apply(store.type, render(), { fieldManager, force: true }))
      const { uid, generation } = result.metadata
      applied.set(key, { version, uid, generation })
      return result
    },
  }
}
