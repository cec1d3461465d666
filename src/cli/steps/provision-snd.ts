import { runProvisionSnd } from '../../scenario/steps/provision-snd.ts'
import { textOf, type CommandContext } from '../command.ts'
import { runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  const { options } = context
  return runStepCommand(context, 'provision-snd', (step) =>
    runProvisionSnd(step, {
      role: textOf(options['role']) ?? '',
      name: textOf(options['name']),
      template: textOf(options['template']) ?? '',
      vars: options['var'] as Record<string, string>,
      retain: options['retain'] === true,
      readyTimeoutMs: Number(options['ready-timeout']),
      firstBlockTimeoutMs: Number(options['first-block-timeout']),
    }),
  )
}
