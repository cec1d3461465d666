import { readdirSync, readFileSync } from 'node:fs'
import type { Workflow } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { WorkflowNode } from '../../src/contract/crds/chaos-mesh/workflownode.ts'
import type { KubeEvent, KubeObject, Pod } from '../../src/contract/objects.ts'

const folder = new URL('../captures/chaos-mesh/', import.meta.url)

export interface RecordedStage {
  readonly stage: string
  /** `null` once it is gone. */
  readonly workflow?: Workflow | null
  readonly workflownodes?: readonly WorkflowNode[]
  readonly pods?: readonly Pod[]
  readonly statuschecks?: readonly KubeObject[]
}

export interface RecordedWorkflow {
  readonly stages: readonly RecordedStage[]
  readonly events: readonly KubeEvent[]
}

/** Names of all recordings. */
export function recordedNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort()
}

export function recordedWorkflow(name: string): RecordedWorkflow {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as RecordedWorkflow
}

/** One stage by its name, such as `06-all-done`. */
export function recordedStage(name: string, stage: string): RecordedStage & Pick<RecordedWorkflow, 'events'> {
  const { stages, events } = recordedWorkflow(name)
  const found = stages.find((one) => one.stage === stage)
  if (found === undefined) throw new Error(`no stage ${stage} in ${name}`)
  return { ...found, events }
}
