import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { seiNetworks, seiNodes, type ObjectRef, type ResourceType } from '../../src/contract/kinds.ts'
import type { SeiNetwork, SeiNetworkSpec } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNode, SeiNodeSpec } from '../../src/contract/crds/head/seinode.ts'
import type { EmbeddedStart } from '../../src/contract/embedded.ts'
import type { KubeEvent, KubeObject } from '../../src/contract/objects.ts'
import { events as eventType } from '../../src/contract/kinds.ts'
import { startCluster } from '../../src/embedded/cluster.ts'
import { connect } from '../../src/kube/client.ts'
import type { KubeClient } from '../../src/kube/types.ts'

export interface TestCluster {
  readonly kube: KubeClient
  close(): Promise<void>
}

/** A whole embedded cluster in this process, and a client of its own to it. */
export async function startTestCluster(given: Partial<EmbeddedStart> = {}): Promise<TestCluster> {
  const stateDir = await mkdtemp(join(tmpdir(), 'sei-controllers-'))
  const cluster = await startCluster({ rate: 100, blockMs: 100, stateDir, ...given })
  await cluster.started
  const kube = connect(cluster.info)
  return {
    kube,
    async close() {
      await kube.close()
      await cluster.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

/** A chain id never serves twice: artifacts are kept by it, beyond the life of a network. */
export function chainIdOf(network: ObjectRef): string {
  return `${network.namespace ?? 'default'}-${network.name}`
}

/** Creates a network as the recordings did. */
export function createNetwork(
  kube: KubeClient,
  ref: Required<ObjectRef>,
  spec: Partial<SeiNetworkSpec> = {},
): Promise<SeiNetwork> {
  return kube.create<SeiNetwork>(seiNetworks, {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNetwork',
    metadata: { name: ref.name, namespace: ref.namespace ?? 'default' },
    spec: {
      image: 'sei/seid:dev',
      replicas: 1,
      deletionPolicy: 'Delete',
      genesis: { chainId: chainIdOf(ref) },
      ...spec,
    },
  })
}

/** Creates a follower of a network as the recordings did. */
export function createFollower(
  kube: KubeClient,
  network: Required<ObjectRef>,
  name: string,
  spec: Partial<SeiNodeSpec> = {},
): Promise<SeiNode> {
  return kube.create<SeiNode>(seiNodes, {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: {
      name,
      namespace: network.namespace ?? 'default',
      labels: { 'sei.io/role': 'node', 'sei.io/seinetwork': network.name },
    },
    spec: {
      chainId: chainIdOf(network),
      image: 'sei/seid:dev',
      fullNode: {},
      peers: [{ label: { selector: { 'sei.io/seinetwork': network.name } } }],
      ...spec,
    },
  })
}

/** Every version of the objects of a type in a namespace, by name, from now on. */
export function record<T extends KubeObject>(
  kube: KubeClient,
  type: ResourceType,
  namespace: string,
): Map<string, T[]> {
  const versions = new Map<string, T[]>()
  kube.watch<T>(type, { namespace }).subscribe(({ type, object }) => {
    if (type === 'DELETED') return
    const { name } = object.metadata
    versions.set(name, [...(versions.get(name) ?? []), object])
  })
  return versions
}

/** Waits until the object by this name (any, if none is given) is as `predicate` wants it. */
export async function until<T extends KubeObject>(
  kube: KubeClient,
  type: ResourceType,
  ref: Partial<ObjectRef>,
  predicate: (object: T) => boolean,
): Promise<T> {
  const watch = kube.watch<T>(type, { namespace: ref.namespace })
  try {
    const find = (items: readonly T[]): T | undefined =>
      items.find((item) => (ref.name ?? item.metadata.name) === item.metadata.name && predicate(item))
    const description = `${type.kind} ${ref.name}: ${predicate}`
    return await watch.waitFor(find, { timeoutMs: 15_000, description })
  } finally {
    watch.close()
  }
}

/** Waits until nothing by this name is there. */
export async function untilGone(kube: KubeClient, type: ResourceType, ref: ObjectRef): Promise<void> {
  const watch = kube.watch(type, { namespace: ref.namespace })
  try {
    await watch.ready
    const gone = (items: readonly KubeObject[]): true | undefined =>
      items.every((item) => item.metadata.name !== ref.name) || undefined
    await watch.waitFor(gone, { timeoutMs: 15_000, description: `${type.kind} ${ref.name} to be gone` })
  } finally {
    watch.close()
  }
}

/**
 * Events about an object, oldest first, as `Normal Reason: message`, once there are `count` of them: they are written beside
 * what they tell of.
 */
export async function eventsAbout(
  kube: KubeClient,
  namespace: string,
  about: { readonly kind: string; readonly name: string },
  count: number,
): Promise<string[]> {
  const watch = kube.watch<KubeEvent>(eventType, { namespace })
  try {
    return await watch.waitFor(
      (items) => {
        const found = items
          .filter(({ involvedObject: { kind, name } }) => kind === about.kind && name === about.name)
          .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        if (found.length < count) return undefined
        return found.map((event) => `${event.type} ${event.reason}: ${event.message}`)
      },
      { timeoutMs: 15_000, description: `${count} events about ${about.kind} ${about.name}` },
    )
  } finally {
    watch.close()
  }
}
