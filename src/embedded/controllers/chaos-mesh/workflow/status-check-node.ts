import type { StatusCheck } from '../../../../contract/crds/chaos-mesh/statuscheck.ts'
import type { Workflow } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import {
  apiVersionOf,
  statusChecks,
  workflowNodes,
  workflows,
  type ObjectRef,
} from '../../../../contract/kinds.ts'
import { chaosMeshKeys } from '../../../../contract/labels.ts'
import { errorText } from '../../../../errors/error-text.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import { refOf } from '../../runtime/keys.ts'
import { chaosManager } from '../update-status.ts'
import { ownedBy } from './children.ts'
import { isFinished, setCondition } from './conditions.ts'
import { namespaceOf, updateNode, type ReconcilerContext } from './context.ts'
import { statusCheckCreated, statusCheckDeleted, statusCheckDeletedFailed } from './events.ts'
import { foregroundFinalizer, generated, madeBy } from './render-nodes.ts'

/**
 * Keeps one StatusCheck while its node has not finished, and takes over how it ended. It writes `Aborted` from the check
 * alone, also over an abort that came from above.
 */
export async function reconcileStatusCheckNode(context: ReconcilerContext, ref: ObjectRef): Promise<void> {
  const { kube } = context
  const node = await kube.find<WorkflowNode>(workflowNodes, ref)
  if (node === undefined) return
  await keepOne(context, node)
  try {
    await updateNode(context, ref, async (draft) => {
      const [check] = await ownedBy<StatusCheck>(kube, statusChecks, draft)
      if (check !== undefined) noteCheck(draft, check)
    })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

async function keepOne(context: ReconcilerContext, node: WorkflowNode): Promise<void> {
  const existing = await ownedBy<StatusCheck>(context.kube, statusChecks, node)
  if (isFinished(node)) {
    for (const check of existing) await deleteCheck(context, node, check)
    return
  }
  if (existing.length === 0) await createCheck(context, node)
  for (const surplus of existing.slice(1)) await drop(context, surplus)
}

async function createCheck({ kube, onNode }: ReconcilerContext, node: WorkflowNode): Promise<void> {
  const { statusCheck } = node.spec
  const name = node.metadata.labels?.[chaosMeshKeys.workflow] ?? ''
  const workflow = await kube.get<Workflow>(workflows, { namespace: namespaceOf(node), name })
  // Telling of a check that could not be made, the real controller panics: it asks what is not there for its name.
  if (statusCheck === undefined) throw new Error(`node ${node.metadata.name} has no statusCheck`)
  const check: StatusCheck = {
    apiVersion: apiVersionOf(statusChecks),
    kind: statusChecks.kind,
    metadata: {
      ...generated(node.metadata.name),
      namespace: namespaceOf(node),
      ...madeBy(node, workflow.metadata.name),
      finalizers: [foregroundFinalizer],
    },
    spec: statusCheck,
  }
  const { metadata } = await kube.create(statusChecks, check, { fieldManager: chaosManager })
  onNode(node, statusCheckCreated(metadata.name))
}

async function deleteCheck(
  context: ReconcilerContext,
  node: WorkflowNode,
  check: StatusCheck,
): Promise<void> {
  const { name } = check.metadata
  context.onNode(
    node,
    (await drop(context, check)) ? statusCheckDeleted(name) : statusCheckDeletedFailed(name),
  )
}

async function drop({ kube, log }: ReconcilerContext, check: StatusCheck): Promise<boolean> {
  try {
    await kube.delete(statusChecks, refOf(check))
    return true
  } catch (error) {
    log(`delete status check ${check.metadata.name}: ${errorText(error)}`)
    return false
  }
}

function noteCheck(draft: WorkflowNode, check: StatusCheck): void {
  const status = (draft.status ??= {})
  const holds = (type: string): boolean | undefined => {
    const condition = check.status?.conditions?.find((each) => each.type === type)
    return condition && condition.status === 'True'
  }
  const completed = holds('Completed') === true
  if (completed) setCondition(status, 'Accomplished', 'True', 'StatusCheckCompleted')
  else setCondition(status, 'Accomplished', 'False')
  const aborts =
    draft.spec.abortWithStatusCheck === true && completed && holds('SuccessThresholdExceed') === false
  if (aborts) setCondition(status, 'Aborted', 'True', 'StatusCheckNotExceedSuccessThreshold')
  else setCondition(status, 'Aborted', 'False')
}
