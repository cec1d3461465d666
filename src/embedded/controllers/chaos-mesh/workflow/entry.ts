import type { Workflow } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { workflows, type ObjectRef } from '../../../../contract/kinds.ts'
import { errorText } from '../../../../errors/error-text.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import { seconds } from '../../runtime/conditions.ts'
import { nodesBelow } from './children.ts'
import { isFinished, setCondition } from './conditions.ts'
import { updateWorkflow, type ReconcilerContext } from './context.ts'
import { entryCreated, invalidEntry, workflowAccomplished } from './events.ts'
import { renderNodes } from './render-nodes.ts'
import { createNode, deleteNode } from './spawn.ts'

/** Makes the entry node of a Workflow and lets the Workflow's status follow it, both ways: nothing here is for good. */
export async function reconcileEntry(context: ReconcilerContext, ref: ObjectRef): Promise<void> {
  const { kube, clock } = context
  const now = clock.now()
  const workflow = await kube.find<Workflow>(workflows, ref)
  if (workflow === undefined) return
  const [first, ...surplus] = await nodesBelow(kube, workflow)
  if (first === undefined) await spawnEntry(context, workflow, now)
  for (const node of surplus) await deleteNode(context, node)
  try {
    await updateWorkflow(context, ref, async (draft) => {
      const [entry] = await nodesBelow(kube, draft)
      follow(context, draft, entry)
      draft.status = { startTime: seconds(now), ...draft.status }
    })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** An entry that cannot be made is told of and not tried again before the Workflow changes. */
async function spawnEntry(context: ReconcilerContext, workflow: Workflow, now: Date): Promise<void> {
  const { entry } = workflow.spec
  try {
    const [node] = renderNodes(workflow, undefined, [entry], now)
    if (node === undefined) return
    const { metadata } = await createNode(context, node)
    context.onWorkflow(workflow, entryCreated(metadata.name))
  } catch (error) {
    context.onWorkflow(workflow, invalidEntry(entry))
    context.log(`entry of workflow ${workflow.metadata.name}: ${errorText(error)}`)
  }
}

function follow(
  { clock, onWorkflow }: ReconcilerContext,
  draft: Workflow,
  entry: WorkflowNode | undefined,
): void {
  const status = (draft.status ??= {})
  setCondition(status, 'Scheduled', entry === undefined ? 'False' : 'True')
  const accomplished = entry !== undefined && isFinished(entry)
  setCondition(status, 'Accomplished', accomplished ? 'True' : 'False')
  if (entry !== undefined) status.entryNode = entry.metadata.name
  if (!accomplished) delete status.endTime
  else if (status.endTime === undefined) {
    status.endTime = seconds(clock.now())
    onWorkflow(draft, workflowAccomplished)
  }
}
