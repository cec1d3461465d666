import type { ObjectRef } from '../../../contract/kinds.ts'
import type { KubeObject } from '../../../contract/objects.ts'

/** `<namespace>/<name>`; cluster-scoped objects have an empty namespace. */
export function keyOf(ref: ObjectRef): string {
  return `${ref.namespace ?? ''}/${ref.name}`
}

export function refOf(object: KubeObject): ObjectRef {
  const { namespace, name } = object.metadata
  return namespace === undefined ? { name } : { namespace, name }
}

export function refOfKey(key: string): ObjectRef {
  const slash = key.indexOf('/')
  const namespace = key.slice(0, slash)
  const name = key.slice(slash + 1)
  return namespace === '' ? { name } : { namespace, name }
}
