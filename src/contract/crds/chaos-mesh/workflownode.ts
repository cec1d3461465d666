import type { KubeObject } from '../../objects.ts'
import type { CustomResourceDefinition, JsonSchema } from '../schema.ts'
import { definition } from './definition.ts'
import { bareConditions } from './pieces.ts'
import { payloads } from './template-payloads.ts'
import type { StatusCheckSpec } from './statuscheck.ts'
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
  statusCheck?: StatusCheckSpec
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

const references: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: { name: { type: 'string', default: '' } },
    'x-kubernetes-map-type': 'atomic',
  },
}

const status: JsonSchema = {
  type: 'object',
  properties: {
    activeChildren: references,
    finishedChildren: references,
    chaosResource: {
      type: 'object',
      properties: { apiGroup: { type: 'string' }, kind: { type: 'string' }, name: { type: 'string' } },
      required: ['kind', 'name'],
      'x-kubernetes-map-type': 'atomic',
    },
    conditionalBranchesStatus: {
      type: 'object',
      properties: {
        branches: {
          type: 'array',
          items: {
            type: 'object',
            properties: { target: { type: 'string' }, evaluationResult: { type: 'string' } },
            required: ['evaluationResult', 'target'],
          },
        },
        context: { type: 'array', items: { type: 'string' } },
      },
    },
    conditions: bareConditions,
  },
}

/** The definition of WorkflowNode: what it holds of a pod is kept as it comes. */
export const workflowNodeCrd: CustomResourceDefinition = definition({
  kind: 'WorkflowNode',
  plural: 'workflownodes',
  shortNames: ['wfn'],
  subresources: { status: {} },
  spec: {
    type: 'object',
    properties: {
      ...payloads,
      deadline: { type: 'string', format: 'date-time' },
      startTime: { type: 'string', format: 'date-time' },
      templateName: { type: 'string' },
      type: { type: 'string' },
      workflowName: { type: 'string' },
    },
    required: ['startTime', 'templateName', 'type', 'workflowName'],
  },
  status,
})
