import { runTargetHeight } from '../../scenario/steps/target-height.ts'
import { textOf, type CommandContext } from '../command.ts'
import { runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  const { options } = context
  return runStepCommand(context, 'target-height', (step) =>
    runTargetHeight(step, {
      rpc: textOf(options['rpc']) ?? '',
      ahead: Number(options['ahead']),
      margin: Number(options['margin']),
      timeoutMs: Number(options['timeout']),
    }),
  )
}
