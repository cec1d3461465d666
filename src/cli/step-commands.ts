import { refine, text } from '../contract/checks.ts'
import { namespace, networkName } from '../contract/fields.ts'
import { stepDefaults } from '../contract/step-defaults.ts'
import { parseFanOutMode } from '../scenario/steps/fan-out-mode.ts'
import { isJsonPath } from '../scenario/steps/json-path.ts'
import type { CommandSpec } from './command.ts'
import {
  goDurationOption,
  kubeconfigOption,
  listOption,
  templateOption,
  textOption,
  varOption,
} from './steps/step-options.ts'

const objectName = text({
  noun: 'a name of a Kubernetes object',
  form: 'lower-case letters, digits and hyphens',
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 253,
})

const role = text({
  noun: 'a role',
  form: 'a letter, then letters, digits, hyphens and underscores',
  pattern: /^[A-Za-z][A-Za-z0-9_-]*$/,
})

const roleOption = textOption(
  'ROLE',
  'before the names of what it publishes: rpc gives RPC_TM_RPC',
  role,
  'rpc',
  {
    env: 'ROLE',
    required: true,
  },
)

const firstBlockTimeout = (description: string): ReturnType<typeof goDurationOption> =>
  goDurationOption(description, stepDefaults.firstBlockTimeoutMs)

const pollInterval = goDurationOption('has no effect: changes are watched', stepDefaults.pollIntervalMs)

const exits =
  'Exits 0, 1 when the work failed, 2 when that cannot be said: time limits, signals, wrong arguments, the cluster.'

const output = refine(text({ noun: 'an output' }), (value) => {
  const [, path = '', name] = /^(.*)=([A-Za-z_]\w*)$/s.exec(value) ?? []
  return name !== undefined && isJsonPath(path)
    ? undefined
    : {
        what: `${JSON.stringify(value)} is no JSON path and a name`,
        expected: 'PATH=NAME, the path of names, places in brackets and *',
        fix: 'write .status.outputs.govVote.txHash=TX_HASH',
      }
})

const fanOutMode = refine(text({ noun: 'a mode' }), (value) =>
  parseFanOutMode(value) === undefined
    ? {
        what: `${JSON.stringify(value)} is not a known mode`,
        expected: 'all-must-succeed, best-effort or quorum:N',
        fix: `write ${stepDefaults.fanOutMode}, or quorum:3`,
      }
    : undefined,
)

