import type { Role } from './labels.ts'

/** The gates of readiness, in the order in which a node passes them. */
export const gateNames = ['phase', 'rpc', 'height', 'advancing', 'evm', 'rest'] as const
export type GateName = (typeof gateNames)[number]

export type GateState = 'waiting' | 'passed' | 'failed' | 'not applicable'

/** One gate of one node, with what was seen first and last. Times are ISO 8601; `value` is what a reader needs to see. */
export interface GateStep {
  readonly gate: GateName
  readonly state: GateState
  readonly firstObservedAt?: string
  readonly lastObservedAt?: string
  readonly passedAt?: string
  readonly firstValue?: string
  readonly lastValue?: string
  /** Times the gate was looked at. */
  readonly observations: number
}

export interface GateTrace {
  readonly node: string
  readonly role: Role
  readonly startedAt: string
  readonly endedAt?: string
  readonly steps: readonly GateStep[]
}

/** Where a node is stuck: what a readiness error names. */
export interface StuckGate {
  readonly node: string
  readonly gate: GateName
  readonly since: string
  readonly lastValue?: string
  /** The likely cause in one sentence, from plan, pod, events or chain facts. */
  readonly cause: string
}
