import type { KubeSeiClient } from '../client/client.ts'
import type { ClientNetwork } from '../client/network.ts'
import type { WireAdmin } from '../contract/lease.ts'
import type { GateTrace } from '../contract/gates.ts'
import type { NetworkHandle, NodeHandle } from '../contract/handles.ts'
import { seiNetworks, seiNodes } from '../contract/kinds.ts'
import { followerName } from '../contract/names.ts'
import type { ResolvedSpec } from '../contract/spec.ts'
import { adminAccounts } from './admin.ts'
import type { Ledger } from './ledger.ts'

/** A network as a lease hands it out: proven to be in consensus. */
export interface Provisioned {
  readonly network: NetworkHandle
  readonly followers: readonly NodeHandle[]
  readonly admin: WireAdmin
  readonly traces: readonly GateTrace[]
}

export interface ProvisionOptions {
  readonly client: KubeSeiClient
  readonly ledger: Ledger
  readonly name: string
  readonly spec: ResolvedSpec
  readonly admin: WireAdmin
  readonly signal: AbortSignal
  /** Makes sure a namespace exists before something is created in it. */
  ensureNamespace(namespace: string): Promise<void>
  /** Hears of each handle as soon as its object exists, so that a failed provisioning can still be captured. */
  onCreated(handle: NetworkHandle | NodeHandle): void
}

/**
 * Creates a network and its followers and waits until every gate of every node has passed. Followers are applied once the
 * network is Ready, not before: their peers are resolved when their init plan is built, and a validator whose
 * sidecar does not answer yet would be left out for good (reference: SeiNode plans freeze `resolvedPeers`).
 * The first failure stops the rest.
 */
export async function provision(options: ProvisionOptions): Promise<Provisioned> {
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  const network = await createNetwork(options)
  const waits = [
    network.waitReady({ signal }),
    network.waitPhaseReady(signal).then(() => followersReady(options, network, signal)),
  ] as const
  try {
    const [traces, followers] = await Promise.all(waits)
    return {
      network,
      followers: followers.map(({ node }) => node),
      admin: options.admin,
      traces: [...traces, ...followers.map(({ trace }) => trace)],
    }
  } catch (error) {
    failed.abort(error)
    await Promise.allSettled(waits)
    throw error
  }
}

async function createNetwork(options: ProvisionOptions): Promise<ClientNetwork> {
  const { client, ledger, name, spec, admin, signal } = options
  signal.throwIfAborted()
  const ref = { namespace: client.namespace, name }
  ledger.intend(seiNetworks.kind, ref)
  const { image, validators, config, genesis, accounts, sidecarImage } = spec.network
  const network = await client.createNetwork({
    ...ref,
    image,
    validators,
    config,
    genesis,
    sidecarImage,
    accounts: [...accounts, ...adminAccounts(admin)],
  })
  ledger.created(seiNetworks.kind, ref, network.object?.metadata.uid)
  options.onCreated(network)
  return network
}

interface ReadyFollower {
  readonly node: NodeHandle
  readonly trace: GateTrace
}

async function followersReady(
  options: ProvisionOptions,
  network: NetworkHandle,
  signal: AbortSignal,
): Promise<readonly ReadyFollower[]> {
  const { count, namespace = network.namespace } = options.spec.followers
  if (count > 0 && namespace !== network.namespace) await options.ensureNamespace(namespace)
  const ordinals = Array.from({ length: count }, (_, ordinal) => ordinal)
  return Promise.all(
    ordinals.map(async (ordinal) => {
      const node = await createFollower(options, network, {
        namespace,
        name: followerName(network.name, ordinal),
      })
      return { node, trace: await node.waitReady({ signal }) }
    }),
  )
}

async function createFollower(
  { client, ledger, spec, signal, onCreated }: ProvisionOptions,
  network: NetworkHandle,
  ref: { namespace: string; name: string },
): Promise<NodeHandle> {
  signal.throwIfAborted()
  ledger.intend(seiNodes.kind, ref)
  const node = await client.createNode({
    ...ref,
    network: network.chainId,
    networkNamespace: network.namespace,
    image: spec.followers.image,
    config: spec.followers.config,
  })
  ledger.created(seiNodes.kind, ref, node.object?.metadata.uid)
  onCreated(node)
  return node
}
