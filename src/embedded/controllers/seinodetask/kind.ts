import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import type { SeiNodeTaskOutputs } from '../../../contract/crds/head/seinodetask.ts'
import type { TaskContext } from './context.ts'
import type { TaskDraft, TaskSpec } from './task.ts'

export type FailureReason =
  | 'TargetResolveFailed'
  | 'UnsupportedKind'
  | 'ParamsBuildFailed'
  | 'TaskTerminalError'
  | 'TaskFailed'
  | 'TxFailed'
  | 'InclusionUndetermined'
  | 'Timeout'

/** What one look at the work behind a task found. */
export type Sighting =
  | { readonly state: 'running' }
  | {
      readonly state: 'complete'
      readonly outputs?: SeiNodeTaskOutputs | undefined
      readonly reason?: 'TaskComplete' | 'Confirmed'
    }
  | {
      readonly state: 'failed'
      readonly error: string
      readonly outputs?: SeiNodeTaskOutputs | undefined
      readonly reason?: 'TaskFailed' | 'TxFailed'
    }
  /** A transaction was sent and nobody knows whether it was included: it is executed again to find out. */
  | {
      readonly state: 'undetermined'
      readonly error: string
      readonly outputs?: SeiNodeTaskOutputs | undefined
    }

/** One task at work. */
export interface Work {
  readonly context: TaskContext
  readonly task: TaskDraft
  readonly target: SeiNode
  /** Id of the work, the same whenever the same task is looked at. */
  readonly id: string
}

/** How a kind of task is carried out. What it needs is read from the spec each time, so that edits count. */
export interface TaskKind {
  readonly payload: Exclude<keyof TaskSpec, 'kind' | 'target' | 'timeoutSeconds'>
  /** Budget in simulated ms when the spec gives none. @default none */
  readonly timeoutMs?: number
  /** Fills in what a status of this kind has from the beginning. */
  begin?(task: TaskDraft): void
  /** Why the payload cannot be used on this target. */
  problem?(work: Work): string | undefined
  /** Begins the work; may be called again. A throw is tried again at the next poll, a TerminalTaskError fails the task. */
  execute(work: Work): Promise<void>
  look(work: Work): Promise<Sighting>
}
