import type { SeiNetwork, SeiNetworkStatus } from '../../../contract/crds/head/seinetwork.ts'
import { type ConditionChange, setCondition } from '../runtime/conditions.ts'

/** A network being reconciled: its status is a private copy, written once at the end. */
export interface NetworkDraft extends SeiNetwork {
  status: SeiNetworkStatus
}

export function draftOf(network: SeiNetwork): NetworkDraft {
  return { ...network, status: structuredClone(network.status ?? {}) }
}

/** Sets a condition of the draft, stamped with the generation it speaks of. */
export function setNetworkCondition(draft: NetworkDraft, change: ConditionChange, now: Date): void {
  const { generation } = draft.metadata
  setCondition(
    draft.status,
    generation === undefined ? change : { ...change, observedGeneration: generation },
    now,
  )
}
