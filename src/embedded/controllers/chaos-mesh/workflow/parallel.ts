import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { workflowNodes, type ObjectRef } from '../../../../contract/kinds.ts'
import { childrenOf } from './children.ts'
import { isFinished } from './conditions.ts'
import type { ReconcilerContext } from './context.ts'
import { noteProgress } from './serial.ts'
import { ensureChildren } from './spawn.ts'

/** All children at once, none of which stops another. */
export async function reconcileParallel(context: ReconcilerContext, ref: ObjectRef): Promise<void> {
  const node = await context.kube.find<WorkflowNode>(workflowNodes, ref)
  if (node === undefined) return
  const { children = [] } = node.spec
  if (!isFinished(node) && children.length > 0) {
    const { active, finished } = await childrenOf(context.kube, node)
    await ensureChildren(context, node, [...active, ...finished], children)
  }
  await noteProgress(context, ref)
}
