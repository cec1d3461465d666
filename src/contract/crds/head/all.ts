import type { CustomResourceDefinition } from '../schema.ts'
import { seiNetworkCrd } from './seinetwork.ts'
import { seiNodeCrd } from './seinode.ts'
import { seiNodeTaskCrd } from './seinodetask.ts'
import { seiNodeTaskWorkflowCrd } from './seinodetaskworkflow.ts'

/** The four definitions of `sei.io/v1alpha1`, ready to be created on an API server. */
export const headCrds: readonly CustomResourceDefinition[] = [
  seiNetworkCrd,
  seiNodeCrd,
  seiNodeTaskCrd,
  seiNodeTaskWorkflowCrd,
]
