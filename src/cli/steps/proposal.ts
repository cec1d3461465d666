import { usageError } from '../../errors/sei-error.ts'
import { runProposal, type ProposalOptions } from '../../scenario/steps/proposal.ts'
import { textOf, type CommandContext, type OptionValues } from '../command.ts'
import { runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  return runStepCommand(context, 'proposal', (step) => runProposal(step, optionsOf(context.options)))
}

function optionsOf(options: OptionValues): ProposalOptions {
  const rest = textOf(options['rest']) ?? ''
  const timeoutMs = Number(options['timeout'])
  const [upgradeName, id] = [textOf(options['upgrade-name']), textOf(options['id'])]
  if (options['until'] === 'voting') {
    if (upgradeName === undefined || id !== undefined) throw misfit('voting', '--upgrade-name', '--id')
    return { rest, timeoutMs, until: 'voting', upgradeName }
  }
  if (id === undefined || upgradeName !== undefined) throw misfit('passed', '--id', '--upgrade-name')
  return { rest, timeoutMs, until: 'passed', id }
}

function misfit(goal: string, needed: string, other: string): Error {
  return usageError([
    {
      what: `--until ${goal} takes ${needed} and no ${other}`,
      where: 'seitask proposal',
      expected: `${needed} alone`,
      fix: `write --until ${goal} ${needed} …`,
    },
  ])
}
