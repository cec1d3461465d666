import type { ProposalContent } from '../tx/messages.ts'
import type { UpgradePlans } from '../upgrade/plans.ts'
import type { Params } from './params.ts'

/** What proposals change. */
export interface ContentScope {
  readonly plans: UpgradePlans
  readonly params: Params
}

/** Why a proposal's content cannot be executed in block `height`; `undefined` when it can. */
export function contentRefusal(
  content: ProposalContent,
  scope: ContentScope,
  height: number,
): string | undefined {
  if (content['@type'] === '/cosmos.params.v1beta1.ParameterChangeProposal')
    return content.changes.map((change) => scope.params.refusal(change)).find((why) => why !== undefined)
  if (content['@type'] !== '/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal') return undefined
  const { name, height: wanted } = content.plan
  if (wanted < height) return 'upgrade cannot be scheduled in the past: invalid request'
  return scope.plans.appliedHeight(name, height) === 0
    ? undefined
    : `upgrade with name ${name} has already been completed: invalid request`
}

/** Executes a content that was not refused. */
export function executeContent(
  content: ProposalContent,
  { plans, params }: ContentScope,
  height: number,
): void {
  switch (content['@type']) {
    case '/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal':
      plans.schedule(content.plan, height)
      break
    case '/cosmos.upgrade.v1beta1.CancelSoftwareUpgradeProposal':
      plans.cancel(height)
      break
    case '/cosmos.params.v1beta1.ParameterChangeProposal':
      for (const change of content.changes) params.set(change)
      break
    default:
      // A text has no effect.
      break
  }
}
