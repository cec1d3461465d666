import type { KubeObject } from '../../objects.ts'
import { conditions, dataVolume, dns1Pattern, filledText, filledTextMap, fixedName } from './fragments.ts'
import { flag, int64, marker, nodeImage, nodePhase, plan, positiveInt64, rpcServers } from './fragments.ts'
import { sidecar, text, textList, textMap, time } from './fragments.ts'
import type { Conditioned, DataVolumeSpec, Plan, SeiNodePhaseName, SidecarSpec } from './shared.ts'

export type SeiNodePhase = SeiNodePhaseName

/** Exactly one of the three. */
export interface PeerSource {
  ec2Tags?: { region: string; tags: Record<string, string> }
  static?: { addresses: string[] }
  label?: { selector: Record<string, string>; namespace?: string }
}

/** Exactly one of `s3` and `stateSync`. */
export interface SnapshotSource {
  s3?: { targetHeight: number }
  stateSync?: Record<string, never>
  trustPeriod?: string
  rpcServers?: string[]
  backfillBlocks?: number
  bootstrapImage?: string
}

export interface SnapshotGeneration {
  tendermint?: { keepRecent: number; publish?: Record<string, never> }
}

export interface SecretSource {
  secret?: { secretName: string }
}

export interface SeiNodeSpec {
  chainId: string
  image: string
  peers?: PeerSource[]
  overrides?: Record<string, string>
  sidecar?: SidecarSpec
  podLabels?: Record<string, string>
  dataVolume?: DataVolumeSpec
  externalAddress?: string
  paused?: boolean
  fullNode?: { snapshot?: SnapshotSource; snapshotGeneration?: SnapshotGeneration }
  archive?: { snapshotGeneration?: SnapshotGeneration }
  replayer?: {
    snapshot: SnapshotSource
    resultExport?: { shadowResult?: { canonicalRpc: string } }
  }
  validator?: {
    snapshot?: SnapshotSource
    genesisCeremony?: { chainId: string; stakingAmount: string; accountBalance: string; index: number }
    signingKey?: SecretSource
    nodeKey?: SecretSource
    operatorKeyring?: {
      secret?: {
        secretName: string
        keyName?: string
        passphraseSecretRef: { secretName: string; key: string }
        seidMount?: boolean
      }
    }
  }
  seed?: { nodeKey: SecretSource }
}

export interface SeiNodeStatus extends Conditioned {
  phase?: SeiNodePhase
  phaseTransitionTime?: string
  currentImage?: string
  currentSidecarImage?: string
  plan?: Plan
  adoptedWorkflow?: { name: string; uid: string; adoptedAt: string }
  resolvedPeers?: string[]
  resolvedStateSyncers?: string[]
  resolvedRPCWitnesses?: string[]
  statefulSet?: { name: string; uid: string }
  endpoint?: { evmJsonRpc?: string; evmWs?: string; tendermintRpc?: string; tendermintRest?: string }
}

/** One node: one StatefulSet with one replica. */
export interface SeiNode extends KubeObject {
  spec: SeiNodeSpec
  status?: SeiNodeStatus
}

const snapshot = {
  type: 'object',
  properties: {
    s3: {
      type: 'object',
      properties: { targetHeight: positiveInt64 as typeof positiveInt64 },
      required: ['targetHeight'],
    },
    stateSync: marker as typeof marker,
    trustPeriod: text as typeof text,
    rpcServers: rpcServers as typeof rpcServers,
    backfillBlocks: int64 as typeof int64,
    bootstrapImage: text as typeof text,
  },
  'x-kubernetes-validations': [
    {
      rule: '(has(self.s3) ? 1 : 0) + (has(self.stateSync) ? 1 : 0) == 1',
      message: 'set exactly one of s3 and stateSync',
    },
  ],
} as const

const snapshotGeneration = {
  type: 'object',
  properties: {
    tendermint: {
      type: 'object',
      properties: {
        keepRecent: { type: 'integer', format: 'int32', minimum: 1 },
        publish: marker as typeof marker,
      },
      required: ['keepRecent'],
    },
  },
} as const

