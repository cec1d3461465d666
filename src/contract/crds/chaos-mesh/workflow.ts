import type { Container, KubeObject, PodVolume } from '../../objects.ts'
import type { CustomResourceDefinition, JsonSchema } from '../schema.ts'
import { definition } from './definition.ts'
import { bareConditions } from './pieces.ts'
import { payloads } from './template-payloads.ts'

export interface ConditionalBranch {
  /** Name of the template that starts when the expression is true. */
  target: string
  /** Over `exitCode` and `stdout`. Left out it does not mean "always": the parser refuses it and the node hangs. */
  expression?: string
}

/** What a Task runs: one pod with this one container. */
export interface WorkflowTask {
  container?: Container
  volumes?: PodVolume[]
  labels?: Record<string, string>
}

/** One template of a Workflow. Further fields hold the specs of chaos, schedules and status checks. */
export interface WorkflowTemplate {
  name: string
  templateType: string
  /** Go duration, counted from the node's creation. */
  deadline?: string
  children?: string[]
  task?: WorkflowTask
  conditionalBranches?: ConditionalBranch[]
  abortWithStatusCheck?: boolean
  [field: string]: unknown
}

/** Condition of a Workflow or WorkflowNode: no time, no message, and a reason that is often the empty string. */
export interface WorkflowCondition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
}

/** There is no phase, and never was one. */
export interface WorkflowStatus {
  entryNode?: string
  startTime?: string
  endTime?: string
  /** `Scheduled` and `Accomplished`; the latter covers every kind of ending. */
  conditions?: WorkflowCondition[]
}

export interface Workflow extends KubeObject {
  spec: { entry: string; templates: WorkflowTemplate[] }
  status?: WorkflowStatus
}

const spec: JsonSchema = {
  type: 'object',
  properties: {
    entry: { type: 'string' },
    templates: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          ...payloads,
          deadline: { type: 'string' },
          name: { type: 'string' },
          templateType: { type: 'string' },
        },
        required: ['name', 'templateType'],
      },
    },
  },
  required: ['entry', 'templates'],
}

/** The definition of Workflow: what it holds of a pod is kept as it comes. */
export const workflowCrd: CustomResourceDefinition = definition({
  kind: 'Workflow',
  plural: 'workflows',
  shortNames: ['wf'],
  subresources: { status: {} },
  spec,
  status: {
    type: 'object',
    properties: {
      conditions: bareConditions,
      endTime: { type: 'string', format: 'date-time' },
      entryNode: { type: 'string' },
      startTime: { type: 'string', format: 'date-time' },
    },
  },
})
