import type { WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import { nextOf } from './check-graph.ts'

/** The templates of one Workflow by name, in their order; rendering changes them in place. */
export class Templates {
  readonly #byName: Map<string, WorkflowTemplate>

  constructor(templates: readonly WorkflowTemplate[]) {
    this.#byName = new Map(templates.map((template) => [template.name, template]))
  }

  get all(): readonly WorkflowTemplate[] {
    return [...this.#byName.values()]
  }

  /** One that is known to be there: `checkGraph` has seen every name. */
  get(name: string): WorkflowTemplate {
    const template = this.#byName.get(name)
    if (template === undefined) throw new Error(`no template ${name}`)
    return template
  }

  add(template: WorkflowTemplate): string {
    this.#byName.set(template.name, template)
    return template.name
  }

  /** A template and everything that may start below it, each once. */
  below(name: string): readonly WorkflowTemplate[] {
    const found = new Set<WorkflowTemplate>()
    const visit = (one: WorkflowTemplate): void => {
      if (found.has(one)) return
      found.add(one)
      for (const next of nextOf(one)) visit(this.get(next))
    }
    visit(this.get(name))
    return [...found]
  }
}

/** Whether its outcome can be a failure by itself. A StatusCheck that does not abort says of itself that it may fail. */
export function canFail({ templateType, abortWithStatusCheck }: WorkflowTemplate): boolean {
  return templateType === 'Task' || (templateType === 'StatusCheck' && abortWithStatusCheck === true)
}
