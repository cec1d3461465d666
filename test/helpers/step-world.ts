import { startEmbedded, type EmbeddedCluster } from '../../src/clusters/embedded.ts'
import type { Workflow, WorkflowTemplate } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import { configMaps, workflows } from '../../src/contract/kinds.ts'
import { annotations } from '../../src/contract/labels.ts'
import type { ConfigMap } from '../../src/contract/objects.ts'
import { varsName } from '../../src/contract/scenario-names.ts'
import { parseStepGates, type StepGates } from '../../src/contract/step-gates.ts'
import { runStep, type StepContext, type StepEnd, type StepFrame } from '../../src/scenario/steps/step.ts'

const namespace = 'default'
const idle: WorkflowTemplate = { name: 'wait', templateType: 'Suspend', deadline: '1000h' }

/** An embedded cluster on which steps of Workflows run in this process. */
export interface StepWorld {
  readonly cluster: EmbeddedCluster
  /** A Workflow, whose entry is the first template, and the environment of its steps. @default one that does nothing */
  workflow(name: string, templates?: readonly WorkflowTemplate[]): Promise<Record<string, string>>
  run(env: Record<string, string>, body: (step: StepContext) => Promise<void>): Promise<RunStep>
  frame(env: Record<string, string>, signal?: AbortSignal): StepFrame & { readonly lines: string[] }
  vars(workflow: string): Promise<Record<string, string>>
  /** What its steps left for the report. */
  gates(workflow: string): Promise<StepGates>
  close(): Promise<void>
}

export interface RunStep extends StepEnd {
  /** What was said, warnings marked. */
  readonly lines: readonly string[]
}

export async function startStepWorld(): Promise<StepWorld> {
  const cluster = await startEmbedded()
  const frame: StepWorld['frame'] = (env, signal = new AbortController().signal) => {
    const lines: string[] = []
    return {
      env,
      signal,
      lines,
      say: (line) => lines.push(line),
      warn: (line) => lines.push(`warning: ${line}`),
      connect: async () => ({ ...cluster, close: async () => {} }),
    }
  }
  const passedOn = (workflow: string): Promise<ConfigMap | undefined> =>
    cluster.kube.find<ConfigMap>(configMaps, { namespace, name: varsName(workflow) })
  return {
    cluster,
    frame,
    workflow: async (name, templates = [idle]) => {
      await cluster.kube.create<Workflow>(workflows, {
        apiVersion: 'chaos-mesh.org/v1alpha1',
        kind: 'Workflow',
        metadata: { name, namespace, labels: { 'sei.io/scenario': 'test', 'sei.io/workflow-run': name } },
        spec: { entry: templates[0]?.name ?? '', templates: [...templates] },
      })
      return { SEI_WORKFLOW_NAME: name, SEI_NAMESPACE: namespace }
    },
    run: async (env, body) => {
      const own = frame(env)
      return { ...(await runStep(own, body)), lines: own.lines }
    },
    vars: async (workflow) => (await passedOn(workflow))?.data ?? {},
    gates: async (workflow) =>
      parseStepGates((await passedOn(workflow))?.metadata.annotations?.[annotations.gates]),
    close: () => cluster.close(),
  }
}
