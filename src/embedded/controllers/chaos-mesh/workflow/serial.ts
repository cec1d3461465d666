import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { workflowNodes, type ObjectRef } from '../../../../contract/kinds.ts'
import { childrenOf, noteChildren } from './children.ts'
import { isFinished, setCondition } from './conditions.ts'
import { updateNode, type ReconcilerContext } from './context.ts'
import { nodeAccomplished } from './events.ts'
import { spawnChildren } from './spawn.ts'

/**
 * One child at a time, and which one is next is counted: so many children have finished, so far it is. How they finished is
 * not asked.
 */
export async function reconcileSerial(context: ReconcilerContext, ref: ObjectRef): Promise<void> {
  const node = await context.kube.find<WorkflowNode>(workflowNodes, ref)
  if (node === undefined) return
  if (!isFinished(node)) await spawnNext(context, node)
  await noteProgress(context, ref)
}

async function spawnNext(context: ReconcilerContext, node: WorkflowNode): Promise<void> {
  const { children = [] } = node.spec
  if (children.length === 0) return
  const { active, finished } = await childrenOf(context.kube, node)
  if (active.length > 0) return
  const next = children[finished.length]
  if (next !== undefined) await spawnChildren(context, node, [next])
}

/** The status of a node that is accomplished once as many children have finished as it lists. */
export function noteProgress(context: ReconcilerContext, ref: ObjectRef): Promise<void> {
  return updateNode(context, ref, async (draft) => {
    const children = await childrenOf(context.kube, draft)
    noteChildren(draft, children)
    accomplish(context, draft, children.finished.length === (draft.spec.children ?? []).length)
  })
}

/** Nodes that have finished in another way before are accomplished without an event. */
export function accomplish(context: ReconcilerContext, draft: WorkflowNode, accomplished: boolean): void {
  if (accomplished && !isFinished(draft)) context.onNode(draft, nodeAccomplished)
  setCondition((draft.status ??= {}), 'Accomplished', accomplished ? 'True' : 'False')
}
