import { pods } from '../../contract/kinds.ts'
import { podName } from '../../contract/names.ts'
import type { Pod } from '../../contract/objects.ts'
import type { TaskKind } from '../../contract/tasks.ts'
import { hasCode } from '../../errors/guards.ts'
import type { ClientNode } from '../node.ts'
import { waitNodes } from '../wait-ready.ts'
import type { TaskContext } from './context.ts'
import { waitOptions, type Deadline } from './deadline.ts'
import { seidOf } from './target-state.ts'
import { taskError } from './task-error.ts'

/** A pod as it was when an operation began. */
export interface PodMark {
  readonly uid: string
  readonly restartCount: number
}

/** The node's pod right now, by a read of its own: a cache may be a moment behind. Throws TASK_FAILED without one. */
export async function markPod(context: TaskContext, kind: TaskKind, node: ClientNode): Promise<PodMark> {
  const pod = await context.client.kube.find<Pod>(pods, {
    namespace: node.namespace,
    name: podName(node.name),
  })
  if (pod?.metadata.uid !== undefined && pod.metadata.deletionTimestamp === undefined)
    return { uid: pod.metadata.uid, restartCount: seidOf(pod)?.restartCount ?? 0 }
  throw taskError(context.client, {
    kind,
    at: node,
    reason: 'NoPod',
    message: pod === undefined ? 'it has no pod' : 'its pod is being deleted already',
    hint: 'wait until the controller has made another: node.waitReady()',
  })
}

export interface Proof {
  readonly kind: TaskKind
  readonly node: ClientNode
  /** What must be seen of the pod, in words. */
  readonly wanted: string
  readonly deadline: Deadline
  /** Whether the pod is the one that the operation had to bring about. */
  readonly is: (pod: Pod) => boolean
}

/**
 * Waits until the pod is as wanted, then passes the gates of the node: caught up, and the height advances. Returns the pod and
 * the height. Throws TASK_FAILED, reason NotProven, when it does not come.
 */
export async function prove(context: TaskContext, proof: Proof): Promise<{ pod: Pod; height: number }> {
  const { client } = context
  const { node, deadline, wanted, kind } = proof
  const watch = client.watches.of(node.namespace).pods
  const ref = { namespace: node.namespace, name: podName(node.name) }
  const options = { ...waitOptions(deadline), time: deadline.time }
  try {
    const pod = await watch.waitFor(
      () => {
        const seen = watch.get(ref)
        return seen !== undefined && proof.is(seen) ? seen : undefined
      },
      { ...options, description: `pod ${ref.name} to be ${wanted}` },
    )
    await waitNodes(client, node.network, [node.gateTarget], { ...options, timeoutMs: deadline.left() })
    return { pod, height: await node.latestHeight(options) }
  } catch (error) {
    const timedOut = hasCode(error, 'WAIT_TIMEOUT')
    if (!timedOut && !hasCode(error, 'READINESS_TIMEOUT') && !hasCode(error, 'READINESS_FAILED')) throw error
    throw taskError(client, {
      kind,
      at: node,
      class: hasCode(error, 'READINESS_FAILED') ? 'failed' : 'timeout',
      reason: 'NotProven',
      message: timedOut ? `its pod was not seen ${wanted}` : (error as Error).message,
      cause: error,
    })
  }
}
