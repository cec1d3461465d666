import { annotations, chaosMeshKeys } from './labels.ts'
import type { KubeObject } from './objects.ts'

/** Names that a scenario's steps and its runner both derive: one function each, so that they cannot disagree. */

/** Of the Workflow, unique by its run id. */
export function workflowName(scenario: string, runId: string): string {
  return `${scenario}-${runId}`
}

/** Of the ConfigMap by which steps pass values on. */
export function varsName(workflow: string): string {
  return `workflow-vars-${workflow}`
}

/**
 * What all writers of one run's report share and no other run has: the Workflow's annotation, which whoever claims the run
 * id before there is a Workflow puts on it; else its uid.
 */
export function runNonce(workflow: KubeObject): string | undefined {
  return workflow.metadata.annotations?.[annotations.runNonce] ?? workflow.metadata.uid
}

/** Where a run's report lies in its bucket. Rights are granted by this prefix. */
export function reportPrefix(scenario: string, runId: string): string {
  return `nightly/${scenario}/${runId}`
}

/** Of the Secret that holds a generated key. */
export function keySecretName(keyName: string, workflow: string): string {
  return `${keyName}-${workflow}`
}

/** `validator`, `TM_RPC` → `VALIDATOR_TM_RPC`. */
export function roleKey(role: string, key: string): string {
  return `${role.toUpperCase().replaceAll('-', '_')}_${key}`
}

/** Environment of every step, from the downward API. */
export const identityVariables = {
  workflow: 'SEI_WORKFLOW_NAME',
  namespace: 'SEI_NAMESPACE',
  /** Optional: else the Workflow is asked for. */
  workflowUid: 'SEI_WORKFLOW_UID',
} as const

/** The entries of a container's `env` that tell a step whose it is. */
export function identityEnv(): { name: string; valueFrom: { fieldRef: { fieldPath: string } } }[] {
  const { workflow, namespace } = identityVariables
  return [
    {
      name: workflow,
      valueFrom: { fieldRef: { fieldPath: `metadata.labels['${chaosMeshKeys.workflow}']` } },
    },
    { name: namespace, valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
  ]
}

/** Selects the nodes and pods of a Workflow. */
export function workflowSelector(workflow: string): string {
  return `${chaosMeshKeys.workflow}=${workflow}`
}
