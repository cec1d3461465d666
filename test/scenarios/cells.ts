import { join } from 'node:path'
import type { Workflow, WorkflowTemplate } from '../../src/contract/crds/chaos-mesh/workflow.ts'
import type { ScenarioResult } from '../../src/contract/scenario.ts'
import { images } from './cluster.ts'
import type { Scenario } from './run.ts'

/** Ways for a step to fail, and what the verdict of a run is whose first failure it was. */
export const failures = {
  'exit-1': 'task-fail',
  'exit-2': 'infra-fail',
  'image-pull': 'infra-fail',
  'late-0': 'timeout',
  'deaf-0': 'timeout',
  'killed-137': 'infra-fail',
  'log-5mb': 'task-fail',
} as const satisfies Readonly<Record<string, ScenarioResult>>
export type Failure = keyof typeof failures

/** Steps of each scenario, in their order. */
export const stepsOf: Readonly<Record<Scenario, readonly string[]>> = {
  'release-test': [
    'keygen-admin',
    'provision-validator-chain',
    'provision-rpc-fleet',
    'run-release-test',
    'upload-report',
  ],
  'load-test': [
    'provision-validator-chain',
    'provision-rpc-fleet',
    'render-seiload-profile',
    'run-seiload',
    'upload-report',
  ],
  'major-upgrade': [
    'provision-validator-chain',
    'compute-target-height',
    'submit-upgrade-proposal',
    'resolve-proposal-id',
    'vote-node-0',
    'vote-node-1',
    'vote-node-2',
    'vote-node-3',
    'wait-for-proposal-to-pass',
    'settle-into-halt',
    'bump-snd-image',
    'await-post-upgrade-progress-node-0',
    'await-post-upgrade-progress-node-1',
    'await-post-upgrade-progress-node-2',
    'await-post-upgrade-progress-node-3',
    'upload-report',
  ],
}

/** One step of a scenario, made to fail in one way. */
export interface Cell {
  readonly scenario: Scenario
  readonly step: string
  readonly failure: Failure
  readonly guard: boolean
}

/** Without a guard the abort is all there is: one word for each step, and the one that no word stops. */
const unguarded: readonly Failure[] = ['exit-1', 'deaf-0']

/**
 * Every step in every way takes most of an hour, `SEI_CELLS=all`. Otherwise every step in one or two ways under guard, and every
 * other one without: the ways go round, so that a scenario gets to see all or nearly all of them.
 */
export function cellsOf(scenario: Scenario): readonly Cell[] {
  const steps = stepsOf[scenario]
  const ways = Object.keys(failures) as Failure[]
  const isWhole = process.env['SEI_CELLS'] === 'all'
  const perStep = steps.length > ways.length ? 1 : 2
  return steps.flatMap((step, at) => {
    const chosen = isWhole
      ? ways
      : Array.from({ length: perStep }, (_, more) => ways[(at * perStep + more) % ways.length] ?? 'exit-1')
    const loose = isWhole ? unguarded : unguarded.filter((_, turn) => at % 4 === turn * 2)
    return [
      ...chosen.map((failure): Cell => ({ scenario, step, failure, guard: true })),
      ...loose.map((failure): Cell => ({ scenario, step, failure, guard: false })),
    ]
  })
}

/** What an upgrade takes has nothing to do with how its steps fail; the network is there, to be removed. */
const real = /^(keygen|provision|run|render|upload)-/

const program = join(import.meta.dirname, 'programs', 'fail.mjs')

function replace({ name, task }: WorkflowTemplate, how: string): void {
  if (task?.container === undefined) return
  // With the image as it was, since the shape of the guard goes by it.
  task.container.command = [process.execPath, program]
  // A last child is a finalizer by this word.
  task.container.args = [how, name]
}

/** Makes one step of a scenario fail, and gives the steps of an upgrade nothing to do. */
export function failing(step: string, failure: Failure): (templates: Workflow['spec']['templates']) => void {
  return (templates) => {
    for (const template of templates) {
      if (template.templateType !== 'Task') continue
      if (template.name !== step) {
        if (!real.test(template.name)) replace(template, 'pass')
      } else if (failure === 'image-pull') {
        if (template.task?.container !== undefined) template.task.container.image = images.missing
      } else {
        replace(template, failure)
        if (failure === 'late-0' || failure === 'deaf-0') template.deadline = '40s'
      }
    }
  }
}
