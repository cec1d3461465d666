import type { Infer } from '../schema.ts'
import type { SeiNetworkSpec, SeiNetworkStatus, seiNetworkCrd } from './seinetwork.ts'
import type { SeiNodeSpec, SeiNodeStatus, seiNodeCrd } from './seinode.ts'
import type { SeiNodeTaskSpec, SeiNodeTaskStatus, seiNodeTaskCrd } from './seinodetask.ts'
import type { SeiNodeTaskWorkflowSpec, SeiNodeTaskWorkflowStatus } from './seinodetaskworkflow.ts'
import type { seiNodeTaskWorkflowCrd } from './seinodetaskworkflow.ts'

/**
 * Each type says exactly what its schema admits, at every depth. Mutual assignability alone would let an optional field
 * that only one side knows pass, so both are flattened and compared for identity.
 */
type Plain<T> = T extends (infer E)[] ? Plain<E>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T

type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2
    ? true
    : [Plain<A>, Plain<B>]

type Holds<T extends true> = T

type Part<C, K extends 'spec' | 'status'> = C extends {
  spec: { versions: readonly [{ schema: { openAPIV3Schema: { properties: { [P in K]: infer S } } } }] }
}
  ? Infer<S>
  : never

export type Checks = [
  Holds<Same<Part<typeof seiNetworkCrd, 'spec'>, SeiNetworkSpec>>,
  Holds<Same<Part<typeof seiNetworkCrd, 'status'>, SeiNetworkStatus>>,
  Holds<Same<Part<typeof seiNodeCrd, 'spec'>, SeiNodeSpec>>,
  Holds<Same<Part<typeof seiNodeCrd, 'status'>, SeiNodeStatus>>,
  Holds<Same<Part<typeof seiNodeTaskCrd, 'spec'>, SeiNodeTaskSpec>>,
  Holds<Same<Part<typeof seiNodeTaskCrd, 'status'>, SeiNodeTaskStatus>>,
  Holds<Same<Part<typeof seiNodeTaskWorkflowCrd, 'spec'>, SeiNodeTaskWorkflowSpec>>,
  Holds<Same<Part<typeof seiNodeTaskWorkflowCrd, 'status'>, SeiNodeTaskWorkflowStatus>>,
]

// A difference is found: an optional field too few, one too many, another type.
export type Negatives = [
  // @ts-expect-error a field is missing
  Holds<Same<Part<typeof seiNodeTaskCrd, 'spec'>, Omit<SeiNodeTaskSpec, 'timeoutSeconds'>>>,
  // @ts-expect-error a field is unknown to the schema
  Holds<Same<Part<typeof seiNodeTaskCrd, 'spec'>, SeiNodeTaskSpec & { surplus?: string }>>,
  // @ts-expect-error a value is unknown to the enum
  Holds<Same<Part<typeof seiNodeTaskCrd, 'spec'>, Omit<SeiNodeTaskSpec, 'kind'> & { kind: 'Other' }>>,
]