const keySource = {
  type: 'object',
  properties: {
    secret: {
      type: 'object',
      properties: { secretName: fixedName as typeof fixedName },
      required: ['secretName'],
    },
  },
  'x-kubernetes-validations': [
    { rule: '(has(self.secret) ? 1 : 0) == 1', message: 'set a source for the key: secret' },
  ],
} as const

const operatorKeyring = {
  type: 'object',
  properties: {
    secret: {
      type: 'object',
      properties: {
        secretName: fixedName as typeof fixedName,
        keyName: { type: 'string', maxLength: 64, pattern: '^[a-zA-Z0-9_-]+$', default: 'node_admin' },
        passphraseSecretRef: {
          type: 'object',
          properties: {
            secretName: fixedName as typeof fixedName,
            key: { type: 'string', minLength: 1, maxLength: 253 },
          },
          required: ['key', 'secretName'],
        },
        seidMount: flag as typeof flag,
      },
      required: ['passphraseSecretRef', 'secretName'],
    },
  },
} as const

const validator = {
  type: 'object',
  properties: {
    snapshot: snapshot as typeof snapshot,
    genesisCeremony: {
      type: 'object',
      properties: {
        chainId: filledText as typeof filledText,
        stakingAmount: filledText as typeof filledText,
        accountBalance: filledText as typeof filledText,
        index: { type: 'integer', format: 'int32', minimum: 0 },
      },
      required: ['accountBalance', 'chainId', 'index', 'stakingAmount'],
    },
    signingKey: keySource as typeof keySource,
    nodeKey: keySource as typeof keySource,
    operatorKeyring: operatorKeyring as typeof operatorKeyring,
  },
  'x-kubernetes-validations': [
    {
      rule: 'has(self.signingKey) == has(self.nodeKey)',
      message: 'signingKey and nodeKey go together: set both or neither',
    },
    {
      rule: '!has(self.signingKey) || !has(self.nodeKey) || self.signingKey.secret.secretName != self.nodeKey.secret.secretName',
      message: 'signingKey and nodeKey need a Secret each',
    },
    {
      rule: '!has(self.operatorKeyring) || !has(self.signingKey) || self.operatorKeyring.secret.secretName != self.signingKey.secret.secretName',
      message: 'operatorKeyring and signingKey need a Secret each',
    },
    {
      rule: '!has(self.operatorKeyring) || !has(self.nodeKey) || self.operatorKeyring.secret.secretName != self.nodeKey.secret.secretName',
      message: 'operatorKeyring and nodeKey need a Secret each',
    },
    {
      rule: '!has(self.operatorKeyring) || self.operatorKeyring.secret.secretName != self.operatorKeyring.secret.passphraseSecretRef.secretName',
      message: 'the passphrase of operatorKeyring needs a Secret of its own',
    },
    {
      rule: '!has(self.operatorKeyring) || !has(self.signingKey) || self.operatorKeyring.secret.passphraseSecretRef.secretName != self.signingKey.secret.secretName',
      message: 'the passphrase of operatorKeyring cannot share the Secret of signingKey',
    },
    {
      rule: '!has(self.operatorKeyring) || !has(self.nodeKey) || self.operatorKeyring.secret.passphraseSecretRef.secretName != self.nodeKey.secret.secretName',
      message: 'the passphrase of operatorKeyring cannot share the Secret of nodeKey',
    },
  ],
} as const

const peers = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      ec2Tags: {
        type: 'object',
        properties: {
          region: filledText as typeof filledText,
          tags: filledTextMap as typeof filledTextMap,
        },
        required: ['region', 'tags'],
      },
      static: {
        type: 'object',
        properties: { addresses: { type: 'array', minItems: 1, items: text as typeof text } },
        required: ['addresses'],
      },
      label: {
        type: 'object',
        properties: {
          selector: filledTextMap as typeof filledTextMap,
          namespace: text as typeof text,
        },
        required: ['selector'],
      },
    },
    'x-kubernetes-validations': [
      {
        rule: '(has(self.ec2Tags) ? 1 : 0) + (has(self.static) ? 1 : 0) + (has(self.label) ? 1 : 0) == 1',
        message: 'set exactly one of ec2Tags, static and label',
      },
    ],
  },
} as const

