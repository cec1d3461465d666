import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'

/** One Task of a rendered scenario. */
export interface RenderedStep {
  /** Name of its template. */
  readonly template: string
  /** What rendering added is a gate or a finalizer's copy; a finalizer runs however the run ended and decides no verdict by its start. */
  readonly role: 'step' | 'gate' | 'finalizer'
  /** Name of its container. */
  readonly container: string
  /** Its own deadline, ms. The rendered one is longer under guard: whoever runs the Workflow keeps this one. */
  readonly deadlineMs?: number | undefined
  /** Place in the scenario's order, from 0; members of a Parallel share theirs. */
  readonly position: number
}

/** A Workflow that is ready to be created, and what its runner has to know of it. */
export interface RenderedScenario {
  readonly scenario: string
  readonly runId: string
  /** Named `<scenario>-<run id>`, labelled, annotated; without a namespace. */
  readonly workflow: Workflow
  readonly guarded: boolean
  /** Of the entry template, as its author wrote it, ms. */
  readonly entryDeadlineMs?: number | undefined
  readonly steps: readonly RenderedStep[]
  /** Fastest rate of a simulated cluster's clock that its steps keep up with; left out where any will do. */
  readonly fastestRate?: number | undefined
  /** What was put into the placeholders. */
  readonly vars: Readonly<Record<string, string>>
}
