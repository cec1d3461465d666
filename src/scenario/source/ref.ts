import { show } from '../../contract/checks.ts'
import { usageError } from '../../errors/sei-error.ts'

export const commitPattern: RegExp = /^[0-9a-f]{40}$/

/** Refuses what git would not take as a name, and what a command line or a URL would take as something else. */
export function checkRef(ref: string): void {
  const plain = /^[A-Za-z0-9_][A-Za-z0-9_./+-]*$/.test(ref) && ref.length <= 200
  if (plain && !/\.\.|\/\/|\/$|\.lock$|\.$/.test(ref)) return
  throw usageError([
    {
      what: `${show(ref)} is not a ref`,
      where: '--scenario-ref',
      expected: 'a commit of 40 hex digits, or the name of a branch or tag',
      fix: 'write the full commit',
    },
  ])
}

export function noSuchScenario(scenario: string, where: string, paths: readonly string[]): Error {
  return usageError([
    {
      what: `there is no scenario ${scenario}`,
      where,
      expected: paths.join(' or '),
      fix: 'correct the name of the scenario, the repository or the ref; of a private repository also GITHUB_TOKEN',
    },
  ])
}
