import type { Workflow } from '../../contract/crds/chaos-mesh/workflow.ts'
import { annotations } from '../../contract/labels.ts'
import { show } from '../../contract/checks.ts'
import { usageError } from '../../errors/sei-error.ts'
import { knownFastestRate } from './known-placeholders.ts'
import type { Path } from './yaml-source.ts'

/** The fastest clock that the steps of a scenario keep up with: what its Workflow says, else what is known of its name. */
export function fastestRate(
  scenario: string,
  { metadata }: Workflow,
  at: (path: Path) => string,
): number | undefined {
  const said = metadata?.annotations?.[annotations.fastestRate]
  if (said === undefined) return knownFastestRate(scenario)
  const rate = Number(said)
  if (Number.isInteger(rate) && rate >= 1 && rate <= 1_000) return rate
  throw usageError([
    {
      what: `${show(said)} is not the rate of a clock`,
      where: at(['metadata', 'annotations', annotations.fastestRate]),
      expected: 'a whole number from 1 to 1000, in quotes',
      fix: 'write how much faster than on a real cluster its waits may pass, or leave it out',
    },
  ])
}
