import { runSetImage } from '../../scenario/steps/set-image.ts'
import { textOf, type CommandContext } from '../command.ts'
import { runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  const network = textOf(context.options['network']) ?? ''
  const image = textOf(context.options['image']) ?? ''
  return runStepCommand(context, 'set-image', (step) => runSetImage(step, { network, image }))
}
