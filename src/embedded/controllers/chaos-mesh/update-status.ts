import { isDeepStrictEqual } from 'node:util'
import type { ObjectRef, ResourceType } from '../../../contract/kinds.ts'
import type { KubeObject } from '../../../contract/objects.ts'
import { isConflict } from '../../../kube/errors.ts'
import type { KubeClient } from '../../../kube/types.ts'
import type { Clock } from '../../clock.ts'

/** User agent of the manager, by which its writes are known. */
export const chaosManager = 'chaos-controller-manager'

const attempts = 5
const pauseMs = 10

export interface StatusTarget {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly type: ResourceType
  readonly ref: ObjectRef
}

/**
 * Reads an object, lets `change` work on a copy and writes back its status, again from the reading when somebody else was
 * faster: five attempts. Several controllers write one status here, each its own conditions, so a write always names the
 * version it was made from. Nothing is sent when nothing changed. Throws what the API server answers, not-found too.
 */
export async function updateStatus<T extends KubeObject>(
  { kube, clock, type, ref }: StatusTarget,
  change: (draft: T) => Promise<void> | void,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const live = await kube.get<T>(type, ref)
    const draft = structuredClone(live)
    await change(draft)
    if (isDeepStrictEqual(draft, live)) return
    try {
      await kube.replace(type, draft, { subresource: 'status', fieldManager: chaosManager })
      return
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error
      await clock.sleep(pauseMs)
    }
  }
}
