import type { WorkflowCondition } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'

interface Conditioned {
  readonly status?: { conditions?: WorkflowCondition[] }
}

/** The condition, where it is True. */
export function trueCondition({ status }: Conditioned, type: string): WorkflowCondition | undefined {
  return status?.conditions?.find((one) => one.type === type && one.status === 'True')
}

/** A deadline that really passed: `NodeDeadlineOmitted` is one that came after the end. */
export function exceededDeadline(node: WorkflowNode): 'own' | 'parent' | undefined {
  const reason = trueCondition(node, 'DeadlineExceed')?.reason
  if (reason === 'NodeDeadlineExceed') return 'own'
  return reason === 'ParentNodeDeadlineExceed' ? 'parent' : undefined
}

/** Finished for its controller, in whatever way. */
export function isFinished(node: WorkflowNode): boolean {
  return ['Accomplished', 'DeadlineExceed', 'Aborted'].some((type) => trueCondition(node, type) !== undefined)
}
