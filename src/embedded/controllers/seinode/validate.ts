import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import { nodeKeySecretOf, roleOf, snapshotGenerationOf, snapshotOf } from './mode.ts'

/**
 * What the schema lets through and the planner does not. A reason means that no plan is built; it is told to the log alone,
 * as the real controller does.
 */
export function planProblem(node: SeiNode): string | undefined {
  const role = roleOf(node)
  const { validator, replayer, fullNode, archive, seed } = node.spec
  if ([validator, replayer, fullNode, archive, seed].every((mode) => mode === undefined))
    return 'no mode sub-spec set'
  if (validator?.signingKey !== undefined && validator.genesisCeremony !== undefined)
    return 'validator: signingKey and genesisCeremony are mutually exclusive'
  const snapshot = snapshotOf(node)
  const height = snapshot?.s3?.targetHeight ?? 0
  if ((snapshot?.bootstrapImage ?? '') !== '' && height <= 0)
    return `${role}: bootstrapImage requires s3 with targetHeight > 0`
  if (role === 'replayer' && height <= 0) return 'replayer: s3.targetHeight must be > 0'
  if (role === 'replayer' && (node.spec.peers ?? []).length === 0)
    return 'replayer requires at least one peer source for block sync'
  if (replayer?.resultExport !== undefined && replayer.resultExport.shadowResult === undefined)
    return 'replayer: resultExport is set but has no sub-struct'
  if (role === 'seed' && nodeKeySecretOf(node) === undefined)
    return 'seed: nodeKey.secret.secretName is required'
  return snapshotGenerationProblem(node)
}

function snapshotGenerationProblem(node: SeiNode): string | undefined {
  const generation = snapshotGenerationOf(node)
  if (generation === undefined) return undefined
  const { tendermint } = generation
  if (tendermint === undefined) return 'snapshotGeneration is set but has no sub-struct'
  if (tendermint.publish !== undefined && tendermint.keepRecent < 2)
    return 'snapshotGeneration.tendermint.keepRecent must be >= 2 when publish is set'
  return undefined
}
