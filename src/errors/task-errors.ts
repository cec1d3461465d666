import type { FanOutOutcome } from '../contract/fan-out.ts'
import type { TaskErrors } from '../contract/task-facade.ts'
import { isSeiError } from './guards.ts'
import { SeiError, usageError } from './sei-error.ts'

/** How the operations say that something is wrong, on both sides of the lease API. */
export const taskErrors: TaskErrors = { usage: (problems) => usageError(problems), fanOut: fanOutError }

/** Names every node that failed and why; its class and code are those of the first. */
function fanOutError({ failed, succeeded, required }: FanOutOutcome<unknown>): SeiError {
  const [first] = failed
  const total = succeeded.length + failed.length
  const lines = failed.map(({ node, error }) => `  ${node}: ${error.message}`)
  const message = `${succeeded.length} of ${total} nodes succeeded, ${required} must:\n${lines.join('\n')}`
  const known = isSeiError(first?.error) ? first.error : undefined
  return new SeiError(message, {
    class: known?.class ?? 'failed',
    code: known?.code ?? 'TASK_FAILED',
    cause: first?.error,
    details: {
      succeeded: succeeded.map(({ node }) => node),
      failed: failed.map(({ node, error }) => ({
        node,
        message: error.message,
        ...(isSeiError(error) ? { code: error.code, details: error.details } : {}),
      })),
    },
  })
}
