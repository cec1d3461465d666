import type { SeiNetwork } from '../../contract/crds/head/seinetwork.ts'
import { pods, seiNetworks } from '../../contract/kinds.ts'
import { fieldManagers } from '../../contract/labels.ts'
import { podName } from '../../contract/names.ts'
import type { KubeObject, Pod } from '../../contract/objects.ts'
import type { Place, UpdateImageResult } from '../../contract/tasks.ts'
import { usageError } from '../../errors/sei-error.ts'
import { isConflict } from '../../kube/errors.ts'
import type { ClientNetwork } from '../network.ts'
import type { ClientNode } from '../node.ts'
import { expecting, type TaskContext } from './context.ts'
import type { Deadline } from './deadline.ts'
import { prove } from './proof.ts'
import { beginResult } from './result.ts'
import { runTask } from './run-task.ts'
import { isReady } from './target-state.ts'

const kind = 'UpdateNodeImage'

/**
 * For how long the controller may leave the pod with the old image, ms of the controller's time. One whose plan is stuck
 * never replaces it, also once the image is right again; deleting the pod heals it.
 */
const replaceGraceMs = 60_000

/** Swaps the image of a lone node, and proves that it runs it. Refuses a validator: its network would put the old one back. */
export async function updateNodeImage(
  context: TaskContext,
  node: ClientNode,
  image: string,
  deadline: Deadline,
): Promise<UpdateImageResult> {
  const result = beginResult(kind, node)
  const before = (await node.refresh()).spec.image
  refuseValidator(node)
  refuseSame(node, before, image)
  const disturbance = {
    network: node.network,
    node: node.name,
    kind: 'image',
    reason: `image ${image}`,
  } as const
  return expecting(context, disturbance, async () => {
    const spec = { kind, target: { nodeRef: { name: node.name } }, updateNodeImage: { image } } as const
    const task = await runTask(context, { namespace: node.namespace, spec, deadline })
    const deletedPods = await proveImage(context, node, image, deadline)
    return {
      ...result('task', task),
      image: { before, after: image },
      nodes: [node.name],
      deletedPods,
    }
  })
}

/** Swaps the image of a network's validators on the SeiNetwork, and proves that each of them runs it. */
export async function updateNetworkImage(
  context: TaskContext,
  network: ClientNetwork,
  image: string,
  deadline: Deadline,
): Promise<UpdateImageResult> {
  const result = beginResult(kind, network)
  const before = (await network.refresh()).spec.image
  refuseSame(network, before, image)
  const disturbance = { network: network.name, kind: 'image', reason: `image ${image}` } as const
  return expecting(context, disturbance, async () => {
    // A merge patch: applying would take away every field of ours that is left out.
    await context.client.kube.patch<SeiNetwork>(
      seiNetworks,
      network,
      { spec: { image } },
      { type: 'merge', fieldManager: fieldManagers.harness, signal: deadline.signal },
    )
    const deleted = await Promise.all(
      network.validators.map((node) => proveImage(context, node, image, deadline)),
    )
    return {
      ...result('spec'),
      image: { before, after: image },
      nodes: network.validators.map(({ name }) => name),
      deletedPods: deleted.flat(),
    }
  })
}

/** Waits for the pod with the image, Ready and caught up; returns the names of pods that had to be deleted for it. */
async function proveImage(
  context: TaskContext,
  node: ClientNode,
  image: string,
  deadline: Deadline,
): Promise<readonly string[]> {
  const deletedPods: string[] = []
  const grace = replaceGraceMs / (context.client.cluster.rate ?? 1)
  const timer = setTimeout(
    () => {
      void deleteStuck(context, node, image).then(
        (name) => (name === undefined ? undefined : deletedPods.push(name)),
        () => undefined,
      )
    },
    Math.max(1_000, grace),
  )
  try {
    await prove(context, {
      kind,
      node,
      deadline,
      wanted: `Ready with image ${image}`,
      is: (pod) => runs(pod, image) && isReady(pod),
    })
    return deletedPods
  } finally {
    clearTimeout(timer)
  }
}

async function deleteStuck(
  { client }: TaskContext,
  node: ClientNode,
  image: string,
): Promise<string | undefined> {
  const ref = { namespace: node.namespace, name: podName(node.name) }
  const pod = await client.kube.find<Pod>(pods, ref)
  if (pod === undefined || runs(pod, image) || pod.metadata.deletionTimestamp !== undefined) return undefined
  try {
    await client.kube.delete<KubeObject>(pods, ref, { uid: pod.metadata.uid })
    return ref.name
  } catch (error) {
    // Replaced in the same moment, which is what was wanted.
    if (isConflict(error)) return undefined
    throw error
  }
}

function runs(pod: Pod, image: string): boolean {
  return pod.spec.containers.some((container) => container.name === 'seid' && container.image === image)
}

function refuseValidator(node: ClientNode): void {
  if (!node.founded) return
  throw usageError([
    {
      what: `${node.name} is a validator of ${node.network}, which puts its own image back`,
      where: 'updateImage(node, image)',
      expected: 'a network, or a node that belongs to none',
      fix: 'updateImage(network, image) changes the image of all its validators',
    },
  ])
}

function refuseSame({ name }: Place, before: string, image: string): void {
  if (before !== image) return
  throw usageError([
    {
      what: `${name} has the image ${image} already`,
      where: 'updateImage(…, image)',
      expected: 'another image',
      fix: 'restartPod(node) restarts a node with the image it has',
    },
  ])
}
