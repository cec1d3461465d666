import type { SeiNetwork } from '../../../contract/crds/head/seinetwork.ts'
import { finalizers } from '../../../contract/labels.ts'
import { aggregateServiceName } from '../../../contract/names.ts'
import type { KubeObject } from '../../../contract/objects.ts'
import { dropFinalizer } from '../runtime/finalizers.ts'
import { refOf } from '../runtime/keys.ts'
import type { Store } from '../runtime/store.ts'
import { writeStatus } from '../runtime/status-writer.ts'
import { childrenOf } from './children.ts'
import { type NetworkContext, updateManager } from './context.ts'

/**
 * Lets a network go by its deletion policy. Retain (the default) strips the owner reference off children and Service, which
 * live on; Delete leaves both to garbage collection, after the network itself is gone.
 */
export async function deleteNetwork(context: NetworkContext, network: SeiNetwork): Promise<void> {
  if (!(network.metadata.finalizers ?? []).includes(finalizers.network)) return
  const status = { ...network.status, phase: 'Terminating' as const }
  const marked = await writeStatus(context.kube, context.networks, network, status, updateManager)
  if ((network.spec.deletionPolicy ?? 'Retain') === 'Retain') await retain(context, marked)
  await dropFinalizer(context.kube, context.networks, marked, finalizers.network, updateManager)
}

async function retain(context: NetworkContext, network: SeiNetwork): Promise<void> {
  context.events.event(network, 'Normal', 'RetainResources', 'Orphaning child SeiNodes and internal Service')
  const children = childrenOf(context, network)
  await Promise.all(children.map((child) => disown(context, context.nodes, child, network)))
  const { name, namespace } = network.metadata
  const service = context.services.get({ namespace, name: aggregateServiceName(name) })
  if (service !== undefined) await disown(context, context.services, service, network)
}

async function disown<T extends KubeObject>(
  context: NetworkContext,
  store: Store<T>,
  object: T,
  owner: SeiNetwork,
): Promise<void> {
  const references = object.metadata.ownerReferences ?? []
  const kept = references.filter((reference) => reference.uid !== owner.metadata.uid)
  if (kept.length === references.length) return
  const { uid, resourceVersion } = object.metadata
  const body = { metadata: { uid, resourceVersion, ownerReferences: kept.length === 0 ? null : kept } }
  const options = { type: 'merge', fieldManager: updateManager } as const
  store.note(await context.kube.patch<T>(store.type, refOf(object), body, options))
}
