import { isDeepStrictEqual } from 'node:util'
import type { Fault, PodChaosSpec } from '../../../../contract/crds/chaos-mesh/faults.ts'
import type { ObjectRef, ResourceType } from '../../../../contract/kinds.ts'
import { isConflict } from '../../../../kube/errors.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import { chaosManager } from '../update-status.ts'
import { statusOf } from './effect.ts'

const attempts = 4

/**
 * Changes a fault as it is by now, whole: its status has no endpoint of its own. Nothing is sent when nothing changed. Throws
 * what the API server answers.
 */
export async function updateFault(
  kube: KubeClient,
  type: ResourceType,
  ref: ObjectRef,
  change: (draft: Fault) => void,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    const live = await kube.get<Fault>(type, ref)
    const draft = structuredClone(live)
    change(draft)
    asGoWrites(draft)
    if (isDeepStrictEqual(draft, live)) return false
    try {
      await kube.replace(type, draft, { fieldManager: chaosManager })
      return true
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error
    }
  }
}

/** The first write of whatever kind brings a status along, and a grace of zero is gone with it. */
function asGoWrites(draft: Fault): void {
  statusOf(draft)
  const spec = draft.spec as Partial<PodChaosSpec>
  if (spec.gracePeriod === 0) delete spec.gracePeriod
}
