import type { PlanTask } from '../../../contract/crds/head/shared.ts'
import type { Outcome } from '../plans/execute.ts'
import { SidecarError, type SidecarClient, type SidecarTarget } from './client.ts'
import { wireParams } from './wire-params.ts'

/** Types of which an accepted submission counts as success; what becomes of them is never read. */
const fireAndForget: ReadonlySet<string> = new Set(['mark-ready', 'config-validate'])

/**
 * Submits a plan's task to a sidecar and looks at it once. Throws SidecarError when it cannot be submitted; not being able
 * to look at it afterwards reads as still running.
 */
export async function runSidecarTask(
  client: SidecarClient,
  target: SidecarTarget,
  task: PlanTask,
): Promise<Outcome> {
  await client.submit(target, { id: task.id, type: task.type, params: wireParams(task.type, task.params) })
  if (fireAndForget.has(task.type)) return { state: 'complete' }
  const result = await look(client, target, task.id)
  switch (result?.status) {
    case 'completed':
      return { state: 'complete' }
    case 'failed':
      return { state: 'failed', error: result.error ?? `task ${task.id} failed with unknown error` }
    case 'running':
    case undefined:
      return { state: 'running' }
  }
}

async function look(
  client: SidecarClient,
  target: SidecarTarget,
  id: string,
): Promise<Awaited<ReturnType<SidecarClient['task']>>> {
  try {
    return await client.task(target, id)
  } catch (error) {
    if (error instanceof SidecarError) return undefined
    throw error
  }
}
