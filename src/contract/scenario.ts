import type { Outcome } from './exit-codes.ts'

/** How a scenario, or one of its steps, ended. `timeout` is a deadline, its own or the Workflow's. */
export const scenarioResults = ['pass', 'task-fail', 'infra-fail', 'timeout', 'aborted'] as const
export type ScenarioResult = (typeof scenarioResults)[number]

/** What a step may write as EXIT_REASON, and the exit code that says the same. */
export const stepExitCodes = { pass: 0, 'task-fail': 1, 'infra-fail': 2 } as const
export type ExitReason = keyof typeof stepExitCodes

/** One step of a run: a Task template and what became of it. */
export interface StepReport {
  /** Name of the template. */
  readonly step: string
  readonly result: ScenarioResult | 'running' | 'not-run'
  /** Name of its WorkflowNode. */
  readonly node?: string | undefined
  readonly pod?: string | undefined
  readonly container?: string | undefined
  readonly exitCode?: number | undefined
  /** Why, in a few words: `OOMKilled`, `ImagePullBackOff: not found`, `deadline of 25m`. */
  readonly reason?: string | undefined
  readonly startedAt?: string | undefined
  readonly finishedAt?: string | undefined
  /** The last lines of its log, redacted. */
  readonly lastLines: readonly string[]
}

/** What pods and exit codes say of a run; the Workflow's own status says only that it is over. */
export interface ScenarioVerdict {
  readonly result: ScenarioResult
  /** What it means for the exit code: the first cause decides by the order of `exitCodes`. */
  readonly outcome: Outcome
  /** The first failure; what came later is in `later`. */
  readonly first?: StepReport | undefined
  readonly later: readonly StepReport[]
  /** Every step of the scenario, in its order. */
  readonly steps: readonly StepReport[]
  /** One line: step, container, exit code or reason, last log line. */
  readonly summary: string
}

/** The seven stages of a run, in order. `workflow-run` prints one line as each begins and ends. */
export const scenarioStages = [
  'fetch',
  'substitute',
  'apply',
  'watch',
  'capture',
  'tear-down',
  'ship',
] as const
export type ScenarioStage = (typeof scenarioStages)[number]

/** Where a scenario's files came from. */
export interface ScenarioOrigin {
  readonly scenario: string
  /** Folder, repository path or `github.com/<owner>/<repo>`. */
  readonly repo: string
  /** What was asked for: a commit, a branch, or nothing for a plain folder. */
  readonly ref?: string | undefined
  /** 40 hex digits, where the source has commits. */
  readonly commit?: string | undefined
  /** Of the Workflow file, within the repository. */
  readonly path: string
  /** Of the file as it was read, lower-case hex. */
  readonly sha256: string
}

/** One stage as it went. */
export interface StageReport {
  readonly stage: ScenarioStage
  readonly startedAt: string
  readonly finishedAt?: string | undefined
  readonly error?: string | undefined
}

/** What was done to stop, abort and remove a run, as it happened. */
export interface DefenceEvent {
  readonly at: string
  readonly line: 'guard' | 'stop' | 'abort' | 'sweep'
  readonly what: string
}

/** Height of one node, as it was read; left out where nobody could read it. */
export interface HeightReport {
  readonly node: string
  readonly role?: string | undefined
  /** When it had passed its gates. */
  readonly before?: string | undefined
  readonly beforeAt?: string | undefined
  /** At capture, from the node itself. */
  readonly after?: string | undefined
  readonly afterAt?: string | undefined
}

/** A condition that was waited for or asked, with what was seen and what was wanted. */
export interface GateReport {
  readonly gate: string
  readonly node?: string | undefined
  readonly role?: string | undefined
  readonly passed: boolean
  /** What was seen last. */
  readonly observed?: string | undefined
  readonly threshold?: string | undefined
  /** Since the gate before it was passed. Real ms, also where the cluster's clock is faster. */
  readonly tookMs?: number | undefined
  /** What it was allowed to take, in the same ms. */
  readonly limitMs?: number | undefined
}

/** Everything that one run of a scenario left to tell. `report.json` is this, redacted. */
export interface ScenarioRun {
  readonly runId: string
  /** Tells this run from another that took the same run id; see `runNonce` in scenario-names.ts. */
  readonly nonce?: string | undefined
  /** What started it: a CronJob, a user on a machine, a test. */
  readonly trigger?: string | undefined
  /** Version of this package. */
  readonly harness?: string | undefined
  /** The cluster as its connection describes itself, without credentials. */
  readonly cluster?: string | undefined
  /** Name of the Workflow: `<scenario>-<run id>`. */
  readonly workflow: string
  readonly namespace: string
  readonly origin: ScenarioOrigin
  readonly guarded: boolean
  readonly simulated: boolean
  readonly startedAt: string
  readonly finishedAt: string
  /** Values that were put into the placeholders, without secrets. */
  readonly vars: Readonly<Record<string, string>>
  /** Where each image came from, and its digest where the pod's status told one. */
  readonly images: readonly { readonly image: string; readonly imageID?: string | undefined }[]
  /** Image of the controller's manager, as read or as told. */
  readonly controllerImage?: string | undefined
  readonly allowedDrift: readonly string[]
  readonly verdict: ScenarioVerdict
  /** All that happened to the run, for the exit code: the verdict's, and what came after it. */
  readonly outcomes: readonly { readonly outcome: Outcome; readonly what: string }[]
  readonly stages: readonly StageReport[]
  /** Chains that the run made. */
  readonly chainIds?: readonly string[] | undefined
  readonly heights?: readonly HeightReport[] | undefined
  readonly gates?: readonly GateReport[] | undefined
  /** Gates and heights that the steps had no room to leave. */
  readonly gatesOmitted?: number | undefined
  readonly defences: readonly DefenceEvent[]
  /** What was removed, and what could not be. */
  readonly cleanUp: { readonly deleted: readonly string[]; readonly left: readonly string[] }
  /** What could not be captured, and why. */
  readonly missing: readonly { readonly item: string; readonly reason: string }[]
  /** The `workflow-vars` of the run at its end. */
  readonly workflowVars: Readonly<Record<string, string>>
}

/** `report.json`. Fields may be added within a version; none changes its meaning. */
export interface ScenarioReport extends ScenarioRun {
  readonly version: 1
  readonly heights?: readonly (HeightReport & { readonly blocks?: string | undefined })[] | undefined
  /** One sentence with the scope of what it claims, or why there is none. */
  readonly headline: string
}

/** What the last line of a run and the first of its summary begin with. */
export type VerdictWord = 'PASS' | 'FAIL' | 'NO VERDICT'

/** Only a pass is a PASS; only a test or task that failed is a FAIL. */
export function verdictWord(outcome: Outcome): VerdictWord {
  if (outcome === 'passed') return 'PASS'
  return outcome === 'testFailed' ? 'FAIL' : 'NO VERDICT'
}
