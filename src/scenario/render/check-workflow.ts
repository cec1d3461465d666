import { isPlainObject, show } from '../../contract/checks.ts'
import { closest } from '../../contract/closest.ts'
import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import { apiVersionOf, workflows } from '../../contract/kinds.ts'
import type { Problem } from '../../contract/problem.ts'
import { usageError } from '../../errors/sei-error.ts'
import { checkGraph, checkNames } from './check-graph.ts'
import { checkTemplate } from './check-template.ts'
import type { Path } from './yaml-source.ts'

/** Collects what is wrong, each with the place of the value that is. */
export interface Findings {
  add(path: Path, what: string, expected: string, fix: string): void
}

/**
 * What can be known to go wrong before a Workflow is applied. Chaos Mesh refuses some of it itself; of the rest (a deadline
 * that does not parse, a branch to nowhere, a Task without container, a cycle, a fault without deadline) it says nothing, and
 * the run hangs until somebody looks. Throws one usage error with every finding.
 */
export function checkWorkflow(value: unknown, at: (path: Path) => string): Workflow {
  const workflow = value as Workflow
  stage(at, (findings) => checkObject(value, findings))
  stage(at, (findings) => {
    for (const [index, template] of workflow.spec.templates.entries())
      checkTemplate(template, ['spec', 'templates', index], findings)
  })
  stage(at, (findings) => checkNames(workflow, findings))
  stage(at, (findings) => checkGraph(workflow, findings))
  return workflow
}

/** Whether this is a Workflow at all: of anything else its placeholders are of no interest. */
export function checkKind(value: unknown, at: (path: Path) => string): void {
  stage(at, (findings) => checkHead(value, findings))
}

/** What a later stage would find in what an earlier one refuses only follows from it. */
function stage(at: (path: Path) => string, look: (findings: Findings) => void): void {
  const problems: Problem[] = []
  look({ add: (path, what, expected, fix) => problems.push({ what, where: at(path), expected, fix }) })
  if (problems.length > 0) throw usageError(problems)
}

function checkHead(value: unknown, findings: Findings): void {
  if (!isPlainObject(value)) {
    const fix = 'write apiVersion, kind, metadata, spec'
    return findings.add([], `the document is ${show(value)}`, 'a Workflow', fix)
  }
  const { apiVersion, kind } = value
  const wanted = apiVersionOf(workflows)
  if (kind !== workflows.kind)
    findings.add(['kind'], `the kind is ${show(kind)}`, 'Workflow', 'name the Workflow file of a scenario')
  else if (apiVersion !== wanted)
    findings.add(['apiVersion'], `the apiVersion is ${show(apiVersion)}`, wanted, `write ${wanted}`)
}

function checkObject(value: unknown, findings: Findings): void {
  const { spec, metadata } = value as Record<string, unknown>
  if (isPlainObject(spec)) checkSpec(spec, findings)
  else findings.add(['spec'], `the spec is ${show(spec)}`, 'entry and templates', 'write both')
  checkMetadata(metadata, findings)
}

function checkSpec(spec: Record<string, unknown>, findings: Findings): void {
  const unknown = Object.keys(spec).find((field) => field !== 'entry' && field !== 'templates')
  if (unknown !== undefined) {
    const near = closest(unknown, ['entry', 'templates'])
    const fix = near === undefined ? 'remove it' : `did you mean ${near}?`
    return findings.add(['spec', unknown], `a Workflow has no field ${unknown}`, 'entry and templates', fix)
  }
  const { entry, templates } = spec
  if (typeof entry !== 'string' || entry === '')
    findings.add(
      ['spec', 'entry'],
      `the entry is ${show(entry)}`,
      'the name of a template',
      'name the first template',
    )
  if (!Array.isArray(templates) || templates.length === 0)
    findings.add(
      ['spec', 'templates'],
      `the templates are ${show(templates)}`,
      'a list of one or more',
      'write the steps',
    )
}

function checkMetadata(metadata: unknown, findings: Findings): void {
  if (metadata === undefined) return
  if (!isPlainObject(metadata))
    return findings.add(
      ['metadata'],
      `the metadata is ${show(metadata)}`,
      'name and labels',
      'write a mapping',
    )
  for (const field of ['labels', 'annotations'] as const) {
    const map = metadata[field]
    if (map === undefined) continue
    if (!isPlainObject(map)) {
      findings.add(
        ['metadata', field],
        `the ${field} are ${show(map)}`,
        'a mapping of texts',
        'write key: value',
      )
      continue
    }
    for (const [key, text] of Object.entries(map))
      if (typeof text !== 'string')
        findings.add(
          ['metadata', field, key],
          `${show(text)} is not a text`,
          `texts as ${field}`,
          `write "${String(text)}" in quotes`,
        )
  }
}
