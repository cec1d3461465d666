import type { KubeObject } from '../../objects.ts'
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
  nodes?: { name: string; phase?: SeiNodePhaseName | ''; currentImage?: string }[]
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
