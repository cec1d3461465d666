import type { SeiNode, SnapshotGeneration, SnapshotSource } from '../../../contract/crds/head/seinode.ts'
import type { Role } from '../../../contract/labels.ts'
import { dataClaimName } from '../../../contract/names.ts'
import { ports } from '../../../contract/ports.ts'
import type { Platform } from '../platform.ts'

/** What a node is, in the words of its labels. */
export function roleOf(node: SeiNode): Role {
  const { validator, archive, replayer, seed } = node.spec
  if (validator !== undefined) return 'validator'
  if (archive !== undefined) return 'archive'
  if (replayer !== undefined) return 'replayer'
  if (seed !== undefined) return 'seed'
  return 'node'
}

/** What a node is, in the words of its configuration: a replayer is configured as a full node. */
export function configModeOf(node: SeiNode): 'validator' | 'archive' | 'seed' | 'full' {
  const role = roleOf(node)
  return role === 'node' || role === 'replayer' ? 'full' : role
}

export function snapshotOf(node: SeiNode): SnapshotSource | undefined {
  const { fullNode, validator, replayer } = node.spec
  return fullNode?.snapshot ?? validator?.snapshot ?? replayer?.snapshot
}

export function snapshotGenerationOf(node: SeiNode): SnapshotGeneration | undefined {
  return node.spec.fullNode?.snapshotGeneration ?? node.spec.archive?.snapshotGeneration
}

/** A node whose volume is filled by a Job before its StatefulSet exists. */
export function needsBootstrap(node: SeiNode): boolean {
  const snapshot = snapshotOf(node)
  return (snapshot?.bootstrapImage ?? '') !== '' && (snapshot?.s3?.targetHeight ?? 0) > 0
}

export function signingKeySecretOf(node: SeiNode): string | undefined {
  return node.spec.validator?.signingKey?.secret?.secretName
}

export function nodeKeySecretOf(node: SeiNode): string | undefined {
  return (node.spec.validator?.nodeKey ?? node.spec.seed?.nodeKey)?.secret?.secretName
}

type OperatorKeyring = NonNullable<
  NonNullable<NonNullable<SeiNode['spec']['validator']>['operatorKeyring']>['secret']
>

export function operatorKeyringOf(node: SeiNode): OperatorKeyring | undefined {
  return node.spec.validator?.operatorKeyring?.secret
}

export function dataClaimOf(node: SeiNode): string {
  return node.spec.dataVolume?.import?.pvcName ?? dataClaimName(node.metadata.name)
}

/** The sidecar image that is rendered: the node's own, else the platform's. */
export function sidecarImageOf(node: SeiNode, platform: Platform): string {
  const own = node.spec.sidecar?.image
  return own === undefined || own === '' ? platform.images.sidecar : own
}

export function sidecarPortOf(node: SeiNode): number {
  return node.spec.sidecar?.port ?? ports.sidecar
}