/** The definition of SeiNode. Its type above and it are held to each other in crds.test-d.ts. */
export const seiNodeCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'seinodes.sei.io' },
  spec: {
    group: 'sei.io',
    names: {
      kind: 'SeiNode',
      listKind: 'SeiNodeList',
      plural: 'seinodes',
      singular: 'seinode',
      shortNames: ['snode'],
    },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
          { name: 'StatefulSet', type: 'string', jsonPath: '.status.statefulSet.name', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'One node: one StatefulSet with one replica.',
            properties: {
              apiVersion: text as typeof text,
              kind: text as typeof text,
              metadata: { type: 'object' },
              spec: {
                type: 'object',
                properties: {
                  chainId: { type: 'string', minLength: 1, pattern: dns1Pattern as typeof dns1Pattern },
                  image: nodeImage as typeof nodeImage,
                  peers: peers as typeof peers,
                  overrides: textMap as typeof textMap,
                  sidecar: sidecar as typeof sidecar,
                  podLabels: textMap as typeof textMap,
                  dataVolume: dataVolume as typeof dataVolume,
                  externalAddress: text as typeof text,
                  paused: flag as typeof flag,
                  fullNode: {
                    type: 'object',
                    properties: {
                      snapshot: snapshot as typeof snapshot,
                      snapshotGeneration: snapshotGeneration as typeof snapshotGeneration,
                    },
                  },
                  archive: {
                    type: 'object',
                    properties: { snapshotGeneration: snapshotGeneration as typeof snapshotGeneration },
                  },
                  replayer: {
                    type: 'object',
                    properties: {
                      snapshot: snapshot as typeof snapshot,
                      resultExport: {
                        type: 'object',
                        properties: {
                          shadowResult: {
                            type: 'object',
                            properties: { canonicalRpc: filledText as typeof filledText },
                            required: ['canonicalRpc'],
                          },
                        },
                      },
                    },
                    required: ['snapshot'],
                  },
                  validator: validator as typeof validator,
                  seed: {
                    type: 'object',
                    properties: { nodeKey: keySource as typeof keySource },
                    required: ['nodeKey'],
                  },
                },
                required: ['chainId', 'image'],
                'x-kubernetes-validations': [
                  {
                    rule: '(has(self.fullNode) ? 1 : 0) + (has(self.archive) ? 1 : 0) + (has(self.replayer) ? 1 : 0) + (has(self.validator) ? 1 : 0) + (has(self.seed) ? 1 : 0) == 1',
                    message: 'set exactly one mode: fullNode, archive, replayer, validator or seed',
                  },
                  {
                    rule: '!has(self.replayer) || (has(self.peers) && size(self.peers) > 0)',
                    message: 'a replayer needs peers',
                  },
                ],
              },
              status: {
                type: 'object',
                properties: {
                  phase: nodePhase as typeof nodePhase,
                  phaseTransitionTime: time as typeof time,
                  currentImage: text as typeof text,
                  currentSidecarImage: text as typeof text,
                  plan: plan as typeof plan,
                  adoptedWorkflow: {
                    type: 'object',
                    properties: {
                      name: text as typeof text,
                      uid: text as typeof text,
                      adoptedAt: time as typeof time,
                    },
                    required: ['adoptedAt', 'name', 'uid'],
                  },
                  resolvedPeers: textList as typeof textList,
                  resolvedStateSyncers: textList as typeof textList,
                  resolvedRPCWitnesses: textList as typeof textList,
                  statefulSet: {
                    type: 'object',
                    properties: { name: text as typeof text, uid: text as typeof text },
                    required: ['name', 'uid'],
                  },
                  endpoint: {
                    type: 'object',
                    properties: {
                      evmJsonRpc: text as typeof text,
                      evmWs: text as typeof text,
                      tendermintRpc: text as typeof text,
                      tendermintRest: text as typeof text,
                    },
                  },
                  conditions: conditions as typeof conditions,
                },
              },
            },
          },
        },
      },
    ],
  },
} as const
