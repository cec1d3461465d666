import type { Place } from '../../contract/kinds.ts'
import { taskBudgetMs } from '../../contract/task-defaults.ts'
import type { TaskCapabilities, TaskOperation } from '../../contract/tasks.ts'
import type { ClientContext } from '../context.ts'
import type { ClientNetwork } from '../network.ts'
import type { ClientNode } from '../node.ts'
import { createDeadline, type Deadline } from './deadline.ts'

/** What an operation is about to do to a node, or without one to every node of a network. */
export interface Disturbance {
  readonly network: string
  readonly node?: string | undefined
  readonly kind: 'task' | 'image' | 'upgrade'
  readonly reason: string
}

/** What the run does around an operation; a script has nothing to do. */
export interface TaskHooks {
  /** Before a SeiNodeTask is created, so that it is never forgotten. */
  intend(task: Place): void
  created(task: Place, uid: string | undefined): void
  /** From now until `close()` what happens to the node is expected. */
  disturb(disturbance: Disturbance): { close(): void }
  /** A node was seen caught up with that image. */
  well(node: Place, image: string): void
}

export const noHooks: TaskHooks = {
  intend: () => {},
  created: () => {},
  disturb: () => ({ close: () => {} }),
  well: () => {},
}

/** What every operation is given. */
export interface TaskContext {
  readonly client: ClientContext
  readonly hooks: TaskHooks
  node(place: Place): Promise<ClientNode>
  network(place: Place): Promise<ClientNetwork>
  capabilities(): Promise<TaskCapabilities>
}

/** The deadline of an operation: the caller's, else the mode's. */
export function deadlineOf(
  { client: { cluster, time } }: TaskContext,
  operation: TaskOperation,
  timeoutMs: number | undefined,
  signal: AbortSignal | undefined,
): Deadline {
  return createDeadline(timeoutMs ?? taskBudgetMs(operation, cluster.mode, cluster), signal, time)
}

/** Runs `body` while what happens to the node is expected. */
export async function expecting<T>(
  { hooks }: TaskContext,
  disturbance: Disturbance,
  body: () => Promise<T>,
): Promise<T> {
  const window = hooks.disturb(disturbance)
  try {
    return await body()
  } finally {
    window.close()
  }
}
