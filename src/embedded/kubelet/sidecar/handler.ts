import type { Era } from '../../../contract/crds/eras.ts'
import type { Clock } from '../../clock.ts'
import type { ChainArtifacts } from './bucket.ts'
import type { NodeFiles } from './files.ts'
import type { Gate } from './gate.ts'
import type { LocalSeid } from './local-seid.ts'
import type { Params } from './params.ts'

/** What a task may touch: the volume, the bucket, the gate, and seid beside it. */
export interface TaskContext {
  readonly clock: Clock
  readonly seid: LocalSeid
  /** Whether there is a keyring to sign with. */
  readonly keyring: boolean
  /** Of the sidecar: which tasks it knows. */
  readonly era: Era
  readonly files: NodeFiles
  readonly artifacts: ChainArtifacts
  readonly gate: Gate
  readonly chainId: string
  /** Ordered fault: the gentx of this node fails. */
  readonly ceremonyFails: boolean
  readonly now: () => Date
}

/** One execution of a task. */
export interface Running {
  readonly id: string
  /** Aborts with the sidecar's process: the task is then executed again by the next one. */
  readonly signal: AbortSignal
}

/** A failure that has a result all the same. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure'
  readonly result: unknown

  constructor(message: string, result: unknown) {
    super(message)
    this.result = result
  }
}

export interface TaskHandler {
  /** Simulated time it takes: the order of magnitude of the recorded runs, where a 5 s poll sees most of them done. */
  readonly durationMs: number
  /**
   * What is wrong before any work begins; it throws. Such a task has failed when its submitter first looks, while one that
   * fails in its course is still running then, and is run again by the next submission.
   */
  check?(params: Params, context: TaskContext): void
  /** Its result or the promise of one; what it throws is the task's error. */
  run(params: Params, context: TaskContext, running: Running): unknown
}
