import type { JsonSchema } from '../schema.ts'
import { faultSpecs } from './fault-crds.ts'
import { openObject, statusCheckSpec } from './pieces.ts'
import { chaosFields } from './template-types.ts'

const text: JsonSchema = { type: 'string' }
const named: JsonSchema = {
  type: 'object',
  properties: { name: text },
  required: ['name'],
  'x-kubernetes-preserve-unknown-fields': true,
}

/** A core/v1 container, or volume: nothing but its name is looked at. */
const task: JsonSchema = {
  type: 'object',
  properties: {
    container: named,
    labels: { type: 'object', additionalProperties: text },
    volumes: { type: 'array', items: named },
  },
}

const conditionalBranches: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: { target: text, expression: text },
    required: ['target'],
  },
}

/** As the kind's own definition has it; kinds of chaos that have none here are kept as they come. */
const faults = Object.fromEntries(
  Object.entries(chaosFields).map(([kind, field]) => [field, faultSpecs[kind] ?? openObject]),
)

/** What a template and the node made from it have in common: the payloads of all types, of which a template has one. */
export const payloads: Readonly<Record<string, JsonSchema>> = {
  abortWithStatusCheck: { type: 'boolean' },
  children: { type: 'array', items: text },
  conditionalBranches,
  schedule: openObject,
  statusCheck: statusCheckSpec,
  task,
  ...faults,
}
