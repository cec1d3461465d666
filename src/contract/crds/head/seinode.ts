import type { KubeObject } from '../../objects.ts'
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
  phase?: SeiNodePhase | ''
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
