import type { SeiNode, SeiNodeStatus } from '../../../contract/crds/head/seinode.ts'
import { type ConditionChange, setCondition } from '../runtime/conditions.ts'

/** A node being reconciled: its status is a private copy, written once at the end. */
export interface NodeDraft extends SeiNode {
  status: SeiNodeStatus
}

export function draftOf(node: SeiNode): NodeDraft {
  return { ...node, status: structuredClone(node.status ?? {}) }
}

/** Sets a condition of the draft, stamped with the generation it speaks of. */
export function setNodeCondition(draft: NodeDraft, change: ConditionChange, now: Date): void {
  const { generation } = draft.metadata
  setCondition(
    draft.status,
    generation === undefined ? change : { ...change, observedGeneration: generation },
    now,
  )
}
