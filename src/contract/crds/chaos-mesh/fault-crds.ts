import type { CustomResourceDefinition, JsonSchema, PrinterColumn } from '../schema.ts'
import { definition } from './definition.ts'
import { openObject } from './pieces.ts'

const text: JsonSchema = { type: 'string' }
const texts: JsonSchema = { type: 'array', items: text }
const textMap: JsonSchema = { type: 'object', additionalProperties: text }
const integer: JsonSchema = { type: 'integer' }

const selector: JsonSchema = {
  type: 'object',
  properties: {
    annotationSelectors: textMap,
    expressionSelectors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { key: text, operator: text, values: texts },
        required: ['key', 'operator'],
      },
    },
    fieldSelectors: textMap,
    labelSelectors: textMap,
    namespaces: texts,
    nodeSelectors: textMap,
    nodes: texts,
    podPhaseSelectors: texts,
    pods: { type: 'object', additionalProperties: texts },
  },
}

const podSelector = {
  mode: { type: 'string', enum: ['one', 'all', 'fixed', 'fixed-percent', 'random-max-percent'] },
  selector,
  value: text,
} as const satisfies Record<string, JsonSchema>

const common = { ...podSelector, duration: text, remoteCluster: text }
const ofContainers = { ...common, containerNames: texts }

function object(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema {
  return { type: 'object', properties, required }
}

const correlated = (name: string): JsonSchema => object({ correlation: text, [name]: text }, [name])

/** A number with a unit; that it is a time is left to admission. */
const quantity: JsonSchema = { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h)$' }

const bandwidth = object(
  {
    buffer: { type: 'integer', format: 'int32', minimum: 1 },
    limit: { type: 'integer', format: 'int32', minimum: 1 },
    minburst: { type: 'integer', format: 'int32', minimum: 0 },
    peakrate: { type: 'integer', format: 'int64', minimum: 0 },
    rate: text,
  },
  ['buffer', 'limit', 'rate'],
)

/** The spec of each kind, which templates of Workflows hold as well. */
export const faultSpecs: Readonly<Record<string, JsonSchema>> = {
  PodChaos: object(
    {
      ...ofContainers,
      action: { type: 'string', enum: ['pod-kill', 'pod-failure', 'container-kill'] },
      gracePeriod: { type: 'integer', format: 'int64', minimum: 0 },
    },
    ['action', 'mode', 'selector'],
  ),
  NetworkChaos: object(
    {
      ...common,
      action: {
        type: 'string',
        enum: ['netem', 'delay', 'loss', 'duplicate', 'corrupt', 'partition', 'bandwidth'],
      },
      bandwidth,
      corrupt: correlated('corrupt'),
      delay: object(
        {
          correlation: text,
          jitter: quantity,
          latency: quantity,
          reorder: object({ correlation: text, gap: integer, reorder: text }, ['gap', 'reorder']),
        },
        ['latency'],
      ),
      device: text,
      direction: { type: 'string', enum: ['to', 'from', 'both'], default: 'to' },
      duplicate: correlated('duplicate'),
      externalTargets: texts,
      loss: correlated('loss'),
      rate: object({ rate: text }, ['rate']),
      target: object(podSelector, ['mode', 'selector']),
      targetDevice: text,
    },
    ['action', 'mode', 'selector'],
  ),
  StressChaos: object(
    {
      ...ofContainers,
      stressngStressors: text,
      stressors: {
        type: 'object',
        properties: {
          cpu: object(
            {
              load: { type: 'integer', minimum: 0, maximum: 100 },
              options: texts,
              workers: { type: 'integer', maximum: 8192 },
            },
            ['workers'],
          ),
          memory: object(
            {
              oomScoreAdj: { type: 'integer', minimum: -1000, maximum: 1000, default: 0 },
              options: texts,
              size: text,
              workers: { type: 'integer', maximum: 8192 },
            },
            ['workers'],
          ),
        },
      },
    },
    ['mode', 'selector'],
  ),
  TimeChaos: object({ ...ofContainers, clockIds: texts, timeOffset: text }, [
    'mode',
    'selector',
    'timeOffset',
  ]),
}

const record: JsonSchema = object(
  {
    events: {
      type: 'array',
      items: object(
        { message: text, operation: text, timestamp: { type: 'string', format: 'date-time' }, type: text },
        ['operation', 'timestamp', 'type'],
      ),
    },
    id: text,
    injectedCount: integer,
    phase: text,
    recoveredCount: integer,
    selectorKey: text,
  },
  ['id', 'injectedCount', 'phase', 'recoveredCount', 'selectorKey'],
)

const time: JsonSchema = { type: 'string', format: 'date-time' }

/** What the real controllers keep of a target beside its record, by kind. */
const instances: Readonly<Record<string, JsonSchema>> = {
  NetworkChaos: { type: 'integer', format: 'int64' },
  StressChaos: {
    type: 'object',
    properties: { memoryStartTime: time, memoryUid: text, startTime: time, uid: text },
  },
}

function statusOf(kind: string): JsonSchema {
  const ofTarget = instances[kind]
  return object(
    {
      conditions: {
        type: 'array',
        items: object({ reason: text, status: text, type: text }, ['status', 'type']),
      },
      experiment: {
        type: 'object',
        properties: {
          containerRecords: { type: 'array', items: record },
          desiredPhase: { type: 'string', enum: ['Run', 'Stop'] },
        },
      },
      ...(ofTarget === undefined
        ? {}
        : { instances: { type: 'object', additionalProperties: ofTarget } satisfies JsonSchema }),
    },
    ['experiment'],
  )
}

const schedule: JsonSchema = object(
  {
    concurrencyPolicy: { type: 'string', enum: ['Forbid', 'Allow'] },
    historyLimit: { type: 'integer', minimum: 1 },
    networkChaos: openObject,
    podChaos: openObject,
    schedule: text,
    startingDeadlineSeconds: { type: 'integer', format: 'int64', minimum: 0 },
    stressChaos: openObject,
    timeChaos: openObject,
    type: text,
    workflow: openObject,
  },
  ['schedule', 'type'],
)

const columnsOf: Readonly<Record<string, readonly string[]>> = {
  NetworkChaos: ['action', 'duration'],
  StressChaos: ['duration'],
  TimeChaos: ['duration'],
}

function columns(names: readonly string[]): readonly PrinterColumn[] {
  return names.map((name) => ({ name, type: 'string', jsonPath: `.spec.${name}` }))
}

/** Faults, and Schedules of faults. They have no status subresource: a write of the status is one of the object. */
export const faultCrds: readonly CustomResourceDefinition[] = [
  ...Object.entries(faultSpecs).map(([kind, spec]) => {
    const names = columnsOf[kind]
    const shown = names === undefined ? {} : { columns: columns(names), subresources: {} }
    return definition({ kind, plural: kind.toLowerCase(), spec, status: statusOf(kind), ...shown })
  }),
  definition({ kind: 'Schedule', plural: 'schedules', spec: schedule, status: openObject }),
]
