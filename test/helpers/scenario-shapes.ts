import { stringify } from 'yaml'
import type { WorkflowTemplate } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { ScenarioSource } from '../../src/scenario/source/scenario-source.ts'

export function source(scenario: string, text: string): ScenarioSource {
  return { origin: { scenario, repo: '.', path: `${scenario}.yaml`, sha256: '' }, text, files: new Map() }
}

export interface Shape {
  readonly [name: string]: Partial<WorkflowTemplate>
}

/** A Workflow of an entry `main` with these children, and these templates; a name without one is a Task of 1 min. */
export function shaped(children: readonly string[], shape: Shape = {}): ScenarioSource {
  const names = new Set([
    ...children,
    ...Object.values(shape).flatMap((one) => one.children ?? []),
    ...Object.keys(shape),
  ])
  const templates = [...names].map((name) => ({ name, ...task(name), ...shape[name] })).map(withoutTask)
  const entry = { name: 'main', templateType: 'Serial', deadline: '10h', children }
  return source(
    'shaped',
    stringify({
      apiVersion: 'chaos-mesh.org/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'shaped' },
      spec: { entry: 'main', templates: [entry, ...templates] },
    }),
  )
}

function task(name: string): Partial<WorkflowTemplate> {
  const args = name === 'upload-report' ? [name] : ['work']
  return {
    templateType: 'Task',
    deadline: '1m',
    task: { container: { name: 'c', image: 'r.io/seitask:1', args } },
  }
}

function withoutTask(template: Partial<WorkflowTemplate>): Partial<WorkflowTemplate> {
  const { task: _task, ...rest } = template
  return template.templateType === 'Task' ? template : rest
}

export const serial = (...children: string[]): Partial<WorkflowTemplate> => ({
  templateType: 'Serial',
  deadline: undefined as never,
  children,
})
export const parallel = (...children: string[]): Partial<WorkflowTemplate> => ({
  templateType: 'Parallel',
  deadline: '5m',
  children,
})
export const suspend: Partial<WorkflowTemplate> = { templateType: 'Suspend', deadline: '1m' }
export const fault: Partial<WorkflowTemplate> = {
  templateType: 'PodChaos',
  deadline: '1m',
  podChaos: { action: 'pod-kill' },
}
export const foreign: Partial<WorkflowTemplate> = {
  task: { container: { name: 'c', image: 'busybox:1', args: [] } },
}
export const check = (abort: boolean): Partial<WorkflowTemplate> => ({
  templateType: 'StatusCheck',
  deadline: '2m',
  abortWithStatusCheck: abort,
  statusCheck: { type: 'HTTP', http: { url: 'http://x' } },
})

export const gated = { runId: 'r1', vars: {}, gateImage: 'r.io/seitask:1' }
