import type { Outcome } from './exit-codes.ts'
import type { GateName, GateState } from './gates.ts'
import type { Role } from './labels.ts'

/** What the supervisor tells those who watch a run: terminal, plain log, reporter, report. Times are ISO 8601. */
export type RunEvent = { readonly at: string; readonly run: string } & (
  | {
      readonly type: 'mode'
      readonly mode: string
      readonly source: string
      readonly simulated: boolean
      readonly folder: string
    }
  | { readonly type: 'cluster'; readonly state: 'starting' | 'ready' | 'closed'; readonly detail?: string }
  | {
      readonly type: 'network'
      readonly network: string
      readonly state: NetworkState
      readonly detail?: string
    }
  | {
      readonly type: 'gate'
      readonly network: string
      readonly node: string
      readonly role: Role
      readonly gate: GateName
      readonly state: GateState
      readonly value?: string
      readonly elapsedMs: number
    }
  | {
      /** A container has ended. */
      readonly type: 'termination'
      readonly network: string
      readonly node: string
      readonly pod: string
      readonly container: string
      /** Left out where it went with the pod. */
      readonly exitCode?: number
      readonly reason?: string
      /** The cluster's clock. */
      readonly finishedAt?: string
    }
  | { readonly type: 'notice'; readonly network?: string; readonly message: string }
  | { readonly type: 'receipt'; readonly path: string; readonly left: number }
  | {
      readonly type: 'verdict'
      readonly outcome: Outcome
      readonly exitCode: number
      /** Everything that was recorded, the deciding reason among it. */
      readonly reasons: readonly string[]
    }
)

export type NetworkState =
  | 'queued'
  | 'creating'
  | 'ready'
  | 'leased'
  | 'lost'
  | 'failed'
  | 'capturing'
  | 'sealed'
  | 'deleting'
  | 'deleted'
  | 'left'
  | 'kept'
