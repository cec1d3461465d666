import type { Workflow } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import { workflows, type ObjectRef } from '../../../../contract/kinds.ts'
import { chaosMeshKeys } from '../../../../contract/labels.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import { refOf } from '../../runtime/keys.ts'
import { nodesBelow } from './children.ts'
import { isTrue, setCondition } from './conditions.ts'
import { updateNode, type ReconcilerContext } from './context.ts'
import { workflowAborted } from './events.ts'

/** Whether a Workflow is told to abort: by exactly this value. */
export function isAborted({ metadata }: Workflow): boolean {
  return metadata.annotations?.[chaosMeshKeys.abort] === 'true'
}

/** Writes on the entry node whether the Workflow's annotation aborts it, and no longer when that is taken away again. */
export async function reconcileAbortedWorkflow(context: ReconcilerContext, ref: ObjectRef): Promise<void> {
  const workflow = await context.kube.find<Workflow>(workflows, ref)
  if (workflow === undefined) return
  const [entry] = await nodesBelow(context.kube, workflow)
  if (entry === undefined) return
  const aborted = isAborted(workflow)
  try {
    await updateNode(context, refOf(entry), (draft) => {
      const status = (draft.status ??= {})
      if (aborted && !isTrue(status, 'Aborted')) context.onNode(draft, workflowAborted(ref.name))
      if (aborted) setCondition(status, 'Aborted', 'True', 'WorkflowAborted')
      else setCondition(status, 'Aborted', 'False')
    })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
