import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { workflowNodes, type ObjectRef } from '../../../../contract/kinds.ts'
import type { Result } from '../../runtime/controller.ts'
import { conditionOf, isTrue, setCondition } from './conditions.ts'
import { updateNode, type ReconcilerContext } from './context.ts'
import { deadlineExceed, parentDeadlineExceed } from './events.ts'
import { propagate } from './propagate.ts'

/** Ends nodes at their deadlines, and what is below them. It stops no pod. */
export async function reconcileDeadline(context: ReconcilerContext, ref: ObjectRef): Promise<Result> {
  const node = await context.kube.find<WorkflowNode>(workflowNodes, ref)
  if (node === undefined) return {}
  if (isTrue(node.status, 'DeadlineExceed')) {
    await endChildren(context, node)
    return {}
  }
  if (node.spec.deadline === undefined) return {}
  const remainingMs = context.deadlines.remainingMs(node)
  if (remainingMs > 0) {
    await updateNode(context, ref, noteNotExceeded)
    return { requeueAfterMs: remainingMs }
  }
  await updateNode(context, ref, (draft) => noteExceeded(context, draft))
  await endChildren(context, node)
  return {}
}

function noteNotExceeded(draft: WorkflowNode): void {
  const status = (draft.status ??= {})
  const current = conditionOf(status, 'DeadlineExceed')
  if (current?.status === 'False' || current?.reason === 'ParentNodeDeadlineExceed') return
  setCondition(status, 'DeadlineExceed', 'False', 'NodeDeadlineNotExceed')
}

function noteExceeded(context: ReconcilerContext, draft: WorkflowNode): void {
  const status = (draft.status ??= {})
  if (isTrue(status, 'DeadlineExceed')) return
  // True as well, and yet no timeout: the node had come to its end before.
  const omitted = isTrue(status, 'Accomplished')
  if (!omitted) context.onNode(draft, deadlineExceed)
  setCondition(status, 'DeadlineExceed', 'True', omitted ? 'NodeDeadlineOmitted' : 'NodeDeadlineExceed')
}

function endChildren(context: ReconcilerContext, node: WorkflowNode): Promise<void> {
  return propagate(context, node, 'DeadlineExceed', 'ParentNodeDeadlineExceed', parentDeadlineExceed)
}
