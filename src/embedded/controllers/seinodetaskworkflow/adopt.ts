import type { SeiNodeTaskWorkflow } from '../../../contract/crds/head/seinodetaskworkflow.ts'
import { finalizers } from '../../../contract/labels.ts'
import { goDuration, parseGoDuration } from '../../../contract/go-duration.ts'
import { seconds } from '../runtime/conditions.ts'
import { ensureFinalizer } from '../runtime/finalizers.ts'
import { type NodeContext, updateManager } from '../seinode/context.ts'
import type { NodeDraft } from '../seinode/draft.ts'
import { workflowPlan } from './plan.ts'
import {
  draftOfWorkflow,
  failWorkflow,
  isOverWorkflow,
  setWorkflowCondition,
  storeWorkflow,
  type WorkflowDraft,
} from './status.ts'
import { errorText } from '../../../errors/error-text.ts'

/** Workflows aimed at a node that are neither over nor going, the oldest first, then by name. */
export function waitingFor(context: NodeContext, node: NodeDraft): SeiNodeTaskWorkflow[] {
  const { namespace = '', name } = node.metadata
  return context.workflows
    .inNamespace(namespace)
    .filter(
      (workflow) =>
        workflow.spec.target.nodeRef.name === name &&
        workflow.metadata.deletionTimestamp === undefined &&
        !isOverWorkflow(workflow),
    )
    .toSorted((a, b) => orderOf(a).localeCompare(orderOf(b)))
}

function orderOf({ metadata }: SeiNodeTaskWorkflow): string {
  return `${metadata.creationTimestamp ?? ''}/${metadata.name}`
}

/**
 * Lets the node take on the first of the workflows that wait for it. The rest learn what they wait for, or that they wait in
 * vain. Resolves to the name of the one that the node has taken on; its first step is taken at the next reconcile.
 */
export async function adoptFirst(
  context: NodeContext,
  node: NodeDraft,
  waiting: readonly SeiNodeTaskWorkflow[],
): Promise<string | undefined> {
  let adopted = node.status.adoptedWorkflow?.name
  for (const workflow of waiting) {
    const draft = draftOfWorkflow(context, workflow)
    if (adopted !== undefined) {
      wait(context, draft, 'QueuedBehindActive', 'another workflow is ahead on this node')
    } else if (isEligible(context, node, draft) && (await adopt(context, node, workflow, draft))) {
      adopted = workflow.metadata.name
    }
    await storeWorkflow(context, workflow, draft)
  }
  return adopted
}

/** Whether a node can take on a workflow now; what hinders it is told in the draft. */
function isEligible(context: NodeContext, node: NodeDraft, draft: WorkflowDraft): boolean {
  const { name } = node.metadata
  if (node.spec.fullNode === undefined) {
    failWorkflow(context, draft, 'TargetRejected', `target ${name} is not a full node`)
    return false
  }
  const { requirePhase = 'Running', requirePhaseTimeout = '5m' } = draft.spec.target
  const phase = node.status.phase ?? ''
  if (phase !== requirePhase) {
    const message = `target ${name} is ${phase}, want ${requirePhase}`
    wait(context, draft, 'TargetNotReady', message)
    draft.status.targetFirstObservedAt ??= seconds(context.clock.now())
    const limitMs = parseGoDuration(requirePhaseTimeout) ?? 0
    if (context.stopwatches.since(draft.metadata.uid ?? '', 'phase') > limitMs)
      failWorkflow(context, draft, 'TargetPhaseTimeout', `${message}; gave up after ${goDuration(limitMs)}`)
    return false
  }
  delete draft.status.targetFirstObservedAt
  context.stopwatches.reset(draft.metadata.uid ?? '', 'phase')
  if (node.status.plan === undefined) return true
  wait(context, draft, 'TargetNotReady', `target ${name} is busy with a plan`)
  return false
}

function wait(
  context: NodeContext,
  draft: WorkflowDraft,
  reason: 'QueuedBehindActive' | 'TargetNotReady',
  message: string,
): void {
  draft.status.phase = 'Pending'
  setWorkflowCondition(context, draft, 'Adopted', 'False', reason, message)
}

/** The finalizer comes first: a workflow that a node works through cannot vanish under its hands. */
async function adopt(
  context: NodeContext,
  node: NodeDraft,
  workflow: SeiNodeTaskWorkflow,
  draft: WorkflowDraft,
): Promise<boolean> {
  try {
    draft.status.plan ??= workflowPlan(draft, node)
  } catch (error) {
    failWorkflow(context, draft, 'PlanBuildFailed', errorText(error))
    return false
  }
  await ensureFinalizer(context.kube, context.workflows, workflow, finalizers.workflow, updateManager)
  const { name } = node.metadata
  draft.status.phase = 'Running'
  setWorkflowCondition(context, draft, 'Adopted', 'True', 'Adopted', `adopted by ${name}`)
  node.status.adoptedWorkflow = {
    name: draft.metadata.name,
    uid: draft.metadata.uid ?? '',
    adoptedAt: seconds(context.clock.now()),
  }
  context.workflowEvents.event(draft, 'Normal', 'WorkflowAdopted', `adopted by SeiNode ${name}`)
  return true
}
