import { randomBytes } from 'node:crypto'
import type { SeiNodeTask, SeiNodeTaskSpec } from '../../contract/crds/head/seinodetask.ts'
import { apiVersionOf, seiNodeTasks, type Place } from '../../contract/kinds.ts'
import { fieldManagers } from '../../contract/labels.ts'
import type { TaskKind, TaskSpec } from '../../contract/tasks.ts'
import { hasCode, isCancelled } from '../../errors/guards.ts'
import type { Watch } from '../../kube/types.ts'
import type { TaskContext } from './context.ts'
import { waitOptions, type Deadline } from './deadline.ts'
import { taskError } from './task-error.ts'

export interface TaskRun {
  readonly namespace: string
  readonly spec: TaskSpec
  readonly deadline: Deadline
}

/** Kinds that the controller ends by itself: the rest would run on for ever. */
const limited: ReadonlySet<TaskKind> = new Set(['RestartSeid', 'MarkReady', 'DiscoverPeers', 'RestartPod'])

/**
 * Creates a SeiNodeTask under a name of its own and waits until it has ended. Throws TASK_FAILED with the controller's reason,
 * or `Timeout` when the deadline passes first; RUN_CANCELLED when the caller gives up. A task that has not ended by then
 * is left, recorded, to its own time limit: taking it away would not stop what it does.
 */
export async function runTask(context: TaskContext, run: TaskRun): Promise<SeiNodeTask> {
  const { kube } = context.client
  const { namespace, deadline } = run
  const place: Place = { namespace, name: taskName(run.spec) }
  context.hooks.intend(place)
  // Opened first: a task that ends at once is not missed, and the watch is shared with every other task of the namespace.
  const watch = kube.watch<SeiNodeTask>(seiNodeTasks, { namespace })
  try {
    // Applied, not created: where the answer is lost it can be sent again.
    const created = await kube.apply(seiNodeTasks, manifest(context, place, run), {
      fieldManager: fieldManagers.harness,
      signal: deadline.signal,
    })
    context.hooks.created(place, created.metadata.uid)
    const ended = await waitEnd(context, run, place, watch)
    if (ended.status?.phase === 'Complete') return ended
    throw failed(context, run, ended)
  } finally {
    watch.close()
  }
}

function taskName({ kind, target }: TaskSpec): string {
  const words = kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
  return `${target.nodeRef.name}-${words}-${randomBytes(4).toString('hex')}`
}

function manifest({ client }: TaskContext, place: Place, { spec, deadline }: TaskRun): SeiNodeTask {
  const seconds = Math.ceil((deadline.timeoutMs * (client.cluster.rate ?? 1)) / 1_000)
  const bounded = spec.timeoutSeconds !== undefined || limited.has(spec.kind)
  return {
    apiVersion: apiVersionOf(seiNodeTasks),
    kind: seiNodeTasks.kind,
    metadata: { ...place, labels: { ...client.labels } },
    // The kinds of June are no part of today's type; the installed definition judges them.
    spec: (bounded ? spec : { ...spec, timeoutSeconds: Math.min(seconds, 2_147_483_647) }) as SeiNodeTaskSpec,
  }
}

async function waitEnd(
  { client }: TaskContext,
  { spec, deadline }: TaskRun,
  place: Place,
  watch: Watch<SeiNodeTask>,
): Promise<SeiNodeTask> {
  const seen = (): SeiNodeTask | undefined => watch.get(place)
  try {
    return await watch.waitFor(
      () => {
        const phase = seen()?.status?.phase
        return phase === 'Complete' || phase === 'Failed' ? seen() : undefined
      },
      {
        ...waitOptions(deadline),
        time: deadline.time,
        description: `SeiNodeTask ${place.name} to end`,
      },
    )
  } catch (error) {
    const cancelled = isCancelled(error)
    if (!cancelled && !hasCode(error, 'WAIT_TIMEOUT')) throw error
    const status = seen()?.status
    throw taskError(client, {
      kind: spec.kind,
      at: { namespace: place.namespace, name: spec.target.nodeRef.name },
      task: place.name,
      class: cancelled ? 'cancelled' : 'timeout',
      reason: cancelled ? 'Cancelled' : 'Timeout',
      message: `${cancelled ? 'given up' : `not ended after ${deadline.timeoutMs} ms`}; ${describe(status)}`,
      err: status?.task?.err,
      stillRunning: true,
      cause: error,
    })
  }
}

function describe(status: SeiNodeTask['status']): string {
  const gate = status?.conditions?.find(({ type }) => type === 'TargetReady')
  if (status?.phase === undefined) {
    return gate?.status === 'False'
      ? `it waits for its target: ${gate.message ?? gate.reason}`
      : 'no controller has touched it'
  }
  return `it is ${status.phase}, its task ${status.task?.status ?? 'not begun'}`
}

function failed({ client }: TaskContext, { namespace, spec }: TaskRun, task: SeiNodeTask): Error {
  const condition = task.status?.conditions?.find(
    ({ type, status }) => type === 'Failed' && status === 'True',
  )
  const err = task.status?.task?.err
  const reason = condition?.reason ?? 'TaskFailed'
  return taskError(client, {
    kind: spec.kind,
    at: { namespace, name: spec.target.nodeRef.name },
    task: task.metadata.name,
    class: reason === 'Timeout' ? 'timeout' : 'failed',
    reason,
    err,
    message: err ?? condition?.message ?? 'the controller gave no message',
    outputs: task.status?.outputs,
  })
}
