import type { KubeObject } from '../../objects.ts'
import type { CustomResourceDefinition, JsonSchema } from '../schema.ts'
import { definition } from './definition.ts'
import { statusCheckSpec } from './pieces.ts'

export interface HttpCheck {
  url: string
  method?: 'GET' | 'POST'
  headers?: Record<string, string[]>
  body?: string
  /** `"200"`, or `"200-400"` with both ends. */
  criteria: { statusCode: string }
}

export interface StatusCheckSpec {
  /** Left out it is Continuous: successes never end it. */
  mode?: 'Synchronous' | 'Continuous'
  type: 'HTTP'
  /** Go duration; left out there is no end but by the thresholds. */
  duration?: string
  timeoutSeconds?: number
  intervalSeconds?: number
  /** So many failures in a row complete it. */
  failureThreshold?: number
  /** So many successes in a row complete a synchronous one. */
  successThreshold?: number
  recordsHistoryLimit?: number
  http?: HttpCheck
}

export interface StatusCheckCondition {
  type: 'Completed' | 'DurationExceed' | 'FailureThresholdExceed' | 'SuccessThresholdExceed'
  status: 'True' | 'False'
  reason: string
  lastProbeTime: string
  lastTransitionTime: string
}

export interface StatusCheckRecord {
  startTime: string
  outcome: 'Success' | 'Failure'
}

export interface StatusCheckStatus {
  startTime?: string
  completionTime?: string
  /** Of all probes, also those no longer among the records. */
  count?: number
  conditions?: StatusCheckCondition[]
  records?: StatusCheckRecord[]
}

/** A URL asked again and again. */
export interface StatusCheck extends KubeObject {
  spec: StatusCheckSpec
  status?: StatusCheckStatus
}

const text: JsonSchema = { type: 'string' }
const time: JsonSchema = { type: 'string', format: 'date-time' }

export const statusCheckCrd: CustomResourceDefinition = definition({
  kind: 'StatusCheck',
  plural: 'statuschecks',
  subresources: { status: {} },
  spec: statusCheckSpec,
  status: {
    type: 'object',
    properties: {
      completionTime: time,
      conditions: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            lastProbeTime: time,
            lastTransitionTime: time,
            reason: text,
            status: text,
            type: text,
          },
          required: ['lastProbeTime', 'lastTransitionTime', 'reason', 'status', 'type'],
        },
      },
      count: { type: 'integer', format: 'int64' },
      records: {
        type: 'array',
        items: {
          type: 'object',
          properties: { outcome: text, startTime: time },
          required: ['outcome', 'startTime'],
        },
      },
      startTime: time,
    },
  },
})
