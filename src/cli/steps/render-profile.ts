import { runRenderProfile } from '../../scenario/steps/render-profile.ts'
import { textOf, type CommandContext } from '../command.ts'
import { runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  const { options } = context
  return runStepCommand(context, 'render-profile', (step) =>
    runRenderProfile(step, {
      profile: textOf(options['profile']) ?? '',
      name: textOf(options['name']) ?? '',
      chainId: textOf(options['chain-id']) ?? '',
      endpoints: textOf(options['endpoints']) ?? '',
    }),
  )
}
