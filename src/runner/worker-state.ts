import type { FileLease } from './file-lease.ts'

/** What one worker remembers, by absolute path of the test file. */
export interface WorkerState {
  /** Fixtures that the tests of a file name, as seen while the file was collected. */
  readonly named: Map<string, Set<string>>
  readonly leases: Map<string, FileLease>
}

const key = Symbol.for('vitest-environment-sei.worker')

/**
 * The worker's state. It hangs on globalThis because the set-up file and the fixtures may be two copies of this module:
 * Vitest inlines the one and loads the other natively.
 */
export function workerState(): WorkerState {
  const holder = globalThis as { [key]?: WorkerState }
  return (holder[key] ??= { named: new Map(), leases: new Map() })
}
