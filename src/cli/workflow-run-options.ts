import { record } from '../contract/check-structures.ts'
import { anyText, refine, text } from '../contract/checks.ts'
import { defaults } from '../contract/defaults.ts'
import { image } from '../contract/fields.ts'
import { driftNames, type DriftName } from '../contract/fingerprint.ts'
import { dns1 } from '../contract/names.ts'
import { bucketOptions, prefixOption } from './bucket-options.ts'
import { contextOption, namespaceOption } from './cluster-options.ts'
import type { CommandSpec, OptionSpec, OptionSpecs } from './command.ts'
import { imageOption } from './named-options.ts'

/** `definitions,controller`. */
export function driftNamesOf(value: string): readonly DriftName[] {
  const asked = value.split(',').map((name) => name.trim())
  return driftNames.filter((name) => asked.includes(name))
}

const drift = refine(text({ noun: 'names of drift' }), (value) => {
  const unknown = value
    .split(',')
    .map((name) => name.trim())
    .find((name) => !driftNames.some((known) => known === name))
  return unknown === undefined
    ? undefined
    : {
        what: `${JSON.stringify(unknown)} is not the name of a drift`,
        expected: `some of ${driftNames.join(', ')}, with commas between`,
        fix: 'take the names from the table of the refusal',
      }
})

function duration(description: string, initial: number, minimum = 1_000): OptionSpec {
  return { type: 'duration', value: 'TIME', description, minimum, maximum: 24 * 3_600_000, default: initial }
}

function words(value: string, description: string, noun: string, example: string): OptionSpec {
  return { type: 'text', value, description, check: text({ noun }), example, default: undefined }
}

export const workflowRunOptions: OptionSpecs = {
  scenario: words(
    'NAME|PATH',
    'which one: its name, or the path of a Workflow file',
    'a scenario',
    'release-test',
  ),
  'scenario-repo': words(
    'FOLDER|URL',
    'where it is: a folder, a checkout, or github.com/<owner>/<repo>; else this package',
    'a repository',
    'github.com/sei-protocol/sei-k8s-controller',
  ),
  'scenario-ref': words(
    'REF',
    'which version: a commit of 40 digits; in a checkout also a branch or tag',
    'a commit',
    '1cc206c36b1323d7cc03cdaf44406a9c8b82d71b',
  ),
  'allow-branch': { type: 'flag', description: 'let --scenario-ref be a branch of GitHub' },
  var: {
    type: 'pairs',
    value: 'KEY=VALUE',
    check: record(anyText, anyText),
    example: 'SEID_IMAGE=sei/seid:v6.6.2',
    description: 'value of a placeholder',
  },
  placeholder: {
    type: 'list',
    value: 'NAME[=TYPE]',
    check: text({ noun: 'the name of a placeholder' }),
    example: 'MY_IMAGE=image',
    description: 'a placeholder beside those of the scenario',
  },
  'run-id': {
    type: 'text',
    value: 'ID',
    check: text({ noun: 'a run id', pattern: dns1, form: 'lower-case letters, digits and dashes' }),
    example: '20261121-1',
    default: undefined,
    description: 'what makes names unique; else a new one',
  },
  'no-guard': {
    type: 'flag',
    description: 'leave the Workflow as it is: a step may start after one that failed',
  },
  'seitask-image': {
    type: 'text',
    value: 'IMAGE',
    check: image,
    example: 'ghcr.io/sei-protocol/seitask:v1',
    default: undefined,
    description: 'of gates; and of steps where SEITASK_IMAGE is not given',
  },
  'controller-image': {
    type: 'text',
    value: 'IMAGE',
    check: image,
    example: 'ghcr.io/sei-protocol/sei-k8s-controller:v1',
    default: undefined,
    description: 'which controller runs, where its Deployment may not be read',
  },
  'allow-drift': {
    type: 'text',
    value: 'NAMES',
    check: drift,
    example: 'definitions,controller',
    default: undefined,
    description: `fingerprints that may disagree: ${driftNames.join(', ')}`,
  },
  ...bucketOptions,
  prefix: prefixOption({ env: 'S3_PREFIX' }),
  namespace: namespaceOption,
  context: contextOption,
  image: imageOption,
  'warn-after': duration('one warning when the run takes longer; 0s for none', 0, 0),
  'capture-budget': duration('for evidence, before anything is deleted', defaults.captureBudgetMs),
  'delete-timeout': duration('for everything of the run to be gone', defaults.deleteBudgetMs),
  out: words(
    'FOLDER',
    `below which the run has a folder of its own; else ${defaults.runFolder}`,
    'a folder',
    './runs',
  ),
  check: { type: 'flag', description: 'run nothing: compare manifests, without a cluster' },
  rbac: words('FILE', 'with --check: YAML with the rights', 'a file', 'ci/manifests/caller-rbac.yaml'),
  cronjob: words(
    'FILE',
    'with --check: YAML with the CronJob',
    'a file',
    'ci/manifests/release-test.cronjob.yaml',
  ),
}

export const workflowRunCommand: CommandSpec = {
  name: 'workflow-run',
  summary: 'carry out a Workflow scenario: a failed step is the last one, its report outlives it',
  options: workflowRunOptions,
  notes: [
    'Stages: fetch, substitute, apply, watch, capture, tear-down, ship. On SIGINT and SIGTERM it still captures and deletes.',
    'On the cluster of the kubeconfig or the pod; with SEI_EMBEDDED=1 on one that it starts, for which --image is.',
    'Exit codes: 0 passed; 1 a test or task failed; 2 no verdict; 3 the Workflow’s deadline passed; 64 nothing was applied',
    'because the input is wrong; 130 cancelled. The last line is --- PASS, FAIL or NO VERDICT and the scenario.',
  ],
  load: () => import('./workflow-run.ts'),
}
