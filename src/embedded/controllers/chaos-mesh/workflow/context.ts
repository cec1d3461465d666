import { workflowNodes, workflows, type ObjectRef } from '../../../../contract/kinds.ts'
import type { Workflow } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import type { Clock } from '../../../clock.ts'
import type { ChaosRecorder } from '../events.ts'
import { updateStatus } from '../update-status.ts'
import type { DeadlineWatch } from './deadline-watch.ts'

/** What every reconciler works with. They share no memory but this: all state is read from the API server, live. */
export interface WorkflowContext {
  readonly kube: KubeClient
  readonly clock: Clock
  readonly log: (line: string) => void
  readonly deadlines: DeadlineWatch
}

/** That of one reconciler: its events carry its name. */
export interface ReconcilerContext extends WorkflowContext {
  readonly onWorkflow: ChaosRecorder
  readonly onNode: ChaosRecorder
}

export function updateNode(
  { kube, clock }: WorkflowContext,
  ref: ObjectRef,
  change: (draft: WorkflowNode) => Promise<void> | void,
): Promise<void> {
  return updateStatus<WorkflowNode>({ kube, clock, type: workflowNodes, ref }, change)
}

export function updateWorkflow(
  { kube, clock }: WorkflowContext,
  ref: ObjectRef,
  change: (draft: Workflow) => Promise<void> | void,
): Promise<void> {
  return updateStatus<Workflow>({ kube, clock, type: workflows, ref }, change)
}

/** Where the namespace of an object of these kinds is: always there, they are namespaced. */
export function namespaceOf({ metadata }: Workflow | WorkflowNode): string {
  return metadata.namespace ?? 'default'
}
