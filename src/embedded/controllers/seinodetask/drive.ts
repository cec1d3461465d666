import { goDuration } from '../../../contract/go-duration.ts'
import { TerminalTaskError } from '../plans/execute.ts'
import { seconds } from '../runtime/conditions.ts'
import { eraRules } from './context.ts'
import type { Sighting, TaskKind, Work } from './kind.ts'
import { complete, fail } from './outcome.ts'
import { errorText } from '../../../errors/error-text.ts'

/**
 * Executes what is not under way yet, and looks at it. The budget is looked at only after a look that found it running:
 * a task whose execution cannot begin, because its sidecar is down, outlives it.
 */
export async function drive(work: Work, kind: TaskKind): Promise<void> {
  const { context, task } = work
  const problem = kind.problem?.(work)
  if (problem !== undefined) {
    fail(context, task, 'ParamsBuildFailed', problem)
    return
  }
  if (task.status.task?.status === 'Pending' && !(await execute(work, kind))) return
  const sighting = await kind.look(work)
  switch (sighting.state) {
    case 'complete':
      complete(context, task, sighting)
      return
    case 'failed':
      if (sighting.outputs !== undefined) task.status.outputs = sighting.outputs
      fail(context, task, sighting.reason ?? 'TaskFailed', sighting.error)
      return
    case 'undetermined':
      if (task.status.task !== undefined) task.status.task.status = 'Pending'
      giveUpInTime(work, kind, sighting)
      return
    case 'running':
      giveUpInTime(work, kind)
  }
}

/** Whether the work is under way now. */
async function execute(work: Work, kind: TaskKind): Promise<boolean> {
  const { context, task } = work
  const { task: state } = task.status
  try {
    await kind.execute(work)
  } catch (error) {
    const message = errorText(error)
    if (error instanceof TerminalTaskError) fail(context, task, 'TaskTerminalError', message)
    else context.trace(`seinodetask ${task.metadata.name}: ${message}`)
    return false
  }
  if (state === undefined) return false
  state.submittedAt ??= seconds(context.clock.now())
  if (eraRules[context.era].marksRunning) state.status = 'Running'
  return true
}

function giveUpInTime(
  { context, task }: Work,
  kind: TaskKind,
  undetermined?: Extract<Sighting, { state: 'undetermined' }>,
): void {
  const { timeoutSeconds = 0 } = task.spec
  const limitMs = timeoutSeconds > 0 ? timeoutSeconds * 1_000 : kind.timeoutMs
  const elapsedMs = context.stopwatches.since(task.metadata.uid ?? '', 'execution')
  if (limitMs === undefined || elapsedMs <= limitMs) return
  if (undetermined === undefined) {
    fail(context, task, 'Timeout', `task did not complete within ${goDuration(limitMs)}`, 'timeout')
    return
  }
  if (undetermined.outputs !== undefined) task.status.outputs = undetermined.outputs
  fail(context, task, 'InclusionUndetermined', undetermined.error)
}
