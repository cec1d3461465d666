import { gateCommand } from '../../contract/scenario-gate.ts'
import { runGate } from '../../scenario/steps/gate.ts'
import type { CommandContext } from '../command.ts'
import { refuseStepCommand, runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  const { options } = context
  const steps = options['step'] as readonly string[]
  const checks = options['check'] as readonly string[]
  if (steps.length + checks.length === 0)
    return refuseStepCommand(context, gateCommand, [
      {
        what: 'there is nothing to look at',
        where: '--step',
        expected: 'one step or more',
        fix: 'name the templates: --step=vote-node-0 --step=vote-node-1',
      },
    ])
  const timeoutMs = Number(options['timeout'])
  return runStepCommand(context, gateCommand, (step) => runGate(step, { steps, checks, timeoutMs }))
}
