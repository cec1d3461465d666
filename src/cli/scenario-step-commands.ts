import { oneOf, text } from '../contract/checks.ts'
import { image, networkName } from '../contract/fields.ts'
import { dns1 } from '../contract/names.ts'
import { proposalGoals } from '../scenario/steps/proposal.ts'
import type { CommandSpec } from './command.ts'
import { goDurationOption, kubeconfigOption, textOption } from './steps/step-options.ts'

const url = text({ noun: 'a URL', form: 'http://…', pattern: /^https?:\/\/\S+$/ })
const anyName = text({ noun: 'a name' })

const restOption = textOption('URL', 'REST API that is asked', url, 'http://rel-1-internal:1317', {
  required: true,
})

/** Steps of our scenarios that stand for what was done in shell. */
export const scenarioStepCommands: readonly CommandSpec[] = [
  {
    name: 'target-height',
    step: true,
    summary: 'step: choose the height of an upgrade, some blocks ahead',
    options: {
      rpc: textOption('URL', 'Tendermint RPC that is asked', url, 'http://rel-1-internal:26657', {
        required: true,
      }),
      ahead: {
        type: 'integer',
        value: 'N',
        minimum: 1,
        maximum: 1_000_000,
        default: 200,
        description: 'blocks from now to the upgrade',
      },
      margin: {
        type: 'integer',
        value: 'N',
        minimum: 0,
        maximum: 1_000_000,
        default: 10,
        description: 'blocks from there to where every node has to come',
      },
      timeout: goDurationOption('until there is a height', 180_000),
      kubeconfig: kubeconfigOption,
    },
    notes: ['Publishes TARGET_HEIGHT, UPGRADE_HEIGHT, which is the same, and POST_UPGRADE_HEIGHT.'],
    load: () => import('./steps/target-height.ts'),
  },
  {
    name: 'proposal',
    step: true,
    summary: 'step: find the proposal of an upgrade, or wait until it passed',
    options: {
      rest: restOption,
      until: textOption('GOAL', proposalGoals.join(' or '), oneOf(proposalGoals), 'passed', {
        required: true,
      }),
      'upgrade-name': textOption('NAME', 'of its plan, with --until voting', anyName, 'v6.7.0'),
      id: textOption(
        'ID',
        'of the proposal, with --until passed',
        text({ noun: 'a proposal', form: 'a number', pattern: /^\d+$/ }),
        '1',
      ),
      timeout: goDurationOption('until that is so', 240_000),
      kubeconfig: kubeconfigOption,
    },
    notes: [
      'voting publishes PROPOSAL_ID, of the proposal in its voting period whose plan has that name.',
      'passed exits 1 at once when the proposal was rejected or failed.',
    ],
    load: () => import('./steps/proposal.ts'),
  },
  {
    name: 'set-image',
    step: true,
    summary: 'step: give a SeiNetwork another image',
    options: {
      network: textOption('NAME', 'of the SeiNetwork', networkName, 'rel-1', { required: true }),
      image: textOption('IMAGE', 'that all of its validators get', image, 'sei/seid:v6.7.0', {
        required: true,
      }),
      kubeconfig: kubeconfigOption,
    },
    notes: ['Writes once and does not wait for the rollout.'],
    load: () => import('./steps/set-image.ts'),
  },
  {
    name: 'wait',
    step: true,
    summary: 'step: let time pass',
    options: {
      for: goDurationOption('how long', 150_000),
      kubeconfig: kubeconfigOption,
    },
    notes: [
      'For what cannot be observed: that every validator has reached a height at which all of them stop.',
    ],
    load: () => import('./steps/wait.ts'),
  },
  {
    name: 'render-profile',
    step: true,
    summary: 'step: put chain id and endpoints into a profile of seiload',
    options: {
      profile: textOption(
        'NAME',
        'key of the ConfigMap seiload-profiles, without .json',
        anyName,
        'nightly_evm_transfer',
        {
          required: true,
        },
      ),
      name: textOption(
        'NAME',
        'of the ConfigMap that is made',
        text({ noun: 'a name of a ConfigMap', pattern: dns1, maxLength: 253 }),
        'seiload-profile-1',
        { required: true },
      ),
      'chain-id': textOption('ID', 'of the chain', anyName, 'bench-1', { required: true }),
      endpoints: textOption('URLS', 'EVM endpoints, joined by commas', anyName, 'http://bench-1-rpc-0:8545', {
        required: true,
      }),
      kubeconfig: kubeconfigOption,
    },
    notes: ['It has the one key profile.json, and is deleted with the Workflow.'],
    load: () => import('./steps/render-profile.ts'),
  },
]
