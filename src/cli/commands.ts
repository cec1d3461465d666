import { defaults } from '../contract/defaults.ts'
import type { CommandSpec } from './command.ts'

/** Every command there is. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'cluster',
    summary: 'start a simulated cluster and keep it up',
    options: {
      envtest: {
        type: 'flag',
        description: 'on a real kube-apiserver and etcd: KUBEBUILDER_ASSETS, or what npm run parts built',
      },
      rate: {
        type: 'integer',
        value: 'N',
        minimum: 1,
        maximum: 1_000,
        default: defaults.embeddedRate,
        description: 'simulated milliseconds per real one',
      },
      'block-ms': {
        type: 'integer',
        value: 'MS',
        minimum: 10,
        maximum: 60_000,
        default: defaults.embeddedBlockMs,
        description: 'real milliseconds between blocks of a chain',
      },
    },
    notes: [
      'Prints the path of a kubeconfig and stays up until SIGINT or SIGTERM, which ends it with 0.',
      'Its nodes are simulated; all of it listens on loopback only, and is gone when it ends.',
    ],
    load: () => import('./cluster.ts'),
  },
  {
    name: 'doctor',
    summary: 'look at what this machine has, and say how to mend what is missing',
    options: {},
    notes: ['Exits 2 when something that is needed is missing; a warning alone exits 0.'],
    load: () => import('./doctor.ts'),
  },
]
