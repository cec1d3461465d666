import type { JsonSchema } from '../schema.ts'

/** Pieces of schema that the kinds of Chaos Mesh share; those of the Sei kinds are in head/fragments.ts. */

/** Kept as it comes. The real definitions spell out here what core/v1 knows of a container, volume or selector. */
export const openObject: JsonSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

const text: JsonSchema = { type: 'string' }

/** Spec of a StatusCheck, and what a template of that type holds. */
export const statusCheckSpec: JsonSchema = {
  type: 'object',
  properties: {
    mode: { type: 'string', enum: ['Synchronous', 'Continuous'] },
    type: { type: 'string', enum: ['HTTP'], default: 'HTTP' },
    duration: text,
    timeoutSeconds: { type: 'integer', minimum: 1, default: 1 },
    intervalSeconds: { type: 'integer', minimum: 1, default: 10 },
    failureThreshold: { type: 'integer', minimum: 1, default: 3 },
    successThreshold: { type: 'integer', minimum: 1, default: 1 },
    recordsHistoryLimit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
    http: {
      type: 'object',
      properties: {
        url: text,
        method: { type: 'string', enum: ['GET', 'POST'], default: 'GET' },
        headers: {
          type: 'object',
          additionalProperties: { type: 'array', items: text },
        },
        body: text,
        criteria: {
          type: 'object',
          properties: { statusCode: text },
          required: ['statusCode'],
        },
      },
      required: ['criteria', 'url'],
    },
  },
  required: ['type'],
}

/** Conditions of Workflow and WorkflowNode: the reason is there, often empty. */
export const bareConditions: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      type: text,
      status: text,
      reason: text,
    },
    required: ['reason', 'status', 'type'],
  },
}
