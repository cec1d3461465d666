import { runProvisionNode } from '../../scenario/steps/provision-node.ts'
import { textOf, type CommandContext } from '../command.ts'
import { runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  const { options } = context
  return runStepCommand(context, 'provision-node', (step) =>
    runProvisionNode(step, {
      role: textOf(options['role']) ?? '',
      name: textOf(options['name']),
      template: textOf(options['template']) ?? '',
      vars: options['var'] as Record<string, string>,
      replicas: Number(options['replicas']),
      network: textOf(options['network']),
      networkNamespace: textOf(options['network-namespace']),
      runningTimeoutMs: Number(options['running-timeout']),
      firstBlockTimeoutMs: Number(options['first-block-timeout']),
    }),
  )
}
