import type { Workflow } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { workflowNodes, workflows, type ObjectRef } from '../../../../contract/kinds.ts'
import { chaosMeshKeys } from '../../../../contract/labels.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import { chaosManager } from '../update-status.ts'
import { isAborted } from './abort-workflow.ts'
import { isTrue } from './conditions.ts'
import { namespaceOf, type ReconcilerContext } from './context.ts'
import { parentNodeAborted } from './events.ts'
import { propagate } from './propagate.ts'

/** Passes the abort of a node on to its children, that of a status check up to the Workflow. It stops no pod. */
export async function reconcileAbortedNode(context: ReconcilerContext, ref: ObjectRef): Promise<void> {
  const node = await context.kube.find<WorkflowNode>(workflowNodes, ref)
  if (node === undefined || !isTrue(node.status, 'Aborted')) return
  try {
    if (node.spec.type === 'StatusCheck') await abortWorkflow(context, node)
    else await propagate(context, node, 'Aborted', 'ParentNodeAborted', parentNodeAborted)
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

async function abortWorkflow({ kube }: ReconcilerContext, node: WorkflowNode): Promise<void> {
  const at = { namespace: namespaceOf(node), name: node.metadata.labels?.[chaosMeshKeys.workflow] ?? '' }
  const workflow = await kube.get<Workflow>(workflows, at)
  if (isAborted(workflow)) return
  const { annotations } = workflow.metadata
  // The real controller panics here and tries again for ever: it writes into a map that is not there.
  if (annotations === undefined) throw new Error('assignment to entry in nil map')
  const metadata = { ...workflow.metadata, annotations: { ...annotations, [chaosMeshKeys.abort]: 'true' } }
  await kube.replace(workflows, { ...workflow, metadata }, { fieldManager: chaosManager })
}
