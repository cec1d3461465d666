import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import { annotations, labels, scenarioLabels } from '../../contract/labels.ts'
import { usageError } from '../../errors/sei-error.ts'
import type { ScenarioSource } from '../source/scenario-source.ts'
import { checkKind, checkWorkflow } from './check-workflow.ts'
import { placeholdersOf } from './declared-placeholders.ts'
import { fastestRate } from './fastest-rate.ts'
import { finalizerOf } from './finalizer.ts'
import { guardTemplates, type GuardOptions, type Refuse } from './guard.ts'
import { ownDeadlines } from './guard-deadlines.ts'
import { guardNote, readGuardNote } from './guard-note.ts'
import { valuesOf } from './placeholder-values.ts'
import type { RenderedScenario, RenderedStep } from './rendered-scenario.ts'
import { checkedWorkflowName } from './run-names.ts'
import { stepList } from './step-list.ts'
import { substitute } from './substitute.ts'
import { withoutNotes } from './template-notes.ts'
import { Templates } from './templates.ts'
import { checkVarsReferences } from './vars-references.ts'
import { parseYaml, type YamlSource } from './yaml-source.ts'

export interface RenderOptions {
  /** At most 30 of `[a-z0-9-]`. `newScenarioRunId()` makes one. */
  readonly runId: string
  /** Values of placeholders. */
  readonly vars: Readonly<Record<string, string>>
  /** For the placeholder SEI_NAMESPACE. */
  readonly namespace?: string | undefined
  /** Values for placeholders that are given none; names that the scenario does not have are of no interest. */
  readonly defaults?: Readonly<Record<string, string>> | undefined
  /** Placeholders beside those of the scenario: `NAME` or `NAME=type`. */
  readonly placeholders?: readonly string[] | undefined
  /** Whether a failed step is the last one. @default true */
  readonly guard?: boolean | undefined
  /** Image of gate Tasks. @default the value of SEITASK_IMAGE */
  readonly gateImage?: string | undefined
}

/**
 * Makes of a scenario's text the Workflow to create: values in place of placeholders, checked, guarded, named and labelled.
 * Asks no cluster. Rendering what was rendered before changes nothing.
 * @throws SeiError of class `usage`, with place, expectation and fix of each mistake
 */
export function renderScenario(source: ScenarioSource, options: RenderOptions): RenderedScenario {
  const { scenario } = source.origin
  const name = checkedWorkflowName(scenario, options.runId)
  const yaml = parseYaml(source.text, source.origin.path)
  checkKind(yaml.value(), yaml.at)
  const { vars, values } = fillIn(yaml, scenario, options)
  const workflow = checkWorkflow(yaml.value(), yaml.at)
  checkVarsReferences(workflow, name, yaml.at)
  const stepImage = values.get('SEITASK_IMAGE')
  const gating = { gateImage: options.gateImage ?? stepImage, stepImage, refuse: refusal(yaml, workflow) }
  const { templates, steps, guarded } = guardOf(workflow, options.guard ?? true, gating)
  const entryDeadlineMs = ownDeadlines(templates).get(workflow.spec.entry)
  const fastest = fastestRate(scenario, workflow, yaml.at)
  return {
    scenario,
    runId: options.runId,
    workflow: named(
      workflow,
      { name, scenario, runId: options.runId },
      { templates, note: guardNote(guarded, steps) },
    ),
    guarded,
    ...(entryDeadlineMs === undefined ? {} : { entryDeadlineMs }),
    ...(fastest === undefined ? {} : { fastestRate: fastest }),
    steps,
    vars,
  }
}

function fillIn(
  yaml: YamlSource,
  scenario: string,
  options: RenderOptions,
): { readonly vars: Readonly<Record<string, string>>; readonly values: ReadonlyMap<string, string> } {
  const path = ['metadata', 'annotations', annotations.placeholders]
  const declared = (yaml.value() as Workflow).metadata?.annotations?.[annotations.placeholders]
  const list = placeholdersOf(scenario, declared, options.placeholders ?? [], yaml.at(path))
  if (yaml.document.hasIn(path)) yaml.document.deleteIn(path)
  const values = valuesOf(list, options.vars, options)
  const used = substitute(yaml.document, { list, values, at: yaml.atNode })
  return { vars: { ...options.vars, ...used }, values }
}

interface GuardResult {
  readonly templates: Workflow['spec']['templates']
  readonly steps: readonly RenderedStep[]
  readonly guarded: boolean
}

function guardOf(workflow: Workflow, guard: boolean, gating: GuardOptions): GuardResult {
  const { entry, templates } = workflow.spec
  const before = readGuardNote(workflow, gating.refuse)
  if (before !== undefined) return { templates, steps: before, guarded: true }
  if (!guard) {
    const roles = {
      gates: new Set<string>(),
      finalizer: looseFinalizer(workflow),
      deadlines: ownDeadlines(templates),
    }
    return {
      templates: templates.map(withoutNotes),
      steps: stepList(entry, templates, roles),
      guarded: false,
    }
  }
  const result = guardTemplates(workflow, gating)
  return { templates: [...result.templates], steps: stepList(entry, result.templates, result), guarded: true }
}

/** Without a guard nothing is refused or added: a finalizer is what the Workflow itself leads to. */
function looseFinalizer({ spec }: Workflow): string | undefined {
  class Refused extends Error {}
  try {
    const refuse = (): never => {
      throw new Refused()
    }
    const name = finalizerOf(spec.entry, spec.templates, refuse)?.name
    const reached = new Templates(spec.templates).below(spec.entry)
    return reached.some((template) => template.name === name) ? name : undefined
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}

function refusal(yaml: YamlSource, { spec }: Workflow): Refuse {
  return (template, what, expected) => {
    const index = spec.templates.findIndex(({ name }) => name === template)
    throw usageError([
      {
        what: `the step ${template} cannot be guarded: ${what}`,
        where: yaml.at(['spec', 'templates', index]),
        expected,
        fix: 'change the scenario, or run it with --no-guard',
      },
    ])
  }
}

interface RunNames {
  readonly name: string
  readonly scenario: string
  readonly runId: string
}

function named(
  { apiVersion, kind, metadata, spec }: Workflow,
  { name, scenario, runId }: RunNames,
  { templates, note }: { readonly templates: Workflow['spec']['templates']; readonly note: string },
): Workflow {
  const own = {
    [scenarioLabels.scenario]: scenario,
    [scenarioLabels.workflowRun]: runId,
    [labels.harnessRun]: runId,
  }
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      labels: { ...metadata?.labels, ...own },
      // A Workflow without annotations cannot be aborted by its StatusChecks (reference: Chaos Mesh panics and retries).
      annotations: { ...metadata?.annotations, [annotations.guard]: note },
    },
    spec: { ...spec, templates },
  }
}
