import type { ObjectRef } from '../../../contract/kinds.ts'
import { updateManager } from '../seinode/context.ts'
import { taskId } from '../plans/task-id.ts'
import { seconds } from '../runtime/conditions.ts'
import type { Result } from '../runtime/controller.ts'
import { writeStatus } from '../runtime/status-writer.ts'
import { cadences } from '../plans/cadences.ts'
import type { TaskContext } from './context.ts'
import { drive } from './drive.ts'
import { passGate } from './gate.ts'
import type { TaskKind } from './kind.ts'
import { kindOf } from './kinds.ts'
import { fail, setPhase } from './outcome.ts'
import { draftOf, isOver, type TaskDraft } from './task.ts'

/** Between looks at a task at work, and at a target that is not in the phase asked for; simulated ms. */
const pollMs = 15_000
const targetPollMs = 5_000

/** One reconcile of a SeiNodeTask. Everything it learns is written in one status write at its end. */
export async function reconcileTask(context: TaskContext, ref: ObjectRef): Promise<Result> {
  const task = context.tasks.get(ref)
  if (task === undefined || task.metadata.deletionTimestamp !== undefined || isOver(task)) return {}
  const draft = draftOf(task)
  const { generation } = draft.metadata
  if (generation !== undefined) draft.status.observedGeneration = generation
  draft.status.startedAt ??= seconds(context.clock.now())
  const requeueAfterMs = await advance(context, draft)
  await writeStatus(context.kube, context.tasks, task, draft.status, updateManager)
  return isOver(draft) ? {} : { requeueAfterMs }
}

/** Takes the task one step further; resolves to when to look again. */
async function advance(context: TaskContext, task: TaskDraft): Promise<number> {
  const target = await passGate(context, task)
  if (target === undefined) return targetPollMs
  const kind = kindOf(context, task)
  if (kind === undefined) {
    fail(context, task, 'UnsupportedKind', `unsupported task kind ${JSON.stringify(task.spec.kind)}`)
    return pollMs
  }
  if (task.status.task === undefined) {
    begin(context, task, kind)
    return cadences.immediateMs
  }
  await drive({ context, task, target, id: task.status.task.id }, kind)
  return pollMs
}

/** The work gets its id and is seen to begin before anything of it is done. */
function begin(context: TaskContext, task: TaskDraft, kind: TaskKind): void {
  const { spec, metadata, status } = task
  if (spec[kind.payload] === undefined) {
    fail(context, task, 'ParamsBuildFailed', `spec.${kind.payload} is required for kind ${spec.kind}`)
    return
  }
  const { uid = '' } = metadata
  status.task = {
    id: taskId(uid, spec.kind, 0),
    status: 'Pending',
    executionStartedAt: seconds(context.clock.now()),
  }
  context.stopwatches.since(uid, 'execution')
  kind.begin?.(task)
  setPhase(context, task, 'Running')
}
