import type { SeiNodeTaskWorkflow } from '../../../contract/crds/head/seinodetaskworkflow.ts'
import { annotations, finalizers } from '../../../contract/labels.ts'
import { cadences } from '../plans/cadences.ts'
import { executePlan } from '../plans/execute.ts'
import { dropFinalizer } from '../runtime/finalizers.ts'
import { type NodeContext, updateManager } from '../seinode/context.ts'
import { type NodeDraft, setNodeCondition } from '../seinode/draft.ts'
import { nodeTaskRunner } from '../seinode/tasks/runner.ts'
import { adoptFirst, waitingFor } from './adopt.ts'
import { draftOfWorkflow, failWorkflow, setWorkflowCondition, storeWorkflow } from './status.ts'

/** Between looks at a target that a workflow waits for. */
const targetPollMs = 5_000

/**
 * What a running node does about workflows: `held` says that it makes no plans of its own meanwhile, so that nothing but the
 * workflow opens its gate.
 */
export interface WorkflowProgress {
  readonly held: boolean
  readonly requeueAfterMs?: number | undefined
}

/** Takes the node's workflow one step further, or lets it take on the next one. Sets WorkflowInProgress. */
export async function advanceWorkflow(context: NodeContext, node: NodeDraft): Promise<WorkflowProgress> {
  const workflow = adoptedBy(context, node)
  if (workflow === undefined) {
    delete node.status.adoptedWorkflow
    const waiting = waitingFor(context, node)
    const adopted = await adoptFirst(context, node, waiting)
    if (adopted !== undefined) {
      say(context, node, 'True', 'WorkflowRunning', `workflow ${adopted} is running`)
      return { held: true, requeueAfterMs: cadences.immediateMs }
    }
    say(context, node, 'False', 'NoWorkflow', 'no workflow adopted')
    return { held: false, ...(waiting.length === 0 ? {} : { requeueAfterMs: targetPollMs }) }
  }
  await adoptFirst(
    context,
    node,
    waitingFor(context, node).filter((each) => each !== workflow),
  )
  if (await isForcedOut(context, node, workflow)) return { held: false }
  return drive(context, node, workflow)
}

/** While a workflow is at work on a node, its StatefulSet is left as it is; one that has failed lets it be applied again. */
export function holdsStatefulSet(context: NodeContext, node: NodeDraft): boolean {
  const workflow = adoptedBy(context, node)
  return workflow !== undefined && workflow.status?.phase !== 'Failed'
}

/** The workflow that the node has taken on; one of the same name made since is another one. */
function adoptedBy({ workflows }: NodeContext, node: NodeDraft): SeiNodeTaskWorkflow | undefined {
  const adopted = node.status.adoptedWorkflow
  if (adopted === undefined) return undefined
  const found = workflows.get({ namespace: node.metadata.namespace, name: adopted.name })
  return found?.metadata.uid === adopted.uid ? found : undefined
}

/** Whether somebody has ordered that a workflow which is being deleted be let go whatever state it leaves the node in. */
async function isForcedOut(
  context: NodeContext,
  node: NodeDraft,
  workflow: SeiNodeTaskWorkflow,
): Promise<boolean> {
  if (workflow.metadata.deletionTimestamp === undefined) return false
  if ((workflow.metadata.annotations?.[annotations.forceDeleteWorkflow] ?? '') === '') return false
  const { name } = workflow.metadata
  context.workflowEvents.event(
    workflow,
    'Warning',
    'WorkflowForceDeleted',
    `workflow ${name} was deleted by force`,
  )
  await release(context, node, workflow)
  return true
}

async function drive(
  context: NodeContext,
  node: NodeDraft,
  workflow: SeiNodeTaskWorkflow,
): Promise<WorkflowProgress> {
  const { name } = workflow.metadata
  const draft = draftOfWorkflow(context, workflow)
  const { plan } = draft.status
  if (draft.status.phase === 'Failed' || plan === undefined) return park(context, node, workflow)
  const progress = await executePlan(plan, nodeTaskRunner(context, node), () => context.clock.now())
  if (progress.hindrance !== undefined) context.trace(`workflow ${name}: ${progress.hindrance}`)
  if (plan.phase === 'Failed') {
    const { type, error } = plan.failedTaskDetail ?? { type: 'unknown', error: 'unknown' }
    failWorkflow(context, draft, 'WorkflowFailed', `task ${type}: ${error}`)
    return park(context, node, await storeWorkflow(context, workflow, draft))
  }
  if (plan.phase === 'Active') {
    await storeWorkflow(context, workflow, draft)
    say(context, node, 'True', 'WorkflowRunning', `workflow ${name} is running`)
    return { held: true, requeueAfterMs: progress.requeueAfterMs }
  }
  draft.status.phase = 'Complete'
  setWorkflowCondition(context, draft, 'Ready', 'True', 'WorkflowComplete', 'workflow is complete')
  context.workflowEvents.event(draft, 'Normal', 'WorkflowComplete', `workflow ${name} is complete`)
  await release(context, node, await storeWorkflow(context, workflow, draft))
  return { held: false, requeueAfterMs: cadences.immediateMs }
}

/** A failed workflow keeps its node: what is on its disk is not known, and nothing may start on it by itself. */
function park(context: NodeContext, node: NodeDraft, workflow: SeiNodeTaskWorkflow): WorkflowProgress {
  const { name, deletionTimestamp } = workflow.metadata
  if (deletionTimestamp !== undefined)
    context.workflowEvents.event(
      workflow,
      'Warning',
      'WorkflowDeleteHeld',
      `deletion is held: whether the node is safe to release is unknown; annotate with ${annotations.forceDeleteWorkflow} to force it`,
    )
  say(context, node, 'True', 'WorkflowFailedHeld', `workflow ${name} failed; the node is held`)
  return { held: true, requeueAfterMs: cadences.idleMs }
}

async function release(context: NodeContext, node: NodeDraft, workflow: SeiNodeTaskWorkflow): Promise<void> {
  await dropFinalizer(context.kube, context.workflows, workflow, finalizers.workflow, updateManager)
  delete node.status.adoptedWorkflow
  say(context, node, 'False', 'NoWorkflow', 'no workflow adopted')
}

function say(
  context: NodeContext,
  node: NodeDraft,
  status: 'True' | 'False',
  reason: string,
  message: string,
): void {
  setNodeCondition(node, { type: 'WorkflowInProgress', status, reason, message }, context.clock.now())
}
