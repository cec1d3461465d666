import type { ObjectRef } from '../../../contract/kinds.ts'
import { finalizers } from '../../../contract/labels.ts'
import { aggregateServiceName } from '../../../contract/names.ts'
import { cadences } from '../plans/cadences.ts'
import { isTrue } from '../runtime/conditions.ts'
import type { Result } from '../runtime/controller.ts'
import { ensureFinalizer } from '../runtime/finalizers.ts'
import { writeStatus } from '../runtime/status-writer.ts'
import { childrenOf, ensureChildren, syncPaused } from './children.ts'
import { seedConditions, setCeremonyCondition, setPausedCondition } from './conditions.ts'
import { type NetworkContext, updateManager } from './context.ts'
import { deleteNetwork } from './deletion.ts'
import { draftOf, type NetworkDraft } from './draft.ts'
import { internalService } from './internal-service.ts'
import { reconcileCeremony } from './plan.ts'
import { deriveStatus } from './status.ts'

/** One reconcile of a SeiNetwork. Everything it learns is written in one status write at its end. */
export async function reconcileNetwork(context: NetworkContext, ref: ObjectRef): Promise<Result> {
  const found = context.networks.get(ref)
  if (found === undefined) return {}
  if (found.metadata.deletionTimestamp !== undefined) {
    await deleteNetwork(context, found)
    return {}
  }
  const network = await ensureFinalizer(
    context.kube,
    context.networks,
    found,
    finalizers.network,
    updateManager,
  )
  const draft = draftOf(network)
  const now = context.clock.now()
  setCeremonyCondition(draft, now)
  setPausedCondition(context, draft, now)
  seedConditions(draft, now)
  await syncPaused(context, draft)
  await applyInternalService(context, draft)
  // While the ceremony writes peers into the children, nobody else writes to them.
  if (draft.spec.paused !== true && !isTrue(draft.status.conditions, 'PlanInProgress'))
    await ensureChildren(context, draft)
  recordIncumbents(context, draft)
  const progress = await reconcileCeremony(context, draft)
  deriveStatus(draft, childrenOf(context, draft), context.clock.now())
  await writeStatus(context.kube, context.networks, network, draft.status, updateManager)
  return { requeueAfterMs: progress.requeueAfterMs ?? cadences.idleMs }
}

function recordIncumbents(context: NetworkContext, draft: NetworkDraft): void {
  const names = childrenOf(context, draft).map((child) => child.metadata.name)
  if (names.length === 0) delete draft.status.incumbentNodes
  else draft.status.incumbentNodes = names
}

/** It is made of the network's name alone. */
async function applyInternalService(context: NetworkContext, draft: NetworkDraft): Promise<void> {
  const { uid = '', name, namespace } = draft.metadata
  const ref = { namespace, name: aggregateServiceName(name) }
  await context.applier.apply(context.services, ref, uid, () => internalService(draft))
}
