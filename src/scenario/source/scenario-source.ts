import type { ScenarioOrigin } from '../../contract/scenario.ts'

/** A scenario as it was read, before anything is put into its placeholders. */
export interface ScenarioSource {
  readonly origin: ScenarioOrigin
  /** Text of the Workflow file. */
  readonly text: string
  /** Files of the scenario's own folder, which its steps read, by path within that folder; of GitHub those that `text` names. */
  readonly files: ReadonlyMap<string, string>
}
