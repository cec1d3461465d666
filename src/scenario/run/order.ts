import type { ReachableCluster } from '../../client/context.ts'
import type { DriftName } from '../../contract/fingerprint.ts'
import type { BucketTarget } from '../../evidence/upload/bucket-store.ts'
import type { ReadScenarioOptions } from '../source/read-scenario.ts'
import type { RunScenarioOptions } from './options.ts'

/** A cluster that can say in a line what it is. */
export interface ScenarioCluster extends ReachableCluster {
  describe(): string
}

type RunSettings = Pick<
  RunScenarioOptions,
  | 'signal'
  | 'labels'
  | 'captureBudgetMs'
  | 'captureAfterSignalMs'
  | 'deleteTimeoutMs'
  | 'warnAfterMs'
  | 'onEvent'
  | 'onIntent'
  | 'onCreated'
>

/** A scenario to carry out from its source to its report. */
export interface ScenarioOrder extends RunSettings {
  readonly source: ReadScenarioOptions
  readonly vars: Readonly<Record<string, string>>
  readonly placeholders?: readonly string[] | undefined
  /** @default a new one */
  readonly runId?: string | undefined
  /** @default true */
  readonly guard?: boolean | undefined
  /** Namespace that is asked for; the cluster's own where it is left out. */
  readonly namespace?: string | undefined
  /**
   * Opened once the scenario itself is known to be sound. A simulated cluster that is started for it takes the fastest clock that
   * it keeps up with, if it says one.
   */
  open(fastestRate: number | undefined): Promise<ScenarioCluster>
  /** Folder of a run, by the name of its Workflow. */
  folder(workflow: string): string
  /** Where the report goes; needed where nodes are real. */
  readonly bucket?: BucketTarget | undefined
  readonly prefix?: string | undefined
  readonly allowDrift?: readonly DriftName[] | undefined
  readonly controllerImage?: string | undefined
  /** Of gates, and of steps whose scenario leaves it to the run. @default `seitask` where nodes are simulated */
  readonly seitaskImage?: string | undefined
  readonly trigger?: string | undefined
  readonly harness?: string | undefined
  /** Secrets to remove wherever they appear; those that the run makes are added. */
  readonly secrets?: Set<string> | undefined
  /** Lines beside the events: what an upload tries again, what drift is let pass. */
  readonly onNotice?: ((line: string) => void) | undefined
}
