import type { NodeEndpoints } from '../contract/endpoints.ts'
import type { GateName } from '../contract/gates.ts'
import type { Role } from '../contract/labels.ts'
import type { Time } from '../contract/time.ts'

/** What the gates need to know of a node's Kubernetes side; injected, so that probing needs no Kubernetes client. */
export interface PhaseWatch {
  /** Resolves to the phase once the node's is Running; `observe` hears each one before. */
  waitRunning(signal: AbortSignal, observe: (phase: string) => void): Promise<string>
  /** Resolves, with the reason, once the node cannot get ready any more; rejects when `signal` aborts. */
  terminal(signal: AbortSignal): Promise<string>
  /** What in the cluster most likely holds the node up, if anything does. */
  likelyCause(): LikelyCause | undefined
}

export interface LikelyCause {
  /** One sentence. */
  readonly cause: string
  /** False where the node merely waits for others: it is not the one to name first. */
  readonly own: boolean
}

export interface GateTarget {
  readonly node: string
  readonly role: Role
  /** Where its listeners answer; asked once the phase gate has passed. Gates of listeners left out do not apply. */
  endpoints(signal: AbortSignal): Promise<NodeEndpoints>
  /** Left out when attached without a cluster: the phase gate does not apply then. */
  readonly phase?: PhaseWatch | undefined
  /** Of its cluster. @default the wall clock's */
  readonly time?: Time | undefined
}

export interface GateBudget {
  /** Until the phase gate, ms. */
  readonly phaseMs: number
  /** For each gate after it, ms. */
  readonly gateMs: number
  /** Replaces both: all gates together, ms. */
  readonly totalMs?: number | undefined
}

/** Why a node's gates ended without passing. Internal to probe/: readiness.ts turns it into the error users see. */
export class GateStop extends Error {
  readonly kind: 'timeout' | 'failed'
  readonly node: string
  readonly gate: GateName
  /** Known for `failed`; a time-out's cause is looked for afterwards. */
  readonly why: string | undefined

  constructor(kind: 'timeout' | 'failed', node: string, gate: GateName, why?: string) {
    super(`${node} ${kind} at ${gate}`)
    this.kind = kind
    this.node = node
    this.gate = gate
    this.why = why
  }
}
