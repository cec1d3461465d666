import { defaults } from '../contract/defaults.ts'
import type { CommandSpec } from './command.ts'
import { preflightOptions } from './preflight-options.ts'
import { scenarioStepCommands } from './scenario-step-commands.ts'
import { stepCommands } from './step-commands.ts'
import { reportCommands } from './report-commands.ts'
import { superviseOptions } from './supervise-options.ts'
import { workflowRunCommand } from './workflow-run-options.ts'
import {
  clockOption,
  defaultName,
  definitionsOption,
  envtestOption,
  imageOption,
  noChaosMeshOption,
  nameOption,
  paceOptions,
} from './named-options.ts'

/** Every command there is. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'up',
    summary: 'start a simulated cluster in the background, or find that it is up',
    options: {
      name: nameOption('what later commands call it', defaultName),
      embedded: { type: 'flag', description: 'on the embedded API server, which is the default' },
      envtest: envtestOption,
      definitions: definitionsOption,
      validators: {
        type: 'integer',
        value: 'N',
        minimum: 0,
        maximum: 100,
        default: 0,
        description: 'also a network, "devnet", with that many validators, proven ready; 0 for none',
      },
      followers: {
        type: 'integer',
        value: 'N',
        minimum: 0,
        maximum: 100,
        default: 0,
        description: 'followers of that network',
      },
      ttl: {
        type: 'duration',
        value: 'TIME',
        minimum: 1_000,
        maximum: 7 * 24 * 3_600_000,
        default: defaults.clusterTtlMs,
        description: 'time after which it ends by itself',
      },
      ...paceOptions,
      clock: clockOption,
      image: imageOption,
      'no-chaos-mesh': noChaosMeshOption,
    },
    notes: [
      'It survives the terminal, and ends with seitask down or after --ttl. Saying up again changes nothing.',
      'eval "$(seitask env)" points vitest and kubectl at it. It listens on loopback only.',
    ],
    load: () => import('./up.ts'),
  },
  {
    name: 'down',
    summary: 'end a cluster that seitask up started, and remove what it left',
    options: { name: nameOption('which one', defaultName) },
    notes: ['Exits 0 also when there is none of that name.'],
    load: () => import('./down.ts'),
  },
  {
    name: 'status',
    summary: 'list the clusters that seitask up started, their networks and nodes',
    options: { name: nameOption('only this one; exits 2 when it is not up', undefined) },
    notes: [],
    load: () => import('./status.ts'),
  },
  {
    name: 'env',
    summary: 'print what points vitest and kubectl at a cluster, for a shell to eval',
    options: { name: nameOption('which one', defaultName) },
    notes: [
      'eval "$(seitask env)" in a POSIX shell. Exits 2 with nothing on stdout when that cluster is not up.',
    ],
    load: () => import('./env.ts'),
  },
  {
    name: 'advance',
    summary: 'let time pass on a cluster that seitask up started with --clock virtual',
    options: {
      name: nameOption('which one', defaultName),
      by: {
        type: 'duration',
        value: 'TIME',
        minimum: 1_000,
        maximum: 365 * 24 * 3_600_000,
        default: 3_600_000,
        description: 'how much, on the cluster’s own clock',
      },
    },
    notes: [
      'Answers once that time has passed: what falls due in it happens, in its order. Ctrl-C stops the rest of it.',
      'Exits 2 when that cluster is not up, and 64 when its clock is not virtual.',
    ],
    load: () => import('./advance.ts'),
  },
  {
    name: 'cluster',
    summary: 'start a simulated cluster and keep it up',
    options: {
      envtest: envtestOption,
      definitions: definitionsOption,
      ...paceOptions,
      clock: clockOption,
      image: imageOption,
      'no-chaos-mesh': noChaosMeshOption,
    },
    notes: [
      'Prints the path of a kubeconfig and stays up until SIGINT or SIGTERM, which ends it with 0.',
      'Its nodes are simulated; all of it listens on loopback only, and is gone when it ends.',
    ],
    load: () => import('./cluster.ts'),
  },
  {
    name: 'supervise',
    summary: 'watch the networks of a namespace, and deal with nodes that halt for an upgrade',
    options: superviseOptions,
    notes: [
      'Without --act it only says what it would do. With it: an image for the plan is put in, a binary that is too new goes',
      'back to the image that was last caught up, a downgrade is captured and paused. Runs until SIGINT or SIGTERM.',
    ],
    load: () => import('./supervise.ts'),
  },
  workflowRunCommand,
  {
    name: 'preflight',
    summary: 'ask whether a scenario’s steps, or workflow-run, may do what they do',
    options: preflightOptions,
    notes: [
      'Asks the API server about whoever runs it, in one namespace. Exits 2 when a right is missing.',
      'With --json also the labels of the image that it is in.',
    ],
    load: () => import('./preflight.ts'),
  },
  {
    name: 'doctor',
    summary: 'look at what this machine has, and say how to mend what is missing',
    options: {},
    notes: ['Exits 2 when something that is needed is missing; a warning alone exits 0.'],
    load: () => import('./doctor.ts'),
  },
  ...stepCommands,
  ...scenarioStepCommands,
  ...reportCommands,
]
