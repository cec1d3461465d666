import type { DriftName } from './fingerprint.ts'
import type { ScenarioRun } from './scenario.ts'

/** How a test has a Workflow scenario carried out; what is left out is as `seitask workflow-run` has it. */
export interface WorkflowRunSettings {
  /** Where the scenario is: a folder relative to the project's root, or `github.com/<owner>/<repo>`. @default this package */
  readonly repo?: string | undefined
  /** A commit of 40 hex digits; in a checkout also a branch or tag. */
  readonly ref?: string | undefined
  readonly allowBranch?: boolean | undefined
  /** Unique part of the Workflow's name. @default a new one */
  readonly runId?: string | undefined
  /** `false` leaves the Workflow as it is: a step may start after one that failed. @default true */
  readonly guard?: boolean | undefined
  /** Placeholders beside those of the scenario: `NAME` or `NAME=type`. */
  readonly placeholders?: readonly string[] | undefined
  /** Image of gates, and of steps where SEITASK_IMAGE is not given. @default `seitask` on a simulated cluster */
  readonly seitaskImage?: string | undefined
  readonly controllerImage?: string | undefined
  readonly allowDrift?: readonly DriftName[] | undefined
  /** Where the report goes beside the run's folder: a bucket of S3, or `file:<folder>`; needed where nodes are real. */
  readonly bucket?: string | undefined
}

export interface WorkflowRunOptions extends WorkflowRunSettings {
  /** Ends the run; beside it the test's own signal does, which its time-out and a cancelled run abort. */
  readonly signal?: AbortSignal | undefined
}

/** A run that passed. */
export interface WorkflowRunResult extends ScenarioRun {
  /** Holds `report.json`, `summary.md` and the evidence. */
  readonly folder: string
  /** Of the report in its bucket. */
  readonly url?: string | undefined
}

/** Workflow scenarios within a test: the same engine and the same verdict as `seitask workflow-run`. */
export interface WorkflowRuns {
  /**
   * Carries a scenario out in the run's namespace and resolves once it has passed and everything of it is gone. Rejects with
   * WORKFLOW_FAILED, whose `details.verdict` is the `ScenarioVerdict`, for every other ending; with BAD_INPUT,
   * SCENARIO_FETCH, PREFLIGHT_FAILED, RUN_ID_TAKEN, UPLOAD_FAILED, SCENARIO_APPLY or RUN_CANCELLED where nothing was applied.
   */
  run(
    scenario: string,
    vars?: Readonly<Record<string, string>>,
    options?: WorkflowRunOptions,
  ): Promise<WorkflowRunResult>
}
