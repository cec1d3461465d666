import type { SeiNode } from '../../../../contract/crds/head/seinode.ts'
import { annotations, labels } from '../../../../contract/labels.ts'
import { roleOf, snapshotGenerationOf } from '../mode.ts'

/** Labels of everything a node owns, and of its pod. What the user asked for the pod comes first, the system's own wins. */
export function nodeLabels(node: SeiNode): Record<string, string> {
  const result: Record<string, string> = {
    ...node.spec.podLabels,
    [labels.node]: node.metadata.name,
    [labels.chain]: node.spec.chainId,
    [labels.role]: roleOf(node),
  }
  if (isDedicated(node)) result[annotations.dedicatedNode] = 'true'
  if (snapshotGenerationOf(node)?.tendermint?.publish !== undefined)
    result['sei.io/snapshot-publish'] = 'true'
  return result
}

/** The one selector of StatefulSet and Service: a selector can never change, so it holds nothing that may. */
export function selectorLabels(node: SeiNode): Record<string, string> {
  return { [labels.node]: node.metadata.name }
}

export function isDedicated(node: SeiNode): boolean {
  return node.metadata.annotations?.[annotations.dedicatedNode] === 'true'
}
