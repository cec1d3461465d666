import type {
  SeiNodeTaskWorkflow,
  SeiNodeTaskWorkflowStatus,
} from '../../../contract/crds/head/seinodetaskworkflow.ts'
import { findCondition, setCondition } from '../runtime/conditions.ts'
import { writeStatus } from '../runtime/status-writer.ts'
import { type NodeContext, updateManager } from '../seinode/context.ts'

/** A workflow being worked on: its status is a private copy. */
export interface WorkflowDraft extends SeiNodeTaskWorkflow {
  status: SeiNodeTaskWorkflowStatus
}

/** The copy, with the conditions that every workflow has from the first look on. */
export function draftOfWorkflow(context: NodeContext, workflow: SeiNodeTaskWorkflow): WorkflowDraft {
  const draft = { ...workflow, status: structuredClone(workflow.status ?? {}) }
  const { generation } = workflow.metadata
  if (generation !== undefined) draft.status.observedGeneration = generation
  const has = (type: string): boolean => findCondition(draft.status.conditions, type) !== undefined
  if (!has('Ready'))
    setWorkflowCondition(context, draft, 'Ready', 'False', 'NotComplete', 'workflow is not complete')
  if (!has('Failed'))
    setWorkflowCondition(context, draft, 'Failed', 'False', 'NotFailed', 'workflow has not failed')
  return draft
}

export function setWorkflowCondition(
  { clock }: NodeContext,
  { metadata, status: holder }: WorkflowDraft,
  type: 'Adopted' | 'Ready' | 'Failed',
  status: 'True' | 'False',
  reason: string,
  message: string,
): void {
  const { generation: observedGeneration } = metadata
  setCondition(holder, { type, status, reason, message, observedGeneration }, clock.now())
}

/** Ends a workflow as failed, with an event of the same reason. */
export function failWorkflow(
  context: NodeContext,
  draft: WorkflowDraft,
  reason: 'WorkflowFailed' | 'TargetRejected' | 'TargetPhaseTimeout' | 'PlanBuildFailed',
  message: string,
): void {
  draft.status.phase = 'Failed'
  setWorkflowCondition(context, draft, 'Failed', 'True', reason, message)
  context.workflowEvents.event(draft, 'Warning', reason, message)
}

export function storeWorkflow(
  context: NodeContext,
  before: SeiNodeTaskWorkflow,
  { status }: WorkflowDraft,
): Promise<SeiNodeTaskWorkflow> {
  return writeStatus(context.kube, context.workflows, before, status, updateManager)
}

export function isOverWorkflow({ status }: SeiNodeTaskWorkflow): boolean {
  return status?.phase === 'Complete' || status?.phase === 'Failed'
}
