import { createClient, type KubeSeiClient } from '../client/client.ts'
import { connectExisting } from '../clusters/existing.ts'
import type { ClusterRecord } from '../clusters/named/record.ts'
import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import type { NodeHandle } from '../contract/handles.ts'
import { seiNetworks } from '../contract/kinds.ts'
import { followerName } from '../contract/names.ts'
import { resolveSpec } from '../contract/resolve-spec.ts'
import { usageError } from '../errors/sei-error.ts'
import type { KubeClient } from '../kube/types.ts'

export interface DevNetworkSpec {
  readonly validators: number
  readonly followers: number
}

/** Where a node answers on this machine. */
export interface DevNode {
  readonly name: string
  readonly tendermintRpc: string
  readonly evmJsonRpc?: string | undefined
  readonly tendermintRest?: string | undefined
}

export interface DevNetwork {
  readonly name: string
  readonly namespace: string
  readonly validators: readonly DevNode[]
  readonly followers: readonly DevNode[]
}

/** Name and chain id of the network that `seitask up` makes. */
const devNetwork = 'devnet'

/** Throws BAD_INPUT for sizes that never get ready, before anything starts. */
export function checkDevNetwork({ validators, followers }: DevNetworkSpec): void {
  if (validators === 0)
    throw usageError([
      {
        what: `${followers} followers have no network to follow`,
        where: '--followers',
        expected: '--validators beside it',
        fix: `write --validators 4 --followers ${followers}`,
      },
    ])
  const resolved = resolveSpec({ network: { validators }, followers })
  if (resolved.ok) return
  throw usageError(
    resolved.problems.map((problem) => ({
      ...problem,
      where: problem.where.endsWith('validators') ? '--validators' : '--validators and --followers',
    })),
  )
}

/**
 * The network of a named cluster, made where it is not there, with every gate of every node passed. Followers that are
 * missing are added. Throws BAD_INPUT when it has another number of validators, RUN_CANCELLED, and what the gates throw.
 */
export async function ensureDevNetwork(
  { kubeconfigPath, name, mode }: ClusterRecord,
  spec: DevNetworkSpec,
  signal: AbortSignal,
): Promise<DevNetwork> {
  const env = { KUBECONFIG: kubeconfigPath }
  const cluster = await connectExisting({ env, namespace: 'default', signal })
  const client = createClient({ ...cluster, mode })
  try {
    await checkFound(cluster.kube, client.namespace, spec, name)
    return await makeReady(client, spec, signal)
  } finally {
    client.close()
    await cluster.close()
  }
}

async function checkFound(
  kube: KubeClient,
  namespace: string,
  { validators }: DevNetworkSpec,
  cluster: string,
): Promise<void> {
  const found = await kube.find<SeiNetwork>(seiNetworks, { namespace, name: devNetwork })
  const replicas = found?.spec.replicas ?? 1
  if (found === undefined || replicas === validators) return
  throw usageError([
    {
      what: `network ${devNetwork} of cluster ${cluster} has ${replicas} validators`,
      where: '--validators',
      expected: `${replicas}: their number is fixed at genesis`,
      fix: `write --validators ${replicas}, or use another --name`,
    },
  ])
}

/** Followers come once the network is Ready: a validator whose sidecar does not answer yet would be left out of their peers. */
async function makeReady(
  client: KubeSeiClient,
  { validators, followers }: DevNetworkSpec,
  signal: AbortSignal,
): Promise<DevNetwork> {
  const network = await client.createNetwork({ name: devNetwork, validators })
  const failed = new AbortController()
  const both = AbortSignal.any([signal, failed.signal])
  const waits = [
    network.waitReady({ signal: both }),
    network.waitPhaseReady(both).then(() => followersReady(client, followers, both)),
  ] as const
  try {
    const [, nodes] = await Promise.all(waits)
    return {
      name: network.name,
      namespace: network.namespace,
      validators: network.validators.map(devNode),
      followers: nodes.map(devNode),
    }
  } catch (error) {
    failed.abort(error)
    await Promise.allSettled(waits)
    throw error
  }
}

function followersReady(
  client: KubeSeiClient,
  count: number,
  signal: AbortSignal,
): Promise<readonly NodeHandle[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, ordinal) => {
      const node = await client.createNode({ name: followerName(devNetwork, ordinal), network: devNetwork })
      await node.waitReady({ signal })
      return node
    }),
  )
}

function devNode({ name, endpoints }: NodeHandle): DevNode {
  const { tendermintRpc, evmJsonRpc, tendermintRest } = endpoints
  return { name, tendermintRpc, evmJsonRpc, tendermintRest }
}
