import { pods, statefulSets } from '../../contract/kinds.ts'
import { podName } from '../../contract/names.ts'
import type { Container, KubeObject, Pod, StatefulSet } from '../../contract/objects.ts'
import { isConflict } from '../../kube/errors.ts'
import type { ClientNode } from '../node.ts'
import type { TaskContext } from './context.ts'

/**
 * For how long the controller may leave a pod with the old image, ms of the controller's time. A plan that is stuck never
 * replaces it, nor does one that goes back to the image before: its StatefulSet counts that revision as current.
 */
const graceMs = 60_000
const leastMs = 1_000

/**
 * Runs `body` while the node's pod is looked after: where it still has another image when the StatefulSet has long had this
 * one, it is deleted, and its successor gets the image. Returns what `body` gave and the names of the pods that were deleted.
 */
export async function replacingStuckPod<T>(
  context: TaskContext,
  node: ClientNode,
  image: string,
  body: () => Promise<T>,
): Promise<{ value: T; deletedPods: readonly string[] }> {
  const deletedPods: string[] = []
  const everyMs = Math.max(leastMs, graceMs / (context.client.cluster.rate ?? 1))
  let ended = false
  const { time } = context.client
  let cancel = (): void => {}
  const look = async (): Promise<void> => {
    // What cannot be read or deleted now is tried again; whether it came to something is for `body` to say.
    const name = await deleteStuck(context, node, image).catch(() => undefined)
    if (name !== undefined) deletedPods.push(name)
    if (!ended) arm()
  }
  const arm = (): void => {
    cancel = time.after(everyMs, () => void look(), { passive: true })
  }
  arm()
  try {
    return { value: await body(), deletedPods }
  } finally {
    ended = true
    cancel()
  }
}

async function deleteStuck(
  { client }: TaskContext,
  node: ClientNode,
  image: string,
): Promise<string | undefined> {
  const { name, namespace } = node
  const ref = { namespace, name: podName(name) }
  const [set, pod] = await Promise.all([
    client.kube.find<StatefulSet>(statefulSets, { namespace, name }),
    client.kube.find<Pod>(pods, ref),
  ])
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined
  if (runsImage(pod.spec.containers, image) || !runsImage(set?.spec.template.spec.containers ?? [], image))
    return undefined
  try {
    await client.kube.delete<KubeObject>(pods, ref, { uid: pod.metadata.uid })
    return ref.name
  } catch (error) {
    // Replaced in the same moment, which is what was wanted.
    if (isConflict(error)) return undefined
    throw error
  }
}

/** Whether seid has this image there. */
export function runsImage(containers: readonly Container[], image: string): boolean {
  return containers.some((container) => container.name === 'seid' && container.image === image)
}
