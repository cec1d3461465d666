import { whileHeld } from '../../wall.ts'
import type { WorkflowControllersOptions } from './workflow/controllers.ts'

/**
 * Starts the stand-in for the Workflow controllers of Chaos Mesh, once there is a Workflow: most clusters never see one, and
 * need not load them.
 */
export function startChaosMesh(options: WorkflowControllersOptions): { close(): Promise<void> } {
  const { clock, workflows, workflowNodes } = options
  let running: Promise<{ close(): Promise<void> }> | undefined
  let closed = false
  const start = (): void => {
    if (closed) return
    running ??= whileHeld(clock.wall, async () => {
      const { startWorkflowControllers } = await import('./workflow/controllers.ts')
      return startWorkflowControllers(options)
    })
  }
  workflows.onChange(start)
  workflowNodes.onChange(start)
  return {
    async close() {
      closed = true
      await (await running)?.close()
    },
  }
}
