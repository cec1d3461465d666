import type { KubeObject } from '../../objects.ts'
import type { ConditionalBranch, WorkflowCondition, WorkflowTask } from './workflow.ts'

export interface NodeReference {
  name: string
}

export interface WorkflowNodeSpec {
  templateName: string
  workflowName: string
  type: string
  /** Whole seconds, as all times here. */
  startTime: string
  /** Absolute; left out where the template has none. */
  deadline?: string
  children?: string[]
  task?: WorkflowTask
  conditionalBranches?: ConditionalBranch[]
  abortWithStatusCheck?: boolean
  [field: string]: unknown
}

export interface ConditionalBranchesStatus {
  branches?: { target: string; evaluationResult: 'True' | 'False' | 'Unknown' }[]
  /** One JSON string with `exitCode` and the whole `stdout`, once the pod of a branching Task has ended. */
  context?: string[]
}

export interface WorkflowNodeStatus {
  /** `Accomplished`, `DeadlineExceed`, `Aborted`, `ChaosInjected`; there is none for failure. */
  conditions?: WorkflowCondition[]
  activeChildren?: NodeReference[]
  finishedChildren?: NodeReference[]
  chaosResource?: { apiGroup: string; kind: string; name: string }
  conditionalBranchesStatus?: ConditionalBranchesStatus
}

/** One occurrence of a template that was executed. */
export interface WorkflowNode extends KubeObject {
  spec: WorkflowNodeSpec
  status?: WorkflowNodeStatus
}
