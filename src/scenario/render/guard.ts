import type { Workflow, WorkflowTemplate } from '../../contract/crds/chaos-mesh/workflow.ts'
import { isSeitask } from '../../contract/image-reference.ts'
import { nextOf } from './check-graph.ts'
import { finalizerOf } from './finalizer.ts'
import { gateDeadlineMs, gateTemplate } from './gate-template.ts'
import { extendDeadlines, ownDeadlines } from './guard-deadlines.ts'
import { notesOf, withoutNotes, type TemplateNotes } from './template-notes.ts'
import { TemplateNames } from './template-names.ts'
import { canFail, Templates } from './templates.ts'

/** Ends rendering with an error that names the template. */
export type Refuse = (template: string, what: string, expected: string) => never

export interface GuardOptions {
  /** Of gates; of none a scenario can only be guarded that needs none. */
  readonly gateImage?: string | undefined
  /** Image of the scenario's own steps, whose logs are short; so are those of any image called `seitask`. */
  readonly stepImage?: string | undefined
  readonly refuse: Refuse
}

export interface Guarded {
  readonly templates: readonly WorkflowTemplate[]
  readonly gates: ReadonlySet<string>
  readonly finalizer?: string | undefined
  /** Ms by template, as their author wrote them; of gates their own. */
  readonly deadlines: ReadonlyMap<string, number>
}

const succeeded = 'exitCode == 0'
const failed = 'exitCode != 0'

/**
 * Makes a failed step the last one: Chaos Mesh starts the next child of a Serial whatever became of the one before, so each
 * Serial keeps its children only up to the first that can fail, and the rest hangs below a branch of that one, on exit code 0.
 * A branch stops its own target and nothing else; that is why everything later has to hang there. What has no exit code of
 * its own, or a log too long for its node, is followed by a gate that has one.
 */
export function guardTemplates(workflow: Workflow, options: GuardOptions): Guarded {
  const { entry, templates } = workflow.spec
  const finalizer = finalizerOf(entry, templates, options.refuse)
  const guard = new Guard(workflow, options)
  guard.enter(entry, finalizer?.placed === true ? undefined : finalizer?.name)
  const deadlines = new Map([
    ...ownDeadlines(templates),
    ...[...guard.gates].map((gate) => [gate, gateDeadlineMs] as const),
  ])
  extendDeadlines(guard.templates, guard.branching, deadlines)
  return { templates: guard.templates.all, gates: guard.gates, finalizer: finalizer?.name, deadlines }
}

class Guard {
  readonly templates: Templates
  readonly gates: Set<string> = new Set()
  /** Tasks that were given branches here. */
  readonly branching: Set<string> = new Set()
  readonly #notes: ReadonlyMap<string, TemplateNotes>
  /** As their author wrote them: what is guarded already would look like branches of its own. */
  readonly #written: Templates
  readonly #names: TemplateNames
  readonly #options: GuardOptions
  readonly #entered = new Set<string>()
  readonly #uses: ReadonlyMap<string, number>

  constructor(workflow: Workflow, options: GuardOptions) {
    const { spec } = workflow
    this.#notes = new Map(spec.templates.map((template) => [template.name, notesOf(template)]))
    this.#names = new TemplateNames(this.#notes.keys())
    this.#options = options
    this.#written = new Templates(spec.templates)
    this.templates = new Templates(spec.templates.map(withoutNotes))
    this.#uses = usesOf(workflow)
  }

  /** Guards the entry; `finalizer` is what follows its last step and every failure. */
  enter(entry: string, finalizer: string | undefined): void {
    const template = this.templates.get(entry)
    if (finalizer === undefined) return this.#inside(entry)
    const children = (template.children ?? []).filter((child) => child !== finalizer)
    template.children = this.#chain(children, finalizer)
  }

  /** Guards what a template holds, where nothing follows that depends on it. */
  #inside(name: string): void {
    if (this.#entered.has(name)) return
    this.#entered.add(name)
    const template = this.templates.get(name)
    const { templateType, children = [], conditionalBranches = [] } = template
    if (templateType === 'Serial') template.children = this.#chain(children, undefined)
    if (templateType === 'Parallel') for (const child of children) this.#inside(child)
    if (templateType === 'Task') for (const { target } of conditionalBranches) this.#inside(target)
  }

