import type { Workflow } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { workflowNodes, workflows } from '../../../../contract/kinds.ts'
import { errorText } from '../../../../errors/error-text.ts'
import { refOf } from '../../runtime/keys.ts'
import { chaosManager } from '../update-status.ts'
import { templateOf } from './children.ts'
import { namespaceOf, type ReconcilerContext, type WorkflowContext } from './context.ts'
import { nodesCreated, rerunBySpecChanged } from './events.ts'
import { renderNodes } from './render-nodes.ts'

/** Makes children of a node from templates of its Workflow as this is now. Throws when the Workflow is gone. */
export async function spawnChildren(
  context: ReconcilerContext,
  node: WorkflowNode,
  templates: readonly string[],
): Promise<void> {
  const { kube, clock, onNode } = context
  const at = { namespace: namespaceOf(node), name: node.spec.workflowName }
  const workflow = await kube.get<Workflow>(workflows, at)
  const names: string[] = []
  for (const child of renderNodes(workflow, node, templates, clock.now()))
    names.push((await createNode(context, child)).metadata.name)
  onNode(node, nodesCreated(names))
}

export function createNode({ kube }: WorkflowContext, node: WorkflowNode): Promise<WorkflowNode> {
  return kube.create<WorkflowNode>(workflowNodes, node, { fieldManager: chaosManager })
}

/** Whether two lists name the same templates, each any number of times. */
function sameNames(one: readonly string[], other: readonly string[]): boolean {
  const a = new Set(one)
  const b = new Set(other)
  return a.isSubsetOf(b) && b.isSubsetOf(a)
}

/**
 * Has exactly these templates run below a node that starts its children all at once: where others are found by the names of
 * the children, all of these are deleted and everything starts again.
 */
export async function ensureChildren(
  context: ReconcilerContext,
  node: WorkflowNode,
  existing: readonly WorkflowNode[],
  templates: readonly string[],
): Promise<void> {
  if (existing.length > 0) {
    if (sameNames(existing.map(templateOf), templates)) return
    context.onNode(node, rerunBySpecChanged(existing.map(({ metadata }) => metadata.name)))
    for (const child of existing) await deleteNode(context, child)
  }
  await spawnChildren(context, node, templates)
}

/** A deletion that fails is not tried again. */
export async function deleteNode({ kube, log }: WorkflowContext, node: WorkflowNode): Promise<void> {
  try {
    await kube.delete(workflowNodes, refOf(node))
  } catch (error) {
    log(`delete node ${node.metadata.name}: ${errorText(error)}`)
  }
}
