import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import type { Problem } from '../../contract/problem.ts'
import { varsName } from '../../contract/scenario-names.ts'
import { usageError } from '../../errors/sei-error.ts'
import type { Path } from './yaml-source.ts'

interface EnvSource {
  readonly configMapRef?: { readonly name?: unknown; readonly optional?: boolean }
}

/**
 * A step that reads another run's variables, or those of a misspelt name, hangs in CreateContainerConfigError until its
 * deadline: every reference to a `workflow-vars-…` must be to the one of this Workflow.
 */
export function checkVarsReferences({ spec }: Workflow, workflow: string, at: (path: Path) => string): void {
  const expected = varsName(workflow)
  const problems: Problem[] = []
  for (const [index, { task }] of spec.templates.entries()) {
    const sources = task?.container?.['envFrom']
    if (!Array.isArray(sources)) continue
    for (const [place, source] of (sources as EnvSource[]).entries()) {
      const name = source?.configMapRef?.name
      if (typeof name !== 'string' || !name.startsWith(varsName('')) || name === expected) continue
      problems.push({
        what: `${JSON.stringify(name)} is not the ConfigMap of this run`,
        where: at([
          'spec',
          'templates',
          index,
          'task',
          'container',
          'envFrom',
          place,
          'configMapRef',
          'name',
        ]),
        expected,
        fix: `write ${varsName('<scenario>-$SEI_WORKFLOW_RUN_ID')}`,
      })
    }
  }
  if (problems.length > 0) throw usageError(problems)
}
