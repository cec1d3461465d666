import type { WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { RenderedStep } from './rendered-scenario.ts'
import { Templates } from './templates.ts'

export interface StepRoles {
  readonly gates: ReadonlySet<string>
  readonly finalizer?: string | undefined
  /** Ms by template. */
  readonly deadlines: ReadonlyMap<string, number>
}

/** The Tasks of a Workflow in the order in which they may run; those of its finalizer come last. */
export function stepList(
  entry: string,
  list: readonly WorkflowTemplate[],
  { gates, finalizer, deadlines }: StepRoles,
): RenderedStep[] {
  const templates = new Templates(list)
  const steps = new Map<string, RenderedStep>()
  const finally_ = new Set(finalizer === undefined ? [] : templates.below(finalizer).map(({ name }) => name))
  const visit = (name: string, position: number, final: boolean): number => {
    if (finally_.has(name) && !final) return position
    const { templateType, children = [], conditionalBranches = [], task } = templates.get(name)
    const each = (names: readonly string[], from: number): number =>
      Math.max(from, ...names.map((one) => visit(one, from, final)))
    if (templateType === 'Serial') return children.reduce((at, child) => visit(child, at, final), position)
    if (templateType === 'Parallel') return each(children, position)
    if (templateType !== 'Task') return position
    const role = final ? 'finalizer' : gates.has(name) ? 'gate' : 'step'
    const own = deadlines.get(name)
    const deadline = own === undefined ? {} : { deadlineMs: own }
    const at = Math.max(position, steps.get(name)?.position ?? 0)
    steps.set(name, {
      template: name,
      role,
      container: task?.container?.name ?? '',
      ...deadline,
      position: at,
    })
    return each(
      conditionalBranches.map(({ target }) => target),
      at + 1,
    )
  }
  const last = visit(entry, 0, false)
  if (finalizer !== undefined) visit(finalizer, last, true)
  return [...steps.values()].toSorted((a, b) => a.position - b.position)
}
