import { tasksOver } from '../../contract/task-facade.ts'
import type { TaskOperations, Tasks } from '../../contract/tasks.ts'
import { taskErrors } from '../../errors/task-errors.ts'
import type { LeaseTransport } from './transport.ts'

/** Operations on nodes, asked of the supervisor. */
export function remoteTasks(transport: LeaseTransport): Tasks {
  return tasksOver(
    async <K extends keyof TaskOperations>(
      operation: K,
      args: TaskOperations[K]['args'],
      signal: AbortSignal | undefined,
    ) => (await transport.call('task', { operation, args }, signal)) as TaskOperations[K]['result'],
    taskErrors,
  )
}
