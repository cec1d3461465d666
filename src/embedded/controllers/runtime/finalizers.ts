import type { KubeObject } from '../../../contract/objects.ts'
import type { KubeClient } from '../../../kube/types.ts'
import { refOf } from './keys.ts'
import type { Store } from './store.ts'

/** Adds a finalizer unless it is there; returns the object as it is then. */
export async function ensureFinalizer<T extends KubeObject>(
  kube: KubeClient,
  store: Store<T>,
  object: T,
  finalizer: string,
  fieldManager: string,
): Promise<T> {
  const finalizers = object.metadata.finalizers ?? []
  if (finalizers.includes(finalizer)) return object
  return store.note(await setFinalizers(kube, store, object, [...finalizers, finalizer], fieldManager))
}

/** Drops a finalizer; the last one takes an object with it that is being deleted. Says 409 when the object changed in the meantime. */
export async function dropFinalizer<T extends KubeObject>(
  kube: KubeClient,
  store: Pick<Store<T>, 'type'> & Partial<Pick<Store<T>, 'note' | 'forget'>>,
  object: T,
  finalizer: string,
  fieldManager: string,
): Promise<void> {
  const finalizers = (object.metadata.finalizers ?? []).filter((each) => each !== finalizer)
  const left = await setFinalizers(kube, store, object, finalizers, fieldManager)
  if (finalizers.length === 0 && object.metadata.deletionTimestamp !== undefined) store.forget?.(left)
  else store.note?.(left)
}

/** The list is replaced as a whole, so the version it was read at has to be the current one. */
function setFinalizers<T extends KubeObject>(
  kube: KubeClient,
  store: Pick<Store<T>, 'type'>,
  object: T,
  finalizers: readonly string[],
  fieldManager: string,
): Promise<T> {
  const { resourceVersion, uid } = object.metadata
  const body = { metadata: { uid, resourceVersion, finalizers } }
  return kube.patch<T>(store.type, refOf(object), body, { type: 'merge', fieldManager })
}
