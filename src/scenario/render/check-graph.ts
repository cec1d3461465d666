import { closest } from '../../contract/closest.ts'
import type { Workflow, WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { Findings } from './check-workflow.ts'
import type { Path } from './yaml-source.ts'

/** One template of each name. */
export function checkNames({ spec }: Workflow, findings: Findings): void {
  const first = new Map<string, number>()
  for (const [index, { name }] of spec.templates.entries()) {
    const other = first.get(name)
    const path = ['spec', 'templates', index, 'name']
    if (other === undefined) first.set(name, index)
    else
      findings.add(
        path,
        `the name ${name} is taken by template ${other + 1}`,
        'names that are unique',
        'rename one',
      )
  }
}

/** Names that templates refer to each other by: all of them there, and no way back to the start. */
export function checkGraph({ spec }: Workflow, findings: Findings): void {
  const names = spec.templates.map(({ name }) => name)
  if (!names.includes(spec.entry)) missing(['spec', 'entry'], spec.entry, names, findings)
  for (const { path, target } of spec.templates.flatMap(referencesOf))
    if (!names.includes(target)) missing(path, target, names, findings)
  const cycle = cycleOf(spec.templates)
  if (cycle === undefined) return
  const expected = 'children and branches that come to an end'
  findings.add(
    ['spec', 'templates', names.indexOf(cycle[0] ?? '')],
    `the templates lead back to themselves: ${cycle.join(' → ')}`,
    expected,
    `take ${cycle.at(-1)} out of ${cycle.at(-2)}`,
  )
}

interface Reference {
  readonly path: Path
  readonly target: string
}

function referencesOf({ children, conditionalBranches }: WorkflowTemplate, index: number): Reference[] {
  const path = ['spec', 'templates', index]
  return [
    ...(children ?? []).map((target, at) => ({ path: [...path, 'children', at], target })),
    ...(conditionalBranches ?? []).map(({ target }, at) => ({
      path: [...path, 'conditionalBranches', at, 'target'],
      target,
    })),
  ]
}

/** Names of the templates that may start below a template, in order. */
export function nextOf({ children, conditionalBranches }: WorkflowTemplate): string[] {
  return [...(children ?? []), ...(conditionalBranches ?? []).map(({ target }) => target)]
}

function missing(path: Path, name: string, names: readonly string[], findings: Findings): void {
  const near = closest(name, names)
  const fix = near === undefined ? 'add the template, or remove the name' : `did you mean ${near}?`
  findings.add(
    path,
    `there is no template ${JSON.stringify(name)}`,
    'the name of a template of this Workflow',
    fix,
  )
}

/** A way from a template back to it, if there is one. */
function cycleOf(templates: readonly WorkflowTemplate[]): string[] | undefined {
  const byName = new Map(templates.map((template) => [template.name, template]))
  const clean = new Set<string>()
  const search = (name: string, way: readonly string[]): string[] | undefined => {
    const template = byName.get(name)
    if (template === undefined || clean.has(name)) return undefined
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name]
    for (const next of nextOf(template)) {
      const found = search(next, [...way, name])
      if (found !== undefined) return found
    }
    clean.add(name)
    return undefined
  }
  for (const { name } of templates) {
    const found = search(name, [])
    if (found !== undefined) return found
  }
  return undefined
}
