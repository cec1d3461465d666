import type { Workflow, WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import { defaults } from '../../contract/defaults.ts'
import { goDuration, parseGoDuration } from '../../contract/go-duration.ts'

/** Templates whose deadline bounds steps; that of a Suspend or a fault is how long it lasts. */
const bounding: ReadonlySet<string> = new Set(['Task', 'Serial', 'Parallel'])

/** How much faster than on a real cluster the deadlines of steps pass: they are real processes, however fast the clock is. */
export function stepRate(rate: number | undefined): number {
  return Math.min(rate ?? 1, defaults.stepRate)
}

/** The Workflow for a cluster of that rate, whose controllers know one clock: deadlines of steps are stretched to pass no faster. */
export function atStepRate(workflow: Workflow, rate: number | undefined): Workflow {
  const factor = (rate ?? 1) / stepRate(rate)
  if (factor === 1) return workflow
  const { spec } = workflow
  return {
    ...workflow,
    spec: { ...spec, templates: spec.templates.map((template) => stretched(template, factor)) },
  }
}

function stretched(template: WorkflowTemplate, factor: number): WorkflowTemplate {
  const ms = template.deadline === undefined ? undefined : parseGoDuration(template.deadline)
  if (ms === undefined || !bounding.has(template.templateType)) return template
  return { ...template, deadline: goDuration(ms * factor) }
}
