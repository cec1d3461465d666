import { randomInt } from 'node:crypto'
import { text } from '../../contract/checks.ts'
import { dns1, maxLabelLength } from '../../contract/names.ts'
import { workflowName } from '../../contract/scenario-names.ts'
import { usageError } from '../../errors/sei-error.ts'

const maxRunIdLength = 30

const runId = text({
  noun: 'a run id',
  pattern: dns1,
  form: 'lower-case letters, digits and dashes, none of them at an end',
  maxLength: maxRunIdLength,
})

const alphabet = 'bcdfghjkmnpqrstvwxz23456789'

/** `20261121t211608-k4x9q`: the time in UTC, for people and for sorting, and as much chance as a second needs. */
export function newScenarioRunId(now: Date = new Date()): string {
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:]/g, '')
    .toLowerCase()
  const random = Array.from({ length: 5 }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
  return `${time}-${random}`
}

/** Name of the run's Workflow. Throws a usage error for a run id that is none, or too long beside the scenario's name. */
export function checkedWorkflowName(scenario: string, id: string): string {
  const checked = runId(id, '--run-id')
  if (!checked.ok) throw usageError(checked.problems)
  const name = workflowName(scenario, id)
  if (name.length <= maxLabelLength) return name
  throw usageError([
    {
      what: `the Workflow's name ${JSON.stringify(name)} has ${name.length} characters`,
      where: '--run-id',
      expected: `at most ${maxLabelLength}: it becomes a label`,
      fix: `shorten the run id by ${name.length - maxLabelLength}`,
    },
  ])
}
