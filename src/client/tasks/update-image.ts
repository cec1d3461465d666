import type { SeiNetwork } from '../../contract/crds/head/seinetwork.ts'
import { seiNetworks, type Place } from '../../contract/kinds.ts'
import { fieldManagers } from '../../contract/labels.ts'
import type { UpdateImageResult } from '../../contract/tasks.ts'
import { usageError } from '../../errors/sei-error.ts'
import type { ClientNetwork } from '../network.ts'
import type { ClientNode } from '../node.ts'
import { expecting, type TaskContext } from './context.ts'
import type { Deadline } from './deadline.ts'
import { prove } from './proof.ts'
import { beginResult } from './result.ts'
import { runTask } from './run-task.ts'
import { replacingStuckPod, runsImage } from './stuck-pod.ts'
import { isReady } from './target-state.ts'

const kind = 'UpdateNodeImage'

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
    const { value: task, deletedPods } = await replacingStuckPod(context, node, image, async () => {
      const done = await runTask(context, { namespace: node.namespace, spec, deadline })
      await proveImage(context, node, image, deadline)
      return done
    })
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
    const proven = await Promise.all(
      network.validators.map((node) =>
        replacingStuckPod(context, node, image, () => proveImage(context, node, image, deadline)),
      ),
    )
    return {
      ...result('spec'),
      image: { before, after: image },
      nodes: network.validators.map(({ name }) => name),
      deletedPods: proven.flatMap(({ deletedPods }) => deletedPods),
    }
  })
}

/** Waits for the pod with the image, Ready and caught up. */
async function proveImage(
  context: TaskContext,
  node: ClientNode,
  image: string,
  deadline: Deadline,
): Promise<void> {
  await prove(context, {
    kind,
    node,
    deadline,
    wanted: `Ready with image ${image}`,
    is: (pod) => runsImage(pod.spec.containers, image) && isReady(pod),
  })
  context.hooks.well(node, image)
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
