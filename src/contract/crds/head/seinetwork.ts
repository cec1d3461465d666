import type { KubeObject } from '../../objects.ts'
import {
  anyJson,
  conditions,
  dataVolume,
  dns1Pattern,
  filledText,
  flag,
  int32,
  int64,
  nodePhase,
} from './fragments.ts'
import { plan, positiveInt64, sidecar, text, textList, textMap } from './fragments.ts'
import type { Conditioned, DataVolumeSpec, Plan, SeiNodePhaseName, SidecarSpec } from './shared.ts'

export type SeiNetworkPhase =
  | 'Pending'
  | 'Initializing'
  | 'Ready'
  | 'Paused'
  | 'Degraded'
  | 'Failed'
  | 'Terminating'

export interface GenesisAccount {
  address: string
  balance: string
  vesting?: { amount: string; endTime: number; delayed?: boolean }
}

export interface SeiNetworkSpec {
  image: string
  genesis: {
    chainId: string
    stakingAmount?: string
    accountBalance?: string
    accounts?: GenesisAccount[]
    overrides?: Record<string, unknown>
    maxCeremonyDuration?: string
  }
  replicas?: number
  configOverrides?: Record<string, string>
  dataVolume?: DataVolumeSpec
  sidecar?: SidecarSpec
  podLabels?: Record<string, string>
  paused?: boolean
  deletionPolicy?: 'Delete' | 'Retain'
}

export interface SeiNetworkStatus extends Conditioned {
  observedGeneration?: number
  phase?: SeiNetworkPhase
  replicas?: number
  readyReplicas?: number
  upToDateReplicas?: number
  nodes?: { name: string; phase?: SeiNodePhaseName; currentImage?: string }[]
  plan?: Plan
  incumbentNodes?: string[]
  internalService?: { name: string; namespace: string; ports: { rpc: number; evmHttp: number; rest: number } }
  perPodServices?: { name: string; namespace: string; ports: { evmHttp: number; evmWs: number } }[]
  endpoints?: {
    tendermintRpc?: string
    tendermintRest?: string
    nodes?: { name: string; evmJsonRpc?: string; evmWs?: string }[]
  }
  genesisHash?: string
  genesisS3URI?: string
}

/** A genesis ceremony and the validators it founds. */
export interface SeiNetwork extends KubeObject {
  spec: SeiNetworkSpec
  status?: SeiNetworkStatus
}

