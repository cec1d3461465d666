import { reachEndpoints } from '../client/node-endpoints.ts'
import type { Cluster } from '../clusters/cluster.ts'
import { connectExisting } from '../clusters/existing.ts'
import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../contract/crds/head/seinode.ts'
import type { NodeEndpoints } from '../contract/endpoints.ts'
import { seiNetworks, seiNodes } from '../contract/kinds.ts'
import { labels } from '../contract/labels.ts'
import { toWire } from '../errors/wire.ts'
import { readStatus } from '../probe/seid-rpc.ts'

export interface NodeReport {
  readonly name: string
  readonly namespace: string
  readonly role: 'validator' | 'follower'
  readonly phase: string
  /** What it answers now; left out where it does not. */
  readonly height?: number | undefined
  readonly catchingUp?: boolean | undefined
  readonly endpoints?: NodeEndpoints | undefined
  /** Why there is no height. */
  readonly why?: string | undefined
}

export interface NetworkReport {
  readonly name: string
  readonly namespace: string
  readonly phase: string
  /** The run that it belongs to, where it is a run's. */
  readonly run?: string | undefined
  readonly nodes: readonly NodeReport[]
}

/** Longest wait for one node's address and height, ms. */
const probeMs = 3_000

/** Every network of a cluster and the nodes that carry its label, each asked for its height. Throws when the API does not answer. */
export async function reportNetworks(kubeconfigPath: string): Promise<readonly NetworkReport[]> {
  const signal = AbortSignal.timeout(10_000)
  const cluster = await connectExisting({ env: { KUBECONFIG: kubeconfigPath }, namespace: 'default', signal })
  try {
    const [networks, nodes] = await Promise.all([
      cluster.kube.list<SeiNetwork>(seiNetworks),
      cluster.kube.list<SeiNode>(seiNodes),
    ])
    const reports = await Promise.all(nodes.items.map((node) => reportNode(cluster, node)))
    return networks.items.map(({ metadata, status }) => ({
      name: metadata.name,
      namespace: metadata.namespace ?? '',
      phase: status?.phase ?? 'Pending',
      run: metadata.labels?.[labels.harnessRun],
      nodes: reports.filter((_, at) => nodes.items[at]?.spec.chainId === metadata.name),
    }))
  } finally {
    await cluster.close()
  }
}

async function reportNode(cluster: Cluster, node: SeiNode): Promise<NodeReport> {
  const { name, namespace = '' } = node.metadata
  const role = node.spec.validator === undefined ? 'follower' : 'validator'
  const known = { name, namespace, role, phase: node.status?.phase ?? 'Pending' } as const
  // Before that there is nothing that could listen.
  if (node.status?.phase !== 'Running') return { ...known, why: node.status?.phase ?? 'just created' }
  const signal = AbortSignal.timeout(probeMs)
  try {
    const endpoints = await reachEndpoints(cluster, node, signal)
    const { latestHeight: height, catchingUp } = await readStatus(endpoints.tendermintRpc, { signal })
    return { ...known, height, catchingUp, endpoints }
  } catch (error) {
    return { ...known, why: toWire(error).message }
  }
}