/** The commands that run in Task pods of a Workflow. */
export const stepCommands: readonly CommandSpec[] = [
  {
    name: 'keygen',
    step: true,
    summary: 'step: make a key for this run, as a Secret; publish its address',
    options: {
      'key-name': textOption('NAME', 'of the key: the Secret is <name>-<workflow>', objectName, 'admin', {
        env: 'KEY_NAME',
        short: 'k',
        default: stepDefaults.keyName,
      }),
      kubeconfig: kubeconfigOption,
    },
    notes: ['A key that is there is used again. Its 24 words are in the Secret and nowhere else.', exits],
    load: () => import('./steps/keygen.ts'),
  },
  {
    name: 'provision-snd',
    step: true,
    summary: 'step: make a SeiNetwork of a template, wait until it is ready; publish its endpoints',
    options: {
      role: roleOption,
      name: textOption('NAME', 'of the SeiNetwork; else <workflow>-<role>', networkName, 'rel-1', {
        env: 'SND_NAME',
      }),
      template: templateOption('SND_TEMPLATE'),
      var: varOption,
      'ready-timeout': goDurationOption('until its phase is Ready', stepDefaults.readyTimeoutMs),
      'first-block-timeout': firstBlockTimeout('then, until every validator makes blocks'),
      retain: { type: 'flag', description: 'leave validators and volumes behind when it is deleted' },
      kubeconfig: kubeconfigOption,
    },
    notes: [
      'A SeiNetwork of that name is used again; where it differs from the template a warning says so.',
      exits,
    ],
    load: () => import('./steps/provision-snd.ts'),
  },
  {
    name: 'provision-node',
    step: true,
    summary: 'step: make followers of a template, wait until they are ready; publish their endpoints',
    options: {
      role: roleOption,
      name: textOption(
        'NAME',
        'of the nodes, before -<ordinal>; else <chain id>-<role>',
        objectName,
        'rel-1-rpc',
        {
          env: 'NODE_NAME',
        },
      ),
      template: templateOption('NODE_TEMPLATE'),
      var: varOption,
      replicas: {
        type: 'integer',
        value: 'N',
        minimum: 1,
        maximum: 100,
        default: stepDefaults.replicas,
        env: 'NODE_REPLICAS',
        description: 'how many',
      },
      network: textOption('NAME', 'SeiNetwork that they follow', objectName, 'rel-1', { env: 'NETWORK' }),
      'network-namespace': textOption(
        'NAME',
        'its namespace; else that of the Workflow',
        namespace,
        'nightly',
      ),
      'running-timeout': goDurationOption('until all are Running', stepDefaults.runningTimeoutMs),
      'first-block-timeout': firstBlockTimeout(
        'then, for each: until it is caught up, and until it serves EVM',
      ),
      'poll-interval': pollInterval,
      kubeconfig: kubeconfigOption,
    },
    notes: ['The template is rendered once for each node, with .ORDINAL and .NODE_NAME.', exits],
    load: () => import('./steps/provision-node.ts'),
  },
  {
    name: 'runner',
    step: true,
    summary: 'step: apply a SeiNodeTask of a template, or one for each node, and wait for its end',
    options: {
      template: templateOption(),
      var: varOption,
      timeout: goDurationOption('until all of it has ended', stepDefaults.runnerTimeoutMs),
      'poll-interval': pollInterval,
      namespace: textOption('NAME', 'of tasks and nodes; else that of the Workflow', namespace, 'nightly'),
      'per-node-selector': textOption(
        'LABELS',
        'one task for each SeiNode with these labels, .NODE is its name',
        text({ noun: 'a label selector' }),
        'sei.io/seinetwork=rel-1',
      ),
      'fanout-mode': textOption(
        'MODE',
        'how many must be Complete: all-must-succeed, best-effort, quorum:N',
        fanOutMode,
        'quorum:3',
        { default: stepDefaults.fanOutMode },
      ),
      'output-jsonpath': listOption(
        'PATH=NAME',
        'what to take from the finished task',
        output,
        '.status.phase=PHASE',
      ),
      'output-env-file': textOption(
        'FILE',
        'gets what was taken',
        text({ noun: 'a path' }),
        '/workflow/vars/env.sh',
        {
          default: stepDefaults.envFile,
        },
      ),
      'env-file': textOption(
        'FILE',
        'KEY=VALUE lines, for variables that no --var gives',
        text({ noun: 'a path' }),
        '/workflow/vars/env.sh',
        {
          default: stepDefaults.envFile,
        },
      ),
      kubeconfig: kubeconfigOption,
    },
    notes: ['Equal templates and variables give the same task: a step that runs twice does it once.', exits],
    load: () => import('./steps/runner.ts'),
  },
  {
    name: 'gate',
    step: true,
    summary: 'step: pass when other steps of the same Workflow have ended with 0',
    options: {
      step: listOption(
        'TEMPLATE',
        'name of a Task template',
        text({ noun: 'the name of a template' }),
        'vote-node-0',
      ),
      check: listOption(
        'TEMPLATE',
        'name of a StatusCheck template',
        text({ noun: 'the name of a template' }),
        'height',
      ),
      timeout: goDurationOption('for steps that have not ended', stepDefaults.gateTimeoutMs),
      kubeconfig: kubeconfigOption,
    },
    notes: ['Exits 1 when the first step that failed exited with 1, else 2.'],
    load: () => import('./steps/gate.ts'),
  },
]
