import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type {
  DefenceEvent,
  ScenarioOrigin,
  ScenarioRun,
  ScenarioStage,
  ScenarioVerdict,
  StageReport,
  StepReport,
} from '../../contract/scenario.ts'
import type { ReachableCluster } from '../../client/context.ts'
import type { RenderedScenario } from '../render/rendered-scenario.ts'

/** What is told of a run as it happens. */
export type ScenarioEvent =
  | { readonly event: 'stage'; readonly stage: ScenarioStage; readonly state: 'begin' }
  | { readonly event: 'stage'; readonly stage: ScenarioStage; readonly state: 'end'; readonly tookMs: number }
  | {
      readonly event: 'stage'
      readonly stage: ScenarioStage
      readonly state: 'failed'
      readonly error: string
    }
  | ({ readonly event: 'step' } & Omit<StepReport, 'lastLines'>)
  | ({ readonly event: 'defence' } & DefenceEvent)
  | { readonly event: 'warning'; readonly message: string }
  | ({ readonly event: 'verdict' } & Pick<ScenarioVerdict, 'result' | 'outcome' | 'summary'>)

export interface RunScenarioOptions {
  readonly cluster: ReachableCluster
  readonly rendered: RenderedScenario
  readonly origin: ScenarioOrigin
  /** Workflow, nodes and vars go here, all other evidence into its `evidence`; made if need be. */
  readonly folder: string
  /** Aborts the run; capture and tear-down still happen. A reason that is no cancellation is told as what went wrong. */
  readonly signal?: AbortSignal | undefined
  /** What the report tells of the run beside what is seen of it. */
  readonly about?: Partial<
    Pick<ScenarioRun, 'nonce' | 'trigger' | 'harness' | 'cluster' | 'controllerImage' | 'allowedDrift'>
  >
  /** For the Workflow, beside its own. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly annotations?: Readonly<Record<string, string>> | undefined
  /** Ms. @default `defaults.captureBudgetMs` */
  readonly captureBudgetMs?: number | undefined
  /** Ms, once the run was cancelled. @default `defaults.captureAfterSignalMs` */
  readonly captureAfterSignalMs?: number | undefined
  /** Ms that deleting may take. @default `defaults.deleteBudgetMs` */
  readonly deleteTimeoutMs?: number | undefined
  /** One warning after that many ms. @default the entry deadline, where it has one */
  readonly warnAfterMs?: number | undefined
  /** Secrets to remove wherever they appear; those that the run itself makes are added. */
  readonly secrets?: Set<string> | undefined
  /** What came before: fetch and substitute. */
  readonly stages?: readonly StageReport[] | undefined
  readonly onEvent?: ((event: ScenarioEvent) => void) | undefined
  /** Hears of the Workflow before it is asked for, and once it exists. */
  readonly onIntent?: ((workflow: Workflow) => void) | undefined
  readonly onCreated?: ((workflow: Workflow) => void) | undefined
}
