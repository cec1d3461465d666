import type { TaskHooks } from '../client/tasks/context.ts'
import { seiNodeTasks } from '../contract/kinds.ts'
import type { CallTask, TaskOperation, TaskOperations } from '../contract/tasks.ts'
import { claimForChange } from './claim.ts'
import type { Disruptions } from './disruptions.ts'
import type { Lease } from './leases.ts'
import type { Ledger } from './ledger.ts'
import type { OpenedCluster } from './opened-cluster.ts'

export interface RunTasksOptions {
  /** Root of the Vitest project: files are named relative to it. */
  readonly root: string
  readonly ledger: Ledger
  readonly disruptions: Disruptions
  open(): Promise<OpenedCluster>
}

/** Operations that leave the network as it is: any file may ask for them. */
const harmless: ReadonlySet<TaskOperation> = new Set(['capabilities', 'awaitHeight'])

/** Operations that tests ask for by the lease of their file. */
export class RunTasks {
  readonly #options: RunTasksOptions
  readonly #hooks: TaskHooks
  /** Hear of each node that was seen caught up with an image that an operation gave it. */
  readonly onWell: Set<TaskHooks['well']> = new Set()
  readonly #calls = new WeakMap<OpenedCluster, CallTask>()

  constructor(options: RunTasksOptions) {
    const { ledger, disruptions } = options
    this.#options = options
    this.#hooks = {
      intend: (task) => ledger.intend(seiNodeTasks.kind, task),
      created: (task, uid) => ledger.created(seiNodeTasks.kind, task, uid),
      well: (node, image) => {
        for (const listener of this.onWell) listener(node, image)
      },
      disturb: ({ network, node, kind, reason }) => disruptions.open({ network, node, kind, reason }),
    }
  }

  /** Operations on a cluster, recorded and expected like those of tests. */
  callsOf(opened: OpenedCluster): CallTask {
    const call = this.#calls.get(opened) ?? opened.client.taskCalls(this.#hooks)
    this.#calls.set(opened, call)
    return call
  }

  /**
   * Carries out one operation. Ends early, with the reason, when the asker gives it up, the file ends, or the network is
   * lost. Throws NETWORK_SHARED for one that changes a network which another file holds too.
   */
  async call<K extends TaskOperation>(
    lease: Lease,
    operation: K,
    args: TaskOperations[K]['args'],
    given: AbortSignal,
  ): Promise<TaskOperations[K]['result']> {
    if (!harmless.has(operation)) claimForChange(lease, this.#options.root)
    const opened = await this.#options.open()
    const { entry, released } = lease
    const signal = AbortSignal.any([given, released.signal, entry.loss.signal, opened.gone])
    return this.callsOf(opened)(operation, args, signal)
  }
}
