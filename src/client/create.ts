import { checkNetworkSpec, checkNodeSpec } from '../contract/check-specs.ts'
import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../contract/crds/head/seinode.ts'
import { seiNetworks, seiNodes } from '../contract/kinds.ts'
import { fieldManagers } from '../contract/labels.ts'
import { networkManifest, nodeManifest } from '../contract/manifests.ts'
import type { Checked } from '../contract/problem.ts'
import type { NetworkSpec, NodeSpec } from '../contract/spec.ts'
import { usageError } from '../errors/sei-error.ts'
import type { ClientContext } from './context.ts'

const apply = { fieldManager: fieldManagers.harness, force: true } as const

/** Checks the spec, then applies the SeiNetwork. Throws BAD_SPEC before anything is sent. */
export async function applyNetwork(context: ClientContext, spec: NetworkSpec): Promise<SeiNetwork> {
  const checked = accepted(checkNetworkSpec(spec))
  const manifest = networkManifest(labelled(context, checked), context.cluster.namespace)
  return await context.kube.apply<SeiNetwork>(seiNetworks, manifest, apply)
}

/** Checks the spec, then applies the SeiNode. Throws BAD_SPEC before anything is sent. */
export async function applyNode(context: ClientContext, spec: NodeSpec): Promise<SeiNode> {
  const checked = accepted(checkNodeSpec(spec))
  const manifest = nodeManifest(labelled(context, checked), context.cluster.namespace)
  return await context.kube.apply<SeiNode>(seiNodes, manifest, apply)
}

function accepted<T>(checked: Checked<T>): T {
  if (!checked.ok) throw usageError(checked.problems, 'BAD_SPEC')
  return checked.value
}

function labelled<T extends NetworkSpec | NodeSpec>({ labels }: ClientContext, spec: T): T {
  return { ...spec, labels: { ...spec.labels, ...labels } }
}
