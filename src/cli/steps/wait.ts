import { runWait } from '../../scenario/steps/wait.ts'
import type { CommandContext } from '../command.ts'
import { runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  return runStepCommand(context, 'wait', (step) => runWait(step, { forMs: Number(context.options['for']) }))
}