  /** The children that a Serial keeps of a sequence: up to the first that can fail; the others hang below its closing Task. */
  #chain(sequence: readonly string[], end: string | undefined): string[] {
    const members = this.#flat(sequence)
    const at = members.findIndex(
      (name, index) => index < members.length - 1 && this.#failing(name).length > 0,
    )
    if (at < 0) {
      for (const name of members) this.#inside(name)
      return end === undefined ? [...members] : [...members, end]
    }
    const [name = ''] = members.slice(at)
    const closing = this.#closing(name)
    this.#inside(name)
    const [next = '', ...more] = members.slice(at + 1)
    const rest = this.#chain([next, ...more], end)
    this.#branch(closing, this.#target(rest, next), end)
    return [...members.slice(0, at), name, ...(closing === name ? [] : [closing])]
  }

  /** Children of a Serial within a Serial stand for themselves, unless its deadline holds them together. */
  #flat(sequence: readonly string[]): string[] {
    return sequence.flatMap((name) => {
      const { templateType, deadline, children = [] } = this.#written.get(name)
      return templateType === 'Serial' && typeof deadline !== 'string' ? this.#flat(children) : [name]
    })
  }

  #failing(name: string): readonly WorkflowTemplate[] {
    return this.#written.below(name).filter(canFail)
  }

  /** The Task whose exit code says whether a member has passed: itself, or a new gate behind it. */
  #closing(name: string): string {
    const template = this.templates.get(name)
    const failing = this.#failing(name)
    const own = failing.find(({ conditionalBranches = [] }) => conditionalBranches.length > 0)
    if (own !== undefined)
      this.#options.refuse(
        own.name,
        'it has branches of its own, and steps follow that would start whatever becomes of them',
        'branches only where nothing follows; hang the later steps below them',
      )
    // What comes after a step is told by its template: two uses of one would share it.
    const isShared = (this.#uses.get(name) ?? 0) > 1
    if (template.templateType === 'Task' && !isShared && !this.#logsMuch(template)) return name
    const { gateImage } = this.#options
    if (gateImage === undefined)
      this.#options.refuse(
        name,
        'it needs a gate behind it, and there is no image for gates',
        'the placeholder SEITASK_IMAGE with a value, or an image for gates',
      )
    const isTask = ({ templateType }: WorkflowTemplate): boolean => templateType === 'Task'
    const steps = failing.filter(isTask).map((one) => one.name)
    const checks = failing.filter((one) => !isTask(one)).map((one) => one.name)
    const like = this.templates.all.find(({ task }) => task?.container?.image === gateImage)
    const gateName = this.#names.fresh('gate', name)
    const gate = gateTemplate(gateName, gateImage, { steps, checks }, like?.task?.container)
    this.gates.add(gate.name)
    return this.templates.add(gate)
  }

  /**
   * A branching Task's whole log goes into its node. Programs of others may log anything; without an image for gates they
   * are trusted, unless they are said to log much.
   */
  #logsMuch({ name, task }: WorkflowTemplate): boolean {
    const said = this.#notes.get(name)?.log
    if (said !== undefined) return said === 'large'
    const { gateImage, stepImage } = this.#options
    const image = task?.container?.image ?? ''
    return gateImage !== undefined && image !== gateImage && image !== stepImage && !isSeitask(image)
  }

  /** One template that starts all of them in their order. */
  #target(names: readonly string[], first: string): string {
    const [only, ...more] = names
    if (only !== undefined && more.length === 0) return only
    return this.templates.add({
      name: this.#names.fresh('then', first),
      templateType: 'Serial',
      children: [...names],
    })
  }

  #branch(name: string, next: string, end: string | undefined): void {
    this.branching.add(name)
    this.templates.get(name).conditionalBranches = [
      { target: next, expression: succeeded },
      ...(end === undefined ? [] : [{ target: end, expression: failed }]),
    ]
  }
}

/** How often each template may start: as often as all that name it. */
function usesOf({ spec }: Workflow): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  const count = (name: string): number => {
    const known = uses.get(name)
    if (known !== undefined) return known
    const own = name === spec.entry ? 1 : 0
    const total = spec.templates.reduce((sum, template) => {
      const named = nextOf(template).filter((next) => next === name).length
      return named === 0 ? sum : sum + named * count(template.name)
    }, own)
    uses.set(name, total)
    return total
  }
  for (const { name } of spec.templates) count(name)
  return uses
}
