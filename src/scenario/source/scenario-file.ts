import { parseDocument } from 'yaml'
import { scenarioLabels } from '../../contract/labels.ts'
import { dns1, maxLabelLength } from '../../contract/names.ts'
import { show } from '../../contract/checks.ts'
import { SeiError, usageError } from '../../errors/sei-error.ts'

/** Largest file that is read as part of a scenario. */
export const maxFileBytes: number = 1024 * 1024

/** Where the Workflow of a scenario may lie within a repository or folder, in the order that is tried. */
export function workflowPaths(scenario: string): readonly string[] {
  return [
    `scenarios/${scenario}.yaml`,
    `scenarios/${scenario}/workflow.yaml`,
    `${scenario}/workflow.yaml`,
    `${scenario}.yaml`,
  ]
}

/** Text of a file's bytes. Throws a usage error where they are too many, or are not UTF-8. */
export function textOf(bytes: Uint8Array, where: string): string {
  if (bytes.length > maxFileBytes) throw tooLarge(where)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw usageError([
      {
        what: 'the file is not UTF-8 text',
        where,
        expected: 'a YAML file with one Workflow',
        fix: 'name the Workflow file of a scenario',
      },
    ])
  }
}

export function tooLarge(where: string): SeiError {
  return usageError([
    {
      what: `the file has more than ${maxFileBytes} bytes`,
      where,
      expected: 'a Workflow file of at most 1 MiB',
      fix: 'name the Workflow file of a scenario',
    },
  ])
}

/** Refuses what cannot be a scenario's name: it becomes a label, a part of names, and a path. */
export function checkScenarioName(name: string, where: string): void {
  if (dns1.test(name) && name.length <= maxLabelLength - 2) return
  throw usageError([
    {
      what: `${show(name)} is not the name of a scenario`,
      where,
      expected: 'lower-case letters, digits and dashes, such as release-test; or a path with a slash in it',
      fix: 'write the name of a scenario, or the path of its Workflow file',
    },
  ])
}

/** The name a Workflow file says its scenario has, by its label; objects of its steps are named after it. */
export function namedByLabel(text: string): string | undefined {
  const name: unknown = parseDocument(text).getIn(['metadata', 'labels', scenarioLabels.scenario])
  return typeof name === 'string' && !name.includes('$') ? name : undefined
}