/** The definition of SeiNetwork. Its type above and it are held to each other in crds.test-d.ts. */
export const seiNetworkCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'seinetworks.sei.io' },
  spec: {
    group: 'sei.io',
    names: {
      kind: 'SeiNetwork',
      listKind: 'SeiNetworkList',
      plural: 'seinetworks',
      singular: 'seinetwork',
      shortNames: ['sn'],
    },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Ready', type: 'integer', jsonPath: '.status.readyReplicas' },
          { name: 'Replicas', type: 'integer', jsonPath: '.status.replicas' },
          { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
          { name: 'Paused', type: 'boolean', jsonPath: '.spec.paused' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A genesis ceremony and the validators it founds.',
            properties: {
              apiVersion: text as typeof text,
              kind: text as typeof text,
              metadata: { type: 'object' },
              spec: {
                type: 'object',
                properties: {
                  image: filledText as typeof filledText,
                  genesis: {
                    type: 'object',
                    properties: {
                      chainId: {
                        type: 'string',
                        minLength: 1,
                        maxLength: 64,
                        pattern: dns1Pattern as typeof dns1Pattern,
                      },
                      stakingAmount: { type: 'string', default: '10000000usei' },
                      accountBalance: {
                        type: 'string',
                        default:
                          '1000000000000000000000usei,1000000000000000000000uusdc,1000000000000000000000uatom',
                      },
                      accounts: {
                        type: 'array',
                        items: {
                          type: 'object',
                          properties: {
                            address: filledText as typeof filledText,
                            balance: filledText as typeof filledText,
                            vesting: {
                              type: 'object',
                              properties: {
                                amount: filledText as typeof filledText,
                                endTime: positiveInt64 as typeof positiveInt64,
                                delayed: flag as typeof flag,
                              },
                              required: ['amount', 'endTime'],
                            },
                          },
                          required: ['address', 'balance'],
                        },
                      },
                      overrides: { type: 'object', additionalProperties: anyJson as typeof anyJson },
                      maxCeremonyDuration: text as typeof text,
                    },
                    required: ['chainId'],
                  },
                  replicas: { type: 'integer', format: 'int32', minimum: 1, maximum: 100, default: 1 },
                  configOverrides: textMap as typeof textMap,
                  dataVolume: dataVolume as typeof dataVolume,
                  sidecar: sidecar as typeof sidecar,
                  podLabels: textMap as typeof textMap,
                  paused: flag as typeof flag,
                  deletionPolicy: { type: 'string', enum: ['Delete', 'Retain'], default: 'Retain' },
                },
                required: ['genesis', 'image', 'replicas'],
                'x-kubernetes-validations': [
                  {
                    rule: 'self.genesis == oldSelf.genesis',
                    message: 'spec.genesis cannot change: the chain was founded on it',
                  },
                  {
                    rule: 'self.replicas == oldSelf.replicas',
                    message: 'spec.replicas cannot change: genesis lists exactly these validators',
                  },
                  {
                    rule: '(!has(self.dataVolume) && !has(oldSelf.dataVolume)) || self.dataVolume == oldSelf.dataVolume',
                    message: 'spec.dataVolume can be neither added, changed nor removed after creation',
                  },
                ],
              },
              status: {
                type: 'object',
                properties: {
                  observedGeneration: int64 as typeof int64,
                  phase: {
                    type: 'string',
                    enum: ['Pending', 'Initializing', 'Ready', 'Paused', 'Degraded', 'Failed', 'Terminating'],
                  },
                  replicas: int32 as typeof int32,
                  readyReplicas: int32 as typeof int32,
                  upToDateReplicas: int32 as typeof int32,
                  nodes: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: {
                        name: text as typeof text,
                        phase: nodePhase as typeof nodePhase,
                        currentImage: text as typeof text,
                      },
                      required: ['name'],
                    },
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                  },
                  plan: plan as typeof plan,
                  incumbentNodes: textList as typeof textList,
                  internalService: {
                    type: 'object',
                    properties: {
                      name: text as typeof text,
                      namespace: text as typeof text,
                      ports: {
                        type: 'object',
                        properties: {
                          rpc: int32 as typeof int32,
                          evmHttp: int32 as typeof int32,
                          rest: int32 as typeof int32,
                        },
                        required: ['evmHttp', 'rest', 'rpc'],
                      },
                    },
                    required: ['name', 'namespace', 'ports'],
                  },
                  perPodServices: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: {
                        name: text as typeof text,
                        namespace: text as typeof text,
                        ports: {
                          type: 'object',
                          properties: { evmHttp: int32 as typeof int32, evmWs: int32 as typeof int32 },
                          required: ['evmHttp', 'evmWs'],
                        },
                      },
                      required: ['name', 'namespace', 'ports'],
                    },
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                  },
                  endpoints: {
                    type: 'object',
                    properties: {
                      tendermintRpc: text as typeof text,
                      tendermintRest: text as typeof text,
                      nodes: {
                        type: 'array',
                        items: {
                          type: 'object',
                          properties: {
                            name: filledText as typeof filledText,
                            evmJsonRpc: text as typeof text,
                            evmWs: text as typeof text,
                          },
                          required: ['name'],
                        },
                        'x-kubernetes-list-type': 'map',
                        'x-kubernetes-list-map-keys': ['name'],
                      },
                    },
                  },
                  genesisHash: text as typeof text,
                  genesisS3URI: text as typeof text,
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
