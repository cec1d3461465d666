import type { SeiNetwork } from './crds/head/seinetwork.ts'
import type { SeiNode, SeiNodeSpec } from './crds/head/seinode.ts'
import { defaults } from './defaults.ts'
import { apiVersionOf, seiNetworks, seiNodes } from './kinds.ts'
import { labels } from './labels.ts'
import type { ObjectMeta } from './objects.ts'
import type { NetworkSpec, NodeSpec } from './spec.ts'

/**
 * The SeiNetwork to apply for a spec. `namespace` is used when the spec names none. `defaults.config` is part of every
 * configuration: current seid does not start without it; a key of the spec's own wins. Assumes a checked spec.
 */
export function networkManifest(spec: NetworkSpec, namespace: string): SeiNetwork {
  return {
    apiVersion: apiVersionOf(seiNetworks),
    kind: seiNetworks.kind,
    metadata: metadata(spec, namespace, spec.labels),
    spec: {
      image: spec.image ?? defaults.image,
      replicas: spec.validators ?? defaults.validators,
      genesis: {
        chainId: spec.name,
        ...(isEmpty(spec.accounts) ? {} : { accounts: [...(spec.accounts ?? [])] }),
        ...(isEmpty(spec.genesis) ? {} : { overrides: { ...spec.genesis } }),
      },
      configOverrides: { ...defaults.config, ...spec.config },
      deletionPolicy: spec.deletionPolicy ?? 'Delete',
      ...(spec.sidecarImage === undefined ? {} : { sidecar: { image: spec.sidecarImage } }),
    },
  }
}

/**
 * The SeiNode to apply for a follower: a full node that finds its peers by the label every node of its network carries.
 * The two labels that say so always win over the spec's own. Assumes a checked spec.
 */
export function nodeManifest(spec: NodeSpec, namespace: string): SeiNode {
  const own = spec.namespace ?? namespace
  return {
    apiVersion: apiVersionOf(seiNodes),
    kind: seiNodes.kind,
    metadata: metadata(spec, namespace, {
      ...spec.labels,
      [labels.role]: 'node',
      [labels.network]: spec.network,
    }),
    spec: {
      chainId: spec.network,
      image: spec.image ?? defaults.image,
      peers: [
        {
          label: {
            selector: { [labels.network]: spec.network },
            namespace: spec.networkNamespace ?? own,
          },
        },
      ],
      overrides: { ...defaults.config, ...spec.config },
      fullNode: fullNode(spec),
    },
  }
}

function fullNode({ stateSync }: NodeSpec): NonNullable<SeiNodeSpec['fullNode']> {
  return stateSync === undefined ? {} : { snapshot: { stateSync: {}, rpcServers: [...stateSync.rpcServers] } }
}

function metadata(
  spec: NetworkSpec | NodeSpec,
  namespace: string,
  labelled: Readonly<Record<string, string>> | undefined,
): ObjectMeta {
  return {
    name: spec.name,
    namespace: spec.namespace ?? namespace,
    ...(isEmpty(labelled) ? {} : { labels: { ...labelled } }),
    ...(isEmpty(spec.annotations) ? {} : { annotations: { ...spec.annotations } }),
  }
}

function isEmpty(value: object | undefined): boolean {
  return value === undefined || Object.keys(value).length === 0
}
