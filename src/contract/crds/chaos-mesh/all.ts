import type { CustomResourceDefinition } from '../schema.ts'
import { faultCrds } from './fault-crds.ts'
import { statusCheckCrd } from './statuscheck.ts'
import { workflowCrd } from './workflow.ts'
import { workflowNodeCrd } from './workflownode.ts'

/** The definitions of `chaos-mesh.org/v1alpha1` that scenarios need, ready to be created on an API server. */
export const chaosMeshCrds: readonly CustomResourceDefinition[] = [
  workflowCrd,
  workflowNodeCrd,
  statusCheckCrd,
  ...faultCrds,
]
