/** Name of the command that a gate Task runs, and of the Task's container. */
export const gateCommand = 'gate'

/** What a gate has to look at: names of templates of its own Workflow. */
export interface GateQuestion {
  /**
   * Tasks. The gate passes when every node of each has a pod whose container ended with 0; a node that is missing, was
   * aborted or ran into a deadline (reasons `NodeDeadlineExceed` and `ParentNodeDeadlineExceed`) is a failure at once, and
   * a pod that still runs without one of these is waited for.
   */
  readonly steps: readonly string[]
  /** StatusChecks with `abortWithStatusCheck`. The gate passes when none of their nodes was aborted or ran into a deadline. */
  readonly checks: readonly string[]
}

/**
 * Command line of a gate: `gate --step a --step b --check c`, each option once per template, as one argument with `=`. It
 * exits with 0 when all have passed, with 1 when the first to fail exited with 1, otherwise with 2.
 */
export function gateArguments({ steps, checks }: GateQuestion): string[] {
  return [gateCommand, ...steps.map((step) => `--step=${step}`), ...checks.map((check) => `--check=${check}`)]
}
