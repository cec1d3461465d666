/**
 * Pieces of schema that several Sei kinds share. One used inside another is written `x as typeof x`: that is how its
 * literal type survives isolated declarations.
 */

/** A chain id, or the name of an object that a Sei object refers to: no dots, may begin with a digit. */
export const dns1Pattern = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'

export const int = { type: 'integer' } as const
export const int32 = { type: 'integer', format: 'int32' } as const
export const int64 = { type: 'integer', format: 'int64' } as const
export const positiveInt64 = { type: 'integer', format: 'int64', minimum: 1 } as const
export const text = { type: 'string' } as const
export const filledText = { type: 'string', minLength: 1 } as const
export const time = { type: 'string', format: 'date-time' } as const
export const flag = { type: 'boolean' } as const
export const textMap = { type: 'object', additionalProperties: { type: 'string' } } as const
export const filledTextMap = {
  type: 'object',
  minProperties: 1,
  additionalProperties: { type: 'string' },
} as const
export const textList = { type: 'array', items: { type: 'string' } } as const
export const anyJson = { 'x-kubernetes-preserve-unknown-fields': true } as const
/** Its presence is what it says. */
export const marker = { type: 'object' } as const
export const nodeImage = { type: 'string', minLength: 1, maxLength: 512 } as const
/** A key in a keyring. */
export const keyName = { type: 'string', pattern: '^[a-zA-Z0-9_-]+$' } as const

export const objectName = {
  type: 'string',
  minLength: 1,
  maxLength: 253,
  pattern: dns1Pattern as typeof dns1Pattern,
} as const

/** The name of a Secret or claim that cannot be exchanged for another one. */
export const fixedName = {
  type: 'string',
  minLength: 1,
  maxLength: 253,
  pattern: dns1Pattern as typeof dns1Pattern,
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'cannot change once set' }],
} as const

const quantity = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  pattern:
    '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  'x-kubernetes-int-or-string': true,
} as const

const quantities = { type: 'object', additionalProperties: quantity as typeof quantity } as const

/** Resources as a container has them. */
const resources = {
  type: 'object',
  properties: {
    claims: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: text as typeof text, request: text as typeof text },
        required: ['name'],
      },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    limits: quantities as typeof quantities,
    requests: quantities as typeof quantities,
  },
} as const

export const sidecar = {
  type: 'object',
  properties: {
    image: text as typeof text,
    port: { type: 'integer', format: 'int32', default: 7777 },
    resources: resources as typeof resources,
  },
} as const

export const dataVolume = {
  type: 'object',
  properties: {
    import: {
      type: 'object',
      properties: { pvcName: fixedName as typeof fixedName },
      required: ['pvcName'],
    },
  },
  'x-kubernetes-validations': [
    { rule: '(!has(oldSelf.import) || has(self.import))', message: 'import cannot be taken away once set' },
  ],
} as const

/** At least two witnesses for state sync, bare `host:port`, no two alike. */
export const rpcServers = {
  type: 'array',
  minItems: 2,
  items: { type: 'string', pattern: '^[^\\s:/,]+:[0-9]{1,5}$' },
  'x-kubernetes-list-type': 'set',
} as const

export const nodePhase = {
  type: 'string',
  enum: ['Pending', 'Initializing', 'Running', 'Failed', 'Terminating'],
} as const

/** Phases of what is done once: tasks and workflows. */
export const taskPhase = { type: 'string', enum: ['Pending', 'Running', 'Complete', 'Failed'] } as const

export const taskTarget = {
  type: 'object',
  properties: {
    nodeRef: {
      type: 'object',
      properties: { name: objectName as typeof objectName },
      required: ['name'],
    },
    requirePhase: {
      type: 'string',
      enum: ['Pending', 'Initializing', 'Running', 'Failed', 'Terminating'],
      default: 'Running',
    },
    requirePhaseTimeout: { type: 'string', default: '5m' },
  },
  required: ['nodeRef'],
} as const

/** metav1.Condition, one per type. */
export const conditions = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      type: {
        type: 'string',
        maxLength: 316,
        pattern:
          '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
      },
      status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
      reason: {
        type: 'string',
        minLength: 1,
        maxLength: 1024,
        pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
      },
      message: { type: 'string', maxLength: 32_768 },
      observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
      lastTransitionTime: time as typeof time,
    },
    required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  },
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
} as const

export const plan = {
  type: 'object',
  properties: {
    id: text as typeof text,
    phase: { type: 'string', enum: ['Active', 'Complete', 'Failed'] },
    tasks: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          type: text as typeof text,
          id: text as typeof text,
          status: taskPhase as typeof taskPhase,
          params: anyJson as typeof anyJson,
          submittedAt: time as typeof time,
          error: text as typeof text,
          maxRetries: int as typeof int,
          retryCount: int as typeof int,
        },
        required: ['id', 'status', 'type'],
      },
    },
    targetPhase: nodePhase as typeof nodePhase,
    failedPhase: nodePhase as typeof nodePhase,
    failedTaskIndex: int as typeof int,
    failedTaskDetail: {
      type: 'object',
      properties: {
        type: text as typeof text,
        id: text as typeof text,
        error: text as typeof text,
        maxRetries: int as typeof int,
        retryCount: int as typeof int,
      },
      required: ['error', 'id', 'maxRetries', 'retryCount', 'type'],
    },
  },
  required: ['phase', 'tasks'],
} as const
