import type { WorkflowCondition } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'

interface WithConditions {
  conditions?: WorkflowCondition[]
}

/** Replaces a condition only where status or reason differ; one replaced moves to the end, so that the list tells the order of changes. */
export function setCondition(
  holder: WithConditions,
  type: string,
  status: 'True' | 'False',
  reason = '',
): void {
  const conditions = holder.conditions ?? []
  const current = conditions.find((condition) => condition.type === type)
  if (current?.status === status && current.reason === reason) return
  holder.conditions = [...conditions.filter((condition) => condition.type !== type), { type, status, reason }]
}

export function conditionOf(holder: WithConditions | undefined, type: string): WorkflowCondition | undefined {
  return holder?.conditions?.find((condition) => condition.type === type)
}

export function isTrue(holder: WithConditions | undefined, type: string): boolean {
  return conditionOf(holder, type)?.status === 'True'
}

/** The one predicate that decides what comes next everywhere: it does not tell success from anything else. */
export function isFinished({ status }: WorkflowNode): boolean {
  return ['Accomplished', 'DeadlineExceed', 'Aborted'].some((type) => isTrue(status, type))
}
