import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../contract/crds/head/seinode.ts'
import type { SeiClient } from '../contract/handles.ts'
import { seiNetworks, seiNodes } from '../contract/kinds.ts'
import { labels, type Role } from '../contract/labels.ts'
import type { NetworkSpec, NodeSpec } from '../contract/spec.ts'
import { tasksOver } from '../contract/task-facade.ts'
import type { CallTask } from '../contract/tasks.ts'
import { taskErrors } from '../errors/task-errors.ts'
import { advance } from '../probe/advance.ts'
import { createContext, type ClientOptions, type ReachableCluster } from './context.ts'
import { applyNetwork, applyNode } from './create.ts'
import { superviseHalts, type HaltSupervision, type SuperviseOptions } from './halts/supervise.ts'
import { createNetworkHandle, type ClientNetwork } from './network.ts'
import { modeOf } from './node-endpoints.ts'
import { createNodeHandle, type ClientNode } from './node.ts'
import { noHooks, type TaskHooks } from './tasks/context.ts'
import { taskCalls } from './tasks/operations.ts'

/** The client over a cluster's connection. It owns its watches, not the cluster. */
export interface KubeSeiClient extends SeiClient {
  createNetwork(spec: NetworkSpec): Promise<ClientNetwork>
  createNode(spec: NodeSpec): Promise<ClientNode>
  getNetwork(name: string, namespace?: string): Promise<ClientNetwork>
  getNode(name: string, namespace?: string): Promise<ClientNode>
  /** Carries out operations on nodes; `hooks` is told what each is about to do. */
  taskCalls(hooks?: TaskHooks): CallTask
  /** Deals with halts of nodes by the verdicts that it is told. */
  superviseHalts(options: SuperviseOptions): HaltSupervision
  /** Ends its watches. */
  close(): void
}

export function createClient(cluster: ReachableCluster, options: ClientOptions = {}): KubeSeiClient {
  const context = createContext(cluster, options)
  const { kube, namespace: home, mode, simulated } = cluster
  const nodeHandle = (node: SeiNode): ClientNode => {
    const { name, namespace = home } = node.metadata
    const identity = {
      name,
      namespace,
      role: roleOf(node),
      chainId: node.spec.chainId,
      network: node.metadata.labels?.[labels.network] ?? node.spec.chainId,
      founded: node.metadata.labels?.[labels.nodeDeployment] !== undefined,
    }
    return createNodeHandle(context, identity, node)
  }
  const getNetwork = async (name: string, namespace = home): Promise<ClientNetwork> => {
    const network = await kube.get<SeiNetwork>(seiNetworks, { name, namespace })
    const handle = createNetworkHandle(context, network)
    if (network.status?.phase === 'Ready') await resolveAll(handle.validators)
    return handle
  }
  const getNode = async (name: string, namespace = home): Promise<ClientNode> => {
    const node = await kube.get<SeiNode>(seiNodes, { name, namespace })
    const handle = nodeHandle(node)
    if (node.status?.phase === 'Running') await resolveAll([handle])
    return handle
  }
  const callsWith = (hooks: TaskHooks): CallTask =>
    taskCalls({
      client: context,
      hooks,
      node: ({ name, namespace }) => getNode(name, namespace),
      network: ({ name, namespace }) => getNetwork(name, namespace),
    })
  return {
    mode,
    simulated,
    namespace: home,
    tasks: tasksOver(callsWith(noHooks), taskErrors),
    taskCalls: (hooks = noHooks) => callsWith(hooks),
    superviseHalts: (options) =>
      superviseHalts(
        {
          client: context,
          handle: nodeHandle,
          getNode: ({ name, namespace }) => getNode(name, namespace),
        },
        options,
      ),
    createNetwork: async (spec) => createNetworkHandle(context, await applyNetwork(context, spec)),
    createNode: async (spec) => nodeHandle(await applyNode(context, spec)),
    getNetwork,
    getNode,
    advance: (ms, signal) => advance(cluster.clockUrl, ms, signal),
    close: () => context.close(),
  }
}

/** A node that runs is reachable in moments; one that is not keeps `endpoints` unknown, which it then says itself. */
async function resolveAll(nodes: readonly ClientNode[]): Promise<void> {
  const signal = AbortSignal.timeout(resolveTimeoutMs)
  await Promise.allSettled(nodes.map((node) => node.resolveEndpoints(signal)))
}

const resolveTimeoutMs = 5_000

function roleOf(node: SeiNode): Role {
  if (node.spec.replayer !== undefined) return 'replayer'
  const mode = modeOf(node)
  return mode === 'full' ? 'node' : mode
}
