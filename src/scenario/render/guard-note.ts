import type { Workflow, WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import { annotations } from '../../contract/labels.ts'
import type { Refuse } from './guard.ts'
import type { RenderedStep } from './rendered-scenario.ts'
import { canFail, Templates } from './templates.ts'

/** What the annotation `sei.io/guard` of a rendered Workflow holds, for whoever meets it later. */
export function guardNote(guarded: boolean, steps: readonly RenderedStep[]): string {
  return guarded ? JSON.stringify({ steps }) : 'none'
}

/** The steps of a Workflow that was guarded before; nothing where it was not. Refuses one that only says so. */
export function readGuardNote(workflow: Workflow, refuse: Refuse): readonly RenderedStep[] | undefined {
  const note = workflow.metadata?.annotations?.[annotations.guard]
  if (note === undefined || note === 'none') return undefined
  const steps = stepsIn(note)
  const roles = new Map(steps?.map(({ template, role }) => [template, role]))
  const templates = new Templates(workflow.spec.templates)
  const tasks = templates.below(workflow.spec.entry).filter(({ templateType }) => templateType === 'Task')
  const strange = tasks.find(({ name }) => !roles.has(name))
  if (steps === undefined || strange !== undefined)
    refuse(
      strange?.name ?? workflow.spec.entry,
      `the annotation ${annotations.guard} does not tell of it`,
      'the Workflow as it was rendered, or one without the annotation',
    )
  for (const serial of templates.below(workflow.spec.entry)) {
    const [step, next] = unguarded(serial, templates, roles)
    if (step !== undefined)
      refuse(
        step,
        `${next ?? ''} follows it whatever becomes of it, though the Workflow says it is guarded`,
        `the Workflow as it was rendered, or one without the annotation ${annotations.guard}`,
      )
  }
  return steps
}

/** A child of a Serial that can fail, and the step that starts behind it all the same. */
function unguarded(
  { templateType, children = [] }: WorkflowTemplate,
  templates: Templates,
  roles: ReadonlyMap<string, RenderedStep['role']>,
): readonly [step?: string, next?: string] {
  if (templateType !== 'Serial') return []
  for (const [index, child] of children.slice(0, -1).entries()) {
    const next = children[index + 1] ?? ''
    if (!templates.below(child).some(canFail) || roles.get(child) === 'finalizer') continue
    const following = templates.below(next).filter(({ templateType: type }) => type === 'Task')
    const isEnd = following.every(({ name }) => roles.get(name) === 'finalizer')
    const branches = templates.get(child).conditionalBranches ?? []
    if ((isEnd && following.length > 0) || (roles.get(next) === 'gate' && branches.length === 0)) continue
    return [child, next]
  }
  return []
}

function stepsIn(note: string): readonly RenderedStep[] | undefined {
  try {
    const { steps } = JSON.parse(note) as { readonly steps?: unknown }
    return Array.isArray(steps) ? (steps as RenderedStep[]) : undefined
  } catch {
    return undefined
  }
}
