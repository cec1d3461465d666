import type { SeiNetwork } from './crds/head/seinetwork.ts'
import type { SeiNode } from './crds/head/seinode.ts'
import type { NetworkEndpoints, NodeEndpoints } from './endpoints.ts'
import type { ExpectDisruptionOptions, ExpectHaltOptions } from './expectations.ts'
import type { GateTrace } from './gates.ts'
import type { HaltVerdict } from './halts.ts'
import type { Role } from './labels.ts'
import type { MissingItem } from './seal.ts'
import type { NetworkSpec, NodeSpec } from './spec.ts'
import type { TaskOperation, TaskOperations } from './tasks.ts'
import type { WorkflowRunResult, WorkflowRunSettings } from './workflow-runs.ts'

/**
 * The lease API: how workers ask the supervisor for networks, over HTTP on loopback with a bearer token.
 *
 *   POST   /leases                 LeaseRequest → LeaseCreated
 *   GET    /leases/<id>?waitMs=N   → LeaseAnswer, held open at most N ms while it would say `pending`
 *   GET    /leases/<id>/loss       → LossAnswer, held open until the network is lost or the lease released
 *   POST   /leases/<id>/calls      LeaseCall → CallCreated
 *   GET    /calls/<id>?waitMs=N    → CallAnswer
 *   DELETE /calls/<id>             gives the call up; its answer says how it ended
 *
 * Requests with `waitMs` are slices: a client repeats them until the state changes. A worker keeps its request for the
 * loss open as long as it lives: the end of that connection is the end of the worker, which releases the lease.
 */

export interface LeaseRequest {
  /** Absolute path of the test file; the supervisor knows its spec from the file's docblock and the plugin's options. */
  readonly file: string
  /** Vitest project the file runs in. */
  readonly project: string
}

export interface LeaseCreated {
  readonly id: string
  /** There already where the network is ready: nobody needs to ask for it. */
  readonly network?: WireLease
}

export type LeaseAnswer =
  | { readonly state: 'pending'; readonly detail: string }
  | { readonly state: 'ready'; readonly network: WireLease }
  | { readonly state: 'failed'; readonly error: WireError }

export type LossAnswer = { readonly lost: false } | { readonly lost: true; readonly error: WireError }

/** Everything a worker needs to build its handles. */
export interface WireLease {
  readonly run: string
  readonly mode: string
  readonly simulated: boolean
  /** Default deadline of height waits, ms. */
  readonly waitMs: number
  /** Door of the cluster's virtual clock. */
  readonly clockUrl?: string | undefined
  readonly exclusive: boolean
  readonly namespace: string
  readonly network: WireNetwork
  readonly followers: readonly WireNode[]
  readonly admin?: WireAdmin | undefined
  readonly evidenceFolder: string
}

export interface WireNetwork {
  readonly name: string
  readonly namespace: string
  readonly chainId: string
  /** Left out until the validators run. */
  readonly endpoints?: NetworkEndpoints | undefined
  readonly object?: SeiNetwork | undefined
  readonly validators: readonly WireNode[]
  readonly traces: readonly GateTrace[]
}

export interface WireNode {
  readonly name: string
  readonly namespace: string
  readonly chainId: string
  readonly role: Role
  /** Left out until the node runs. */
  readonly endpoints?: NodeEndpoints | undefined
  readonly object?: SeiNode | undefined
  readonly trace?: GateTrace | undefined
}

/** The funded account of a network. The mnemonic or key never enters a log, report or error. */
export interface WireAdmin {
  readonly address: string
  readonly evmAddress: string
  readonly privateKey: string
}

/** Verbs that need the Kubernetes API, asked of the supervisor. Each has one argument object and one result. */
export interface LeaseCalls {
  refreshNetwork: { args: { name: string; namespace: string }; result: SeiNetwork }
  refreshNode: { args: { name: string; namespace: string }; result: SeiNode }
  getNetwork: { args: { name: string; namespace?: string | undefined }; result: WireNetwork }
  getNode: { args: { name: string; namespace?: string | undefined }; result: WireNode }
  createNetwork: { args: { spec: NetworkSpec }; result: WireNetwork }
  deleteNetwork: { args: { name: string; namespace: string; reason: string }; result: null }
  createNode: { args: { spec: NodeSpec }; result: WireNode }
  waitNodeReady: {
    args: { name: string; namespace: string; timeoutMs?: number | undefined }
    result: GateTrace
  }
  waitNetworkReady: {
    args: { name: string; namespace: string; timeoutMs?: number | undefined }
    result: readonly GateTrace[]
  }
  deleteNode: { args: { name: string; namespace: string; reason: string }; result: null }
  task: {
    args: { operation: TaskOperation; args: TaskOperations[TaskOperation]['args'] }
    result: TaskOperations[TaskOperation]['result']
  }
  runWorkflow: {
    args: {
      scenario: string
      vars: Readonly<Record<string, string>>
      settings: WorkflowRunSettings
    }
    result: WorkflowRunResult
  }
  expectDisruption: { args: ExpectDisruptionOptions; result: { id: string } }
  expectHalt: { args: ExpectHaltOptions; result: { id: string } }
  haltVerdict: { args: { id: string }; result: HaltVerdict }
  closeExpectation: { args: { id: string }; result: null }
  captureEvidence: { args: { label: string }; result: WireSeal }
  attachEvidence: { args: { name: string; text: string }; result: { path: string } }
}

export type LeaseVerb = keyof LeaseCalls

export interface LeaseCall<V extends LeaseVerb = LeaseVerb> {
  readonly verb: V
  readonly args: LeaseCalls[V]['args']
}

export interface CallCreated {
  readonly id: string
}

export type CallAnswer<T = unknown> =
  | { readonly state: 'pending' }
  | { readonly state: 'done'; readonly result: T }
  | { readonly state: 'failed'; readonly error: WireError }

export interface WireSeal {
  readonly folder: string
  readonly manifestSha256: string
  readonly missing: readonly MissingItem[]
}

/** A typed error on the wire; `errors/wire.ts` turns it back into the same class. */
export interface WireError {
  readonly class: string
  readonly code: string
  readonly message: string
  readonly hint?: string | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
}

/** Key under which the plugin provides the lease API to workers; its value is `null` outside a run. */
export const providedKey = 'vitest-environment-sei'

/** What the supervisor provides to workers through Vitest's `provide`. */
export interface ProvidedLeaseApi {
  readonly url: string
  readonly token: string
  /** Name of the Vitest project it was provided to. */
  readonly project: string
}
