import { oneOf, text } from '../contract/checks.ts'
import { otherBucketOptions, prefixOption, requiredBucketOptions } from './bucket-options.ts'
import type { CommandSpec } from './command.ts'
import { kubeconfigOption } from './steps/step-options.ts'

/** What brings reports to where they stay. */
export const reportCommands: readonly CommandSpec[] = [
  {
    name: 'upload-report',
    step: true,
    summary: 'step: bring the Workflow, its nodes and the values of its steps to a bucket',
    options: {
      ...requiredBucketOptions,
      prefix: prefixOption({ env: 'S3_PREFIX' }),
      kubeconfig: kubeconfigOption,
    },
    notes: [
      'The last step of a scenario: it then ends as EXIT_REASON says that the steps before did.',
      'Exits 0, 1 when a step before failed, 2 when that cannot be said, or nothing could be uploaded.',
    ],
    load: () => import('./steps/upload-report.ts'),
  },
  {
    name: 'report',
    summary: 'bring the report of a run to its bucket, or finish what an earlier attempt began',
    operands: [
      { name: 'verb', value: 'upload', description: 'what to do', check: oneOf(['upload']) },
      {
        name: 'folder',
        value: 'FOLDER',
        description: 'folder of the report, as the run’s output names it',
        check: text({ noun: 'a folder' }),
      },
    ],
    options: { ...otherBucketOptions, prefix: prefixOption() },
    notes: [
      'After an upload that failed no option is needed: the folder knows where it goes; else S3_BUCKET and S3_PREFIX are read. What is there already is not sent again.',
      'Credentials come from where the AWS tools find them. Exits 64 when another run has that run id.',
    ],
    load: () => import('./report.ts'),
  },
]
