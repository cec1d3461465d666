import type { Workflow, WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import { annotations } from '../../contract/labels.ts'
import type { RenderedStep } from '../render/rendered-scenario.ts'

const onSuccess = /^\s*exitCode\s*==\s*0\s*$/

/**
 * The Tasks of a Workflow in the order in which they would run, and whether each has to for the Workflow to pass: what hangs
 * under a branch of any other expression than `exitCode == 0` does not.
 */
export function tasksOf({
  spec,
}: Workflow): { readonly template: WorkflowTemplate; readonly needed: boolean }[] {
  const templates = new Map(spec.templates.map((template) => [template.name, template]))
  const found = new Map<string, { template: WorkflowTemplate; needed: boolean }>()
  const path = new Set<string>()
  const visit = (name: string, needed: boolean): void => {
    const template = templates.get(name)
    if (template === undefined || path.has(name)) return
    path.add(name)
    if (template.templateType === 'Task') {
      const before = found.get(name)?.needed ?? false
      found.set(name, { template, needed: needed || before })
    }
    for (const child of template.children ?? []) visit(child, needed)
    for (const { target, expression } of template.conditionalBranches ?? [])
      visit(target, needed && onSuccess.test(expression ?? ''))
    path.delete(name)
  }
  visit(spec.entry, true)
  return [...found.values()]
}

/** Steps of a Workflow of which nothing is known but its YAML. */
export function stepsOf(workflow: Workflow): RenderedStep[] {
  return tasksOf(workflow).map(({ template }, position) => ({
    template: template.name,
    role: isFinalizer(template) ? 'finalizer' : 'step',
    container: template.task?.container?.name ?? '',
    position,
  }))
}

/** The CRD keeps no annotations of a template: whoever renders one leaves its role to the steps it hands out. */
function isFinalizer(template: WorkflowTemplate): boolean {
  const { annotations: own } = template as { annotations?: Record<string, string> }
  return own?.[annotations.finally] === 'true'
}
