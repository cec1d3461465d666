import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import { findCondition, isTrue } from '../runtime/conditions.ts'
import { type ChildCounts, setNodesReady, setRollout } from './conditions.ts'
import type { NetworkDraft } from './draft.ts'
import { networkPhase } from './phase.ts'
import { publishedFields } from './published.ts'

/** Fills in everything of the status that follows from the children. */
export function deriveStatus(draft: NetworkDraft, children: readonly SeiNode[], now: Date): void {
  const { status, spec } = draft
  const counts = count(draft, children)
  const { generation } = draft.metadata
  // Not during the ceremony: whoever waits for a generation to be dealt with waits for its end.
  if (!isTrue(status.conditions, 'PlanInProgress') && generation !== undefined)
    status.observedGeneration = generation
  status.replicas = counts.desired
  setCount(status, 'readyReplicas', counts.ready)
  setCount(status, 'upToDateReplicas', counts.upToDate)
  const nodes = children.map(summary)
  if (nodes.length === 0) delete status.nodes
  else status.nodes = nodes
  const published = publishedFields(draft, children)
  if (published.perPodServices === undefined) delete status.perPodServices
  Object.assign(status, published)
  status.phase = networkPhase({
    paused: spec.paused === true,
    planInProgress: isTrue(status.conditions, 'PlanInProgress'),
    ceremonyFailed: findCondition(status.conditions, 'GenesisCeremonyComplete')?.reason === 'CeremonyFailed',
    replicas: counts.desired,
    children: children.map((child) => child.status?.phase ?? ''),
  })
  setNodesReady(draft, counts, now)
  setRollout(draft, counts, now)
}

function summary(child: SeiNode): NonNullable<NetworkDraft['status']['nodes']>[number] {
  const { phase, currentImage } = child.status ?? {}
  return {
    name: child.metadata.name,
    ...(currentImage === undefined ? {} : { currentImage }),
    ...(phase === undefined ? {} : { phase }),
  }
}

function count(draft: NetworkDraft, children: readonly SeiNode[]): ChildCounts {
  const having = (phase: string): number => children.filter((child) => child.status?.phase === phase).length
  return {
    desired: draft.spec.replicas ?? 1,
    ready: having('Running'),
    failed: having('Failed'),
    initializing: having('Initializing') + having('Pending'),
    upToDate: children.filter((child) => child.status?.currentImage === draft.spec.image).length,
    total: children.length,
  }
}

/** Zero is left out, as the real status leaves it out. */
function setCount(
  status: NetworkDraft['status'],
  field: 'readyReplicas' | 'upToDateReplicas',
  value: number,
): void {
  if (value === 0) delete status[field]
  else status[field] = value
}
