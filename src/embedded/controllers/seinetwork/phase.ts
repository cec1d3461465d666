import type { SeiNetworkPhase } from '../../../contract/crds/head/seinetwork.ts'
import type { SeiNodePhase } from '../../../contract/crds/head/seinode.ts'

export interface PhaseFacts {
  readonly paused: boolean
  readonly planInProgress: boolean
  readonly ceremonyFailed: boolean
  readonly replicas: number
  /** Phases of the owned children; empty for one that has none yet. */
  readonly children: readonly (SeiNodePhase | '')[]
}

/**
 * The phase of a network, worked out anew at each reconcile; the first rule that fits wins. A child that runs is never
 * demoted, so Ready outlives halts and crash loops.
 */
export function networkPhase(facts: PhaseFacts): SeiNetworkPhase {
  if (facts.paused) return 'Paused'
  if (facts.planInProgress) return 'Initializing'
  if (facts.ceremonyFailed) return 'Failed'
  const { children } = facts
  if (children.length === 0) return 'Pending'
  const running = children.filter((phase) => phase === 'Running').length
  if (running === facts.replicas) return 'Ready'
  const failed = children.filter((phase) => phase === 'Failed').length
  if (failed === children.length) return 'Failed'
  if (failed > 0 && running > 0) return 'Degraded'
  return 'Initializing'
}
