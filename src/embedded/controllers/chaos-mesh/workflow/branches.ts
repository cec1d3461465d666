import type { ConditionalBranch } from '../../../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../../../contract/crds/chaos-mesh/workflownode.ts'
import { errorText } from '../../../../errors/error-text.ts'
import { evaluateCondition } from './expression/evaluate.ts'
import type { PodContext } from './pod-context.ts'

export interface BranchResult {
  target: string
  evaluationResult: 'True' | 'False' | 'Unknown'
}

/** What branches are while their Task has not ended. */
export function unknownBranches(branches: readonly ConditionalBranch[]): BranchResult[] {
  return branches.map(({ target }) => ({ target, evaluationResult: 'Unknown' }))
}

/** An expression that cannot be evaluated is unknown: its Task will never be over. */
export function evaluateBranches(
  branches: readonly ConditionalBranch[],
  context: PodContext | undefined,
  log: (line: string) => void,
): BranchResult[] {
  return branches.map(({ target, expression = '' }) => {
    try {
      const result = evaluateCondition(expression, { ...context })
      return { target, evaluationResult: result ? 'True' : 'False' }
    } catch (error) {
      log(`branch expression ${JSON.stringify(expression)}: ${errorText(error)}`)
      return { target, evaluationResult: 'Unknown' }
    }
  })
}

/** Whether all branches of a node have been decided on. Without branches that is so once somebody has looked. */
export function isEvaluated({ spec, status }: WorkflowNode): boolean {
  const evaluated = status?.conditionalBranchesStatus
  if (evaluated === undefined) return false
  const { branches = [] } = evaluated
  return (
    branches.length === (spec.conditionalBranches ?? []).length &&
    branches.every(({ evaluationResult }) => evaluationResult !== 'Unknown')
  )
}

/** Targets of the branches that are true. */
export function selectedBranches(branches: readonly BranchResult[] = []): string[] {
  return branches.filter(({ evaluationResult }) => evaluationResult === 'True').map(({ target }) => target)
}
