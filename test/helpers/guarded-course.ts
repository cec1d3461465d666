import type { Workflow } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { RenderedScenario } from '../../src/scenario/render/rendered-scenario.ts'
import { runModel, seeded, type Behaviour, type Course } from './workflow-model.ts'

/** Ways in which a step fails, by its own deadline. */
export const failures: Readonly<Record<string, (deadlineMs: number) => Behaviour>> = {
  'exits with 1': () => ({ exit: 1, ms: 10_000 }),
  'is killed with 137': () => ({ exit: 137, ms: 10_000 }),
  // Whoever runs the Workflow stops a step at its own deadline.
  'is stopped at its deadline': (deadlineMs) => ({ exit: 137, ms: deadlineMs }),
  'fails with a huge log': () => ({ exit: 1, ms: 10_000, hugeLog: true }),
  'never starts': () => ({ exit: 0, ms: Infinity }),
}

/** What starts only after `name` in the Workflow as its author wrote it; without the finalizer, and without shared pauses. */
export function laterThan(
  name: string,
  { spec }: Workflow,
  finalizers: ReadonlySet<string>,
): ReadonlySet<string> {
  const byName = new Map(spec.templates.map((template) => [template.name, template]))
  const all = (one: string): string[] => {
    const { children = [], conditionalBranches = [] } = byName.get(one) ?? {}
    return [one, ...[...children, ...conditionalBranches.map(({ target }) => target)].flatMap(all)]
  }
  const later = new Set<string>()
  for (const { templateType, children = [] } of spec.templates.filter(
    (one) => one.templateType === 'Serial',
  )) {
    const at = children.findIndex((child) => all(child).includes(name))
    if (at >= 0 && templateType === 'Serial')
      for (const next of children.slice(at + 1)) for (const one of all(next)) later.add(one)
  }
  const success = byName
    .get(name)
    ?.conditionalBranches?.find(({ expression }) => expression === 'exitCode == 0')
  if (success !== undefined) for (const one of all(success.target)) later.add(one)
  for (const one of finalizers) later.delete(one)
  const uses = spec.templates.flatMap(({ children = [] }) => children)
  for (const one of later) if (uses.indexOf(one) !== uses.lastIndexOf(one)) later.delete(one)
  return later
}

export function stepsOf({ workflow, steps }: RenderedScenario): {
  readonly steps: readonly string[]
  readonly finalizers: ReadonlySet<string>
} {
  const checks = workflow.spec.templates.filter(({ abortWithStatusCheck }) => abortWithStatusCheck === true)
  return {
    steps: [
      ...steps.filter(({ role }) => role === 'step').map(({ template }) => template),
      ...checks.map(({ name }) => name),
    ],
    finalizers: new Set(steps.filter(({ role }) => role === 'finalizer').map(({ template }) => template)),
  }
}

export function course(
  rendered: RenderedScenario,
  failing: ReadonlyMap<string, (deadlineMs: number) => Behaviour>,
  seed: number,
): Course {
  const own = new Map(rendered.steps.map(({ template, deadlineMs = 60_000 }) => [template, deadlineMs]))
  return runModel(
    rendered.workflow,
    ({ name }) => failing.get(name)?.(own.get(name) ?? 60_000) ?? { exit: 0, ms: 20_000 },
    seeded(seed),
  )
}
