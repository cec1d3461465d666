import type { ResolvedMode } from '../contract/modes.ts'
import type { RunOptions } from '../contract/spec.ts'
import type { Feed } from './feed.ts'
import type { Outcomes } from './outcomes.ts'

/** What every part of a run knows of it. */
export interface RunContext {
  readonly run: string
  /** Root of the Vitest project: paths are shown relative to it. */
  readonly root: string
  /** The run's folder, absolute; it exists. */
  readonly folder: string
  readonly mode: ResolvedMode
  readonly options: RunOptions
  readonly feed: Feed
  readonly outcomes: Outcomes
  /** Stops the whole test run; called when a network is lost and `haltRun` is set. */
  haltRun(): void
}
