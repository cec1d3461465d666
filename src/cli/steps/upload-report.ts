import { runUploadReport } from '../../scenario/steps/upload-report.ts'
import { bucketTargetOf } from '../bucket-options.ts'
import { textOf, type CommandContext } from '../command.ts'
import { runStepCommand } from './step-command.ts'

export function run(context: CommandContext): Promise<number> {
  const target = bucketTargetOf(context.options) ?? { bucket: '' }
  const prefix = textOf(context.options['prefix'])
  return runStepCommand(context, 'upload-report', (step) => runUploadReport(step, { ...target, prefix }))
}
