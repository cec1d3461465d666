import type { Outcome } from '../../contract/exit-codes.ts'
import type { KubeEvent, Pod } from '../../contract/objects.ts'
import type { ScenarioResult } from '../../contract/scenario.ts'
import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import type { RenderedStep } from '../render/rendered-scenario.ts'

/** What befell a pod by the hand of whoever runs the Workflow. */
export interface Fate {
  /** ISO time. */
  readonly at: string
  /**
   * `deadline`: it ran past its step's own deadline. `stopped`: it was ended because the run was over already. `stuck`: it
   * waited for something longer than that may take.
   */
  readonly why: 'deadline' | 'stopped' | 'stuck'
  readonly what: string
}

/** Something that happened to the whole run and that no object tells. */
export interface Incident {
  /** ISO time. */
  readonly at: string
  readonly result: ScenarioResult
  readonly outcome: Outcome
  readonly what: string
}

/** Everything that a verdict is read from, each object as it was last seen: those that are gone belong to it too. */
export interface RunObjects {
  readonly workflow?: Workflow | undefined
  /** It was deleted by somebody else before it had ended. */
  readonly workflowLost?: boolean | undefined
  readonly nodes: readonly WorkflowNode[]
  readonly pods: readonly Pod[]
  readonly events?: readonly KubeEvent[] | undefined
  /** End of each pod's log, redacted, by the pod's name. */
  readonly logs?: ReadonlyMap<string, string> | undefined
  /** What the steps wrote; decides only where no pod is left to tell. */
  readonly exitReason?: string | undefined
  /** In the scenario's order. @default those that the Workflow's own templates tell of */
  readonly steps?: readonly RenderedStep[] | undefined
  /** When the end of each pod was seen, ISO, by its uid: finer than the whole seconds of its status. */
  readonly seen?: ReadonlyMap<string, string> | undefined
  /** By the pod's uid. */
  readonly fates?: ReadonlyMap<string, Fate> | undefined
  readonly incidents?: readonly Incident[] | undefined
  /** When we set the abort annotation ourselves, ISO: because the run was over, so that it is no cause of anything. */
  readonly abortedAt?: string | undefined
}
