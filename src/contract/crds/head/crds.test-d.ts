import type { JuneTask, juneTaskCrd } from '../june/seinodetask.ts'
import type { Infer } from '../schema.ts'
import type { SeiNetwork, seiNetworkCrd } from './seinetwork.ts'
import type { SeiNode, seiNodeCrd } from './seinode.ts'
import type { SeiNodeTask, seiNodeTaskCrd } from './seinodetask.ts'
import type { SeiNodeTaskWorkflow, seiNodeTaskWorkflowCrd } from './seinodetaskworkflow.ts'

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
  Holds<Same<Part<typeof seiNetworkCrd, 'spec'>, SeiNetwork['spec']>>,
  Holds<Same<Part<typeof seiNetworkCrd, 'status'>, NonNullable<SeiNetwork['status']>>>,
  Holds<Same<Part<typeof seiNodeCrd, 'spec'>, SeiNode['spec']>>,
  Holds<Same<Part<typeof seiNodeCrd, 'status'>, NonNullable<SeiNode['status']>>>,
  Holds<Same<Part<typeof seiNodeTaskCrd, 'spec'>, SeiNodeTask['spec']>>,
  Holds<Same<Part<typeof seiNodeTaskCrd, 'status'>, NonNullable<SeiNodeTask['status']>>>,
  Holds<Same<Part<typeof juneTaskCrd, 'spec'>, JuneTask['spec']>>,
  Holds<Same<Part<typeof juneTaskCrd, 'status'>, NonNullable<JuneTask['status']>>>,
  Holds<Same<Part<typeof seiNodeTaskWorkflowCrd, 'spec'>, SeiNodeTaskWorkflow['spec']>>,
  Holds<Same<Part<typeof seiNodeTaskWorkflowCrd, 'status'>, NonNullable<SeiNodeTaskWorkflow['status']>>>,
]

// A difference is found: an optional field too few, one too many, another type.
export type Negatives = [
  // @ts-expect-error a field is missing
  Holds<Same<Part<typeof seiNodeTaskCrd, 'spec'>, Omit<SeiNodeTask['spec'], 'timeoutSeconds'>>>,
  // @ts-expect-error a field is unknown to the schema
  Holds<Same<Part<typeof seiNodeTaskCrd, 'spec'>, SeiNodeTask['spec'] & { surplus?: string }>>,
  // @ts-expect-error a value is unknown to the enum
  Holds<Same<Part<typeof seiNodeTaskCrd, 'spec'>, Omit<SeiNodeTask['spec'], 'kind'> & { kind: 'Other' }>>,
]
