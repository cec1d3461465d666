import { stepDefaults } from '../../contract/step-defaults.ts'
import { runKeygen } from '../../scenario/steps/keygen.ts'
import { textOf, type CommandContext } from '../command.ts'
import { runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  const keyName = textOf(context.options['key-name']) ?? stepDefaults.keyName
  return runStepCommand(context, 'keygen', (step) => runKeygen(step, { keyName }))
}
