/**
 * Why something ended. `usage`: the input is wrong, nothing was created. `timeout`: a deadline passed. `failed`: the
 * thing under test failed for good. `infra`: the cluster, a node or the harness. `cancelled`: someone stopped it.
 */
export const errorClasses = ['usage', 'timeout', 'failed', 'infra', 'cancelled'] as const
export type ErrorClass = (typeof errorClasses)[number]

/** The closed set of codes; docs/errors.md lists each with its cause and fix. */
export const errorCodes = [
  'BAD_INPUT',
  'BAD_OPTIONS',
  'BAD_ENVIRONMENT',
  'BAD_SPEC',
  'CAPABILITY_MISSING',
  'NETWORK_SHARED',
  'CONTEXT_REFUSED',
  'CLUSTER_UNAVAILABLE',
  'CLUSTER_EXITED',
  'KUBE_REQUEST',
  'KUBE_WATCH',
  'PREFLIGHT_FAILED',
  'SCENARIO_FETCH',
  'SCENARIO_APPLY',
  'WORKFLOW_FAILED',
  'READINESS_TIMEOUT',
  'READINESS_FAILED',
  'NETWORK_LOST',
  'UNEXPECTED_HALT',
  'PROBE_FAILED',
  'PROBE_TIMEOUT',
  'WAIT_TIMEOUT',
  'TASK_FAILED',
  'STEP_FAILED',
  'LEASE_FAILED',
  'CAPTURE_FAILED',
  'RUN_ID_TAKEN',
  'UPLOAD_FAILED',
  'DELETE_FAILED',
  'RUN_CANCELLED',
  'INTERNAL',
] as const
export type ErrorCode = (typeof errorCodes)[number]
