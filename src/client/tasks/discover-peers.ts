import type { SeiNode } from '../../contract/crds/head/seinode.ts'
import { seiNodes } from '../../contract/kinds.ts'
import type { DiscoverPeersResult, RestartResult } from '../../contract/tasks.ts'
import { readNetInfo } from '../../probe/net-info.ts'
import type { ClientNode } from '../node.ts'
import { expecting, type TaskContext } from './context.ts'
import type { Deadline } from './deadline.ts'
import { restartPod, restartSeid } from './restart.ts'
import { beginResult } from './result.ts'
import { runTask } from './run-task.ts'
import { taskError } from './task-error.ts'

const kind = 'DiscoverPeers'
const pauseMs = 100

/**
 * Has the peers of a node found again, and proves that it has some: what the controller resolved before and after, and the
 * links that seid holds. Without the kind a restart makes seid dial them, since the controller writes them on its own only when
 * it starts or updates a node.
 */
export async function discoverPeers(
  context: TaskContext,
  node: ClientNode,
  deadline: Deadline,
): Promise<DiscoverPeersResult> {
  const result = beginResult(kind, node)
  const { kinds } = await context.capabilities()
  const disturbance = {
    network: node.network,
    node: node.name,
    kind: 'task',
    reason: 'discoverPeers',
  } as const
  return expecting(context, disturbance, async () => {
    await resolved(context, node)
    if (kinds.includes(kind)) {
      const spec = { kind, target: { nodeRef: { name: node.name } }, discoverPeers: {} } as const
      const task = await runTask(context, { namespace: node.namespace, spec, deadline })
      return { ...result('task', task), ...(await proven(context, node, deadline)) }
    }
    const restart: RestartResult = kinds.includes('RestartSeid')
      ? await restartSeid(context, node, deadline)
      : await restartPod(context, node, deadline)
    const done = { ...result('restart'), tasks: restart.tasks }
    return { ...done, ...(await proven(context, node, deadline)), restart }
  })
}

type Peers = Pick<DiscoverPeersResult, 'resolvedPeers' | 'connectedPeers'>

async function proven(context: TaskContext, node: ClientNode, deadline: Deadline): Promise<Peers> {
  const resolvedPeers = await resolved(context, node)
  return { resolvedPeers, connectedPeers: await connected(context, node, deadline) }
}

/** Peers that the node would be given now. Throws TASK_FAILED, reason NoPeers, rather than let it lose the last one. */
async function resolved({ client }: TaskContext, node: ClientNode): Promise<readonly string[]> {
  const { spec, status } = await client.kube.get<SeiNode>(seiNodes, node)
  const fixed = (spec.peers ?? []).flatMap((source) => source.static?.addresses ?? [])
  const peers = [...new Set([...fixed, ...(status?.resolvedPeers ?? [])])]
  if (peers.length > 0) return peers
  throw taskError(client, {
    kind,
    at: node,
    reason: 'NoPeers',
    message: 'none of its peer sources names a node that answers; its persistent peers would become empty',
    hint: 'create the nodes that its peer selector matches first, and wait until their sidecars answer',
  })
}

/** seid dials within moments of its start; no link at all in the time given is an error. */
async function connected(
  { client }: TaskContext,
  node: ClientNode,
  deadline: Deadline,
): Promise<readonly string[]> {
  const { tendermintRpc } = await node.resolveEndpoints(deadline.signal)
  for (;;) {
    const { connections } = await readNetInfo(tendermintRpc, { signal: deadline.signal })
    if (connections.length > 0) return connections.map(({ nodeId }) => nodeId)
    if (deadline.left() <= 1)
      throw taskError(client, {
        kind,
        at: node,
        class: 'timeout',
        reason: 'NotProven',
        message: 'seid holds no link to any peer',
      })
    await deadline.pause(pauseMs)
  }
}
