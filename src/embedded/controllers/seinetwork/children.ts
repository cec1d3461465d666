import { isDeepStrictEqual } from 'node:util'

import type { SeiNetwork } from '../../../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import { apiVersionOf, seiNetworks, seiNodes } from '../../../contract/kinds.ts'
import { annotations, labels } from '../../../contract/labels.ts'
import { validatorName } from '../../../contract/names.ts'
import { refOf } from '../runtime/keys.ts'
import { controllerReference } from '../runtime/owners.ts'
import { type NetworkContext, updateManager } from './context.ts'

/** The network's own children, by ordinal. A SeiNode of the right name that it does not own is none of them. */
export function childrenOf(context: NetworkContext, network: SeiNetwork): SeiNode[] {
  return context.nodes
    .ownedBy(network.metadata.uid ?? '')
    .filter((node) => node.metadata.labels?.[labels.nodeDeployment] === network.metadata.name)
    .toSorted((a, b) => ordinalOf(a) - ordinalOf(b))
}

function ordinalOf(node: SeiNode): number {
  return Number(node.metadata.labels?.[labels.networkOrdinal] ?? Number.NaN)
}

/** The child that a network wants at `ordinal`. Its peers are left out: the ceremony fills them in. */
export function wantedChild(network: SeiNetwork, ordinal: number): SeiNode {
  const { name, namespace } = network.metadata
  const { genesis, configOverrides, sidecar, dataVolume, paused } = network.spec
  const faults = network.metadata.annotations?.[annotations.faults]
  return {
    apiVersion: apiVersionOf(seiNodes),
    kind: seiNodes.kind,
    metadata: {
      name: validatorName(name, ordinal),
      ...(namespace === undefined ? {} : { namespace }),
      labels: childLabels(network, ordinal),
      // The one annotation that is handed down, and only here: it orders faults for simulated pods.
      ...(faults === undefined ? {} : { annotations: { [annotations.faults]: faults } }),
      ownerReferences: [controllerReference(seiNetworks, network)],
    },
    spec: {
      chainId: genesis.chainId,
      image: network.spec.image,
      ...(configOverrides === undefined ? {} : { overrides: { ...configOverrides } }),
      ...(sidecar === undefined ? {} : { sidecar }),
      ...(dataVolume === undefined ? {} : { dataVolume }),
      podLabels: { ...network.spec.podLabels, [labels.nodeDeployment]: name, [labels.network]: name },
      ...(paused === true ? { paused } : {}),
      validator: {
        genesisCeremony: {
          accountBalance: genesis.accountBalance ?? '',
          chainId: genesis.chainId,
          index: ordinal,
          stakingAmount: genesis.stakingAmount ?? '',
        },
      },
    },
  }
}

function childLabels(network: SeiNetwork, ordinal: number): Record<string, string> {
  const { name } = network.metadata
  return {
    [labels.chain]: network.spec.genesis.chainId,
    [labels.nodeDeployment]: name,
    [labels.nodeDeploymentOrdinal]: String(ordinal),
    [labels.role]: 'validator',
    [labels.network]: name,
    [labels.networkOrdinal]: String(ordinal),
  }
}

/** Creates missing children and writes what changed in the network's spec into those that are there. */
export async function ensureChildren(context: NetworkContext, network: SeiNetwork): Promise<void> {
  const ordinals = Array.from({ length: network.spec.replicas ?? 1 }, (_, ordinal) => ordinal)
  // Side by side: the real controller's loop writes the same, one after the other.
  await Promise.all(ordinals.map((ordinal) => ensureChild(context, network, ordinal)))
  const excess = childrenOf(context, network).filter((child) => ordinalOf(child) >= ordinals.length)
  for (const child of excess) {
    await context.kube.delete(seiNodes, refOf(child), { uid: child.metadata.uid })
    context.events.event(network, 'Normal', 'SeiNodeDeleted', `Scaled down SeiNode ${child.metadata.name}`)
  }
}

async function ensureChild(context: NetworkContext, network: SeiNetwork, ordinal: number): Promise<void> {
  const wanted = wantedChild(network, ordinal)
  const { name } = wanted.metadata
  const live = context.nodes.get(refOf(wanted))
  if (live === undefined) {
    context.nodes.note(await context.kube.create(seiNodes, wanted, { fieldManager: updateManager }))
    context.events.event(network, 'Normal', 'SeiNodeCreated', `Created SeiNode ${name}`)
    return
  }
  const next = propagated(live, wanted)
  if (next === undefined) return
  context.nodes.note(await context.kube.replace(seiNodes, next, { fieldManager: updateManager }))
}

/** `live` with what the network dictates, also over edits by hand; `undefined` when it has all of it. */
export function propagated(live: SeiNode, wanted: SeiNode): SeiNode | undefined {
  const metadata = {
    ...live.metadata,
    labels: wanted.metadata.labels ?? {},
    annotations: wanted.metadata.annotations ?? {},
  }
  const { image, sidecar, podLabels, overrides } = wanted.spec
  const { sidecar: _, podLabels: __, overrides: ___, ...kept } = live.spec
  const spec = {
    ...kept,
    image,
    ...(sidecar === undefined ? {} : { sidecar: { ...sidecar } }),
    ...(podLabels === undefined ? {} : { podLabels }),
    ...(overrides === undefined ? {} : { overrides }),
  }
  const same =
    isDeepStrictEqual(live.metadata.labels ?? {}, metadata.labels) &&
    isDeepStrictEqual(live.metadata.annotations ?? {}, metadata.annotations) &&
    isDeepStrictEqual(live.spec, spec)
  return same ? undefined : { ...live, metadata, spec }
}

/** Pauses or resumes every child with its network. */
export async function syncPaused(context: NetworkContext, network: SeiNetwork): Promise<void> {
  const paused = network.spec.paused === true
  for (const child of childrenOf(context, network)) {
    if ((child.spec.paused === true) === paused) continue
    const { paused: _, ...kept } = child.spec
    const next = { ...child, spec: paused ? { ...kept, paused } : kept }
    context.nodes.note(await context.kube.replace(seiNodes, next, { fieldManager: updateManager }))
    const { name } = child.metadata
    if (paused) context.events.event(network, 'Normal', 'ChildPaused', `Paused SeiNode ${name}`)
    else context.events.event(network, 'Normal', 'ChildResumed', `Resumed SeiNode ${name}`)
  }
}
