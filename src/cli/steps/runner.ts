import { stepDefaults } from '../../contract/step-defaults.ts'
import { parseFanOutMode } from '../../scenario/steps/fan-out-mode.ts'
import { runRunner } from '../../scenario/steps/runner.ts'
import { textOf, type CommandContext } from '../command.ts'
import { runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  const { options } = context
  return runStepCommand(context, 'runner', (step) =>
    runRunner(step, {
      template: textOf(options['template']) ?? '',
      vars: options['var'] as Record<string, string>,
      namespace: textOf(options['namespace']),
      perNodeSelector: textOf(options['per-node-selector']),
      fanOut: parseFanOutMode(textOf(options['fanout-mode']) ?? '') ?? stepDefaults.fanOutMode,
      outputs: options['output-jsonpath'] as readonly string[],
      outputEnvFile: textOf(options['output-env-file']) ?? stepDefaults.envFile,
      envFile: textOf(options['env-file']) ?? stepDefaults.envFile,
      timeoutMs: Number(options['timeout']),
    }),
  )
}
