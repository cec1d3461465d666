import { whileHeld } from '../../wall.ts'
import type { FaultControllersOptions } from './faults/controllers.ts'
import type { WorkflowControllersOptions } from './workflow/controllers.ts'

/**
 * Starts the stand-in for the controllers of Chaos Mesh: those of Workflows once there is a Workflow, those of faults once there
 * is a fault. Most clusters never see one, and need not load them.
 */
export function startChaosMesh(options: WorkflowControllersOptions & FaultControllersOptions): {
  close(): Promise<void>
} {
  const { clock, faults, workflows, workflowNodes } = options
  let running: Promise<{ close(): Promise<void> }> | undefined
  let closed = false
  const start = (): void => {
    if (closed) return
    running ??= whileHeld(clock.wall, async () => {
      const { startWorkflowControllers } = await import('./workflow/controllers.ts')
      return startWorkflowControllers(options)
    })
  }
  let faulty: Promise<{ close(): Promise<void> }> | undefined
  const startFaults = (): void => {
    if (closed) return
    faulty ??= whileHeld(clock.wall, async () => {
      const { startFaultControllers } = await import('./faults/controllers.ts')
      return startFaultControllers(options)
    })
  }
  for (const store of faults) store.onChange(startFaults)
  workflows.onChange(start)
  workflowNodes.onChange(start)
  return {
    async close() {
      closed = true
      await (await running)?.close()
      await (await faulty)?.close()
    },
  }
}
