import { pods } from '../../contract/kinds.ts'
import { podName } from '../../contract/names.ts'
import type { KubeObject, Pod } from '../../contract/objects.ts'
import type { RestartResult } from '../../contract/tasks.ts'
import { usageError } from '../../errors/sei-error.ts'
import { isConflict } from '../../kube/errors.ts'
import type { ClientNode } from '../node.ts'
import { needKind } from './capabilities.ts'
import { expecting, type TaskContext } from './context.ts'
import type { Deadline } from './deadline.ts'
import { markPod, prove, type PodMark } from './proof.ts'
import { beginResult } from './result.ts'
import { runTask } from './run-task.ts'
import { isReady, seidOf } from './target-state.ts'
import { taskError } from './task-error.ts'

/** Replaces the node's pod, and proves that another one is there, Ready, and caught up. */
export async function restartPod(
  context: TaskContext,
  node: ClientNode,
  deadline: Deadline,
  podUID?: string,
): Promise<RestartResult> {
  const kind = 'RestartPod'
  const result = beginResult(kind, node)
  const { kinds } = await context.capabilities()
  const disturbance = { network: node.network, node: node.name, kind: 'task', reason: 'restartPod' } as const
  return expecting(context, disturbance, async () => {
    // Read last thing before it is sent: a stale UID would be a silent success that restarted nothing.
    const before = await markPod(context, kind, node)
    checkUid(node, podUID, before)
    const task = kinds.includes(kind)
      ? await runTask(context, {
          namespace: node.namespace,
          spec: { kind, target: { nodeRef: { name: node.name } }, restartPod: { podUID: before.uid } },
          deadline,
        })
      : await deletePod(context, node, before, deadline)
    const { pod, height } = await prove(context, {
      kind,
      node,
      deadline,
      wanted: `replaced (its UID was ${before.uid}) and Ready`,
      is: (seen) => seen.metadata.uid !== before.uid && isReady(seen),
    })
    const done = task === undefined ? result('pod-deletion') : result('task', task)
    return { ...done, ...compared(before, pod), height }
  })
}

/** Restarts seid within its pod, and proves that it is the same pod, restarted once more, and caught up. */
export async function restartSeid(
  context: TaskContext,
  node: ClientNode,
  deadline: Deadline,
): Promise<RestartResult> {
  const kind = 'RestartSeid'
  const result = beginResult(kind, node)
  needKind(await context.capabilities(), kind, 'restartPod(node) restarts seid with its whole pod')
  const disturbance = { network: node.network, node: node.name, kind: 'task', reason: 'restartSeid' } as const
  return expecting(context, disturbance, async () => {
    const before = await markPod(context, kind, node)
    const spec = { kind, target: { nodeRef: { name: node.name } }, restartSeid: {} } as const
    const task = await runTask(context, { namespace: node.namespace, spec, deadline })
    const { pod, height } = await prove(context, {
      kind,
      node,
      deadline,
      wanted: `the same (UID ${before.uid}) with seid restarted`,
      is: (seen) => seen.metadata.uid === before.uid && isRestarted(seen, before),
    })
    return { ...result('task', task), ...compared(before, pod), height }
  })
}

function isRestarted(pod: Pod, before: PodMark): boolean {
  const seid = seidOf(pod)
  return seid?.state?.running !== undefined && seid.restartCount > before.restartCount
}

function compared(before: PodMark, pod: Pod): Pick<RestartResult, 'podUID' | 'restartCount'> {
  return {
    podUID: { before: before.uid, after: pod.metadata.uid ?? '' },
    restartCount: { before: before.restartCount, after: seidOf(pod)?.restartCount ?? 0 },
  }
}

function checkUid(node: ClientNode, wanted: string | undefined, { uid }: PodMark): void {
  if (wanted === undefined || wanted === uid) return
  throw usageError([
    {
      what: `${wanted} is not the UID of the pod that ${node.name} has now, ${uid}`,
      where: 'restartPod(node, { podUID })',
      expected: 'the UID of the pod as it is',
      fix: 'leave podUID out: it is read last thing before the restart',
    },
  ])
}

/** Deletes exactly that pod; its StatefulSet makes another of the same revision. */
async function deletePod(
  { client }: TaskContext,
  node: ClientNode,
  { uid }: PodMark,
  { signal }: Deadline,
): Promise<undefined> {
  const ref = { namespace: node.namespace, name: podName(node.name) }
  try {
    await client.kube.delete<KubeObject>(pods, ref, { uid, signal })
  } catch (error) {
    if (!isConflict(error)) throw error
    throw taskError(client, {
      kind: 'RestartPod',
      at: node,
      reason: 'PodReplaced',
      message: `pod ${ref.name} was replaced by somebody else in the same moment; nothing was deleted`,
      hint: 'ask again',
      cause: error,
    })
  }
}
