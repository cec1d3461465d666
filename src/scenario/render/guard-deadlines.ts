import type { WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import { goDuration, parseGoDuration } from '../../contract/go-duration.ts'
import type { Templates } from './templates.ts'

/**
 * Added for each step to the deadlines of those before it: what a stopped pod's grace and the start of the next node take.
 */
const stepAllowanceMs = 30_000

export function ownDeadlines(templates: readonly WorkflowTemplate[]): ReadonlyMap<string, number> {
  const found = templates.flatMap(({ name, deadline }) => {
    const ms = typeof deadline === 'string' ? parseGoDuration(deadline) : undefined
    return ms === undefined ? [] : [[name, ms] as const]
  })
  return new Map(found)
}

/**
 * A Task stays unfinished until everything below its branches has ended, so that its deadline must hold all of them. Where
 * one of them has none, it can have none either: whoever runs the Workflow keeps each step's own.
 */
export function extendDeadlines(
  templates: Templates,
  branching: ReadonlySet<string>,
  own: ReadonlyMap<string, number>,
): void {
  const spans = new Map<string, number>()
  const span = (name: string): number => {
    const known = spans.get(name)
    if (known !== undefined) return known
    const found = measure(templates.get(name))
    spans.set(name, found)
    return found
  }
  const measure = ({
    name,
    templateType,
    children = [],
    conditionalBranches = [],
  }: WorkflowTemplate): number => {
    const ms = own.get(name) ?? Infinity
    if (branching.has(name))
      return ms + stepAllowanceMs + Math.max(...conditionalBranches.map(({ target }) => span(target)))
    if (templateType === 'Serial')
      return Math.min(
        ms,
        children.map(span).reduce((sum, one) => sum + one, 0),
      )
    return templateType === 'Parallel' ? Math.min(ms, Math.max(...children.map(span))) : ms
  }
  for (const name of branching) {
    const template = templates.get(name)
    const ms = span(name)
    if (Number.isFinite(ms)) template.deadline = goDuration(Math.ceil(ms / 1_000) * 1_000)
    else delete template.deadline
  }
}
