import { finalizers } from '../../../contract/labels.ts'
import type { ObjectRef } from '../../../contract/kinds.ts'
import type { SeiCondition } from '../../../contract/crds/head/shared.ts'
import { cadences } from '../plans/cadences.ts'
import { executePlan, type Progress } from '../plans/execute.ts'
import { findCondition, seconds } from '../runtime/conditions.ts'
import type { Result } from '../runtime/controller.ts'
import { ensureFinalizer } from '../runtime/finalizers.ts'
import { writeStatus } from '../runtime/status-writer.ts'
import { type NodeContext, updateManager } from './context.ts'
import { deleteNode } from './deletion.ts'
import { type NodeDraft, draftOf, setNodeCondition } from './draft.ts'
import { endpointOf } from './endpoint.ts'
import { type NodeIdLookup, resolvePeers } from './peers.ts'
import { probeSidecar, recordReadiness } from './probe.ts'
import { resolvePlan } from './resolve-plan.ts'
import { gateBlocksPlan, stateSyncGate } from './state-sync.ts'
import { advanceWorkflow, holdsStatefulSet, type WorkflowProgress } from '../seinodetaskworkflow/advance.ts'
import { syncStatefulSet } from './stateful-set.ts'
import { nodeTaskRunner } from './tasks/runner.ts'
import { errorText } from '../../../errors/error-text.ts'

/** One reconcile of a SeiNode. Everything it learns is written in one status write at its end. */
export async function reconcileNode(
  context: NodeContext,
  nodeIds: NodeIdLookup,
  ref: ObjectRef,
): Promise<Result> {
  const found = context.nodes.get(ref)
  if (found === undefined) return {}
  if (found.metadata.deletionTimestamp !== undefined) {
    await deleteNode(context, found)
    return {}
  }
  const node = await ensureFinalizer(context.kube, context.nodes, found, finalizers.node, updateManager)
  const draft = draftOf(node)
  const flush = (): Promise<unknown> =>
    writeStatus(context.kube, context.nodes, node, draft.status, updateManager)

  const gateBefore = findCondition(node.status?.conditions, 'StateSyncReady')
  const gateBlocked = setStandingConditions(context, draft)
  if (draft.status.phase === 'Failed') {
    await flush()
    const message = 'SeiNode is in Failed state. Delete and recreate the resource to retry.'
    context.events.event(draft, 'Warning', 'NodeFailed', message)
    return {}
  }
  // Nothing but the init plan makes the claim that the pod mounts: without a plan the pod would wait for ever.
  const hold = gateBlocksPlan(draft, draft.status) && draft.status.statefulSet === undefined
  if (!hold && !holdsStatefulSet(context, draft)) await ensureStatefulSet(context, draft)
  if (draft.spec.paused === true) {
    await flush()
    return {}
  }
  await setPeers(context, draft, nodeIds)
  const workflow = draft.status.phase === 'Running' ? await lookAtRunning(context, draft) : undefined
  const progress = workflow?.held === true ? {} : await advancePlan(context, draft, gateBefore)
  await flush()
  const phase = node.status?.phase ?? ''
  if (draft.status.phase !== undefined && draft.status.phase !== phase)
    context.events.event(
      draft,
      'Normal',
      'PhaseTransition',
      `Phase changed from ${phase} to ${draft.status.phase}`,
    )
  return workflow?.requeueAfterMs === undefined
    ? nextLook(draft, progress, gateBlocked)
    : sooner(workflow, progress)
}

/** Conditions every node has: Paused and StateSyncReady. Says whether the gate is shut. */
function setStandingConditions(context: NodeContext, draft: NodeDraft): boolean {
  const now = context.clock.now()
  const paused = draft.spec.paused === true
  setNodeCondition(
    draft,
    {
      type: 'Paused',
      status: paused ? 'True' : 'False',
      reason: paused ? 'Paused' : 'NotPaused',
      message: paused ? 'spec.paused is true; reconciliation is frozen' : 'spec.paused is unset or false',
    },
    now,
  )
  const { condition, syncers, blocked } = stateSyncGate(draft, context.platform.syncers)
  setNodeCondition(draft, condition, now)
  if (syncers.length === 0) delete draft.status.resolvedStateSyncers
  else draft.status.resolvedStateSyncers = [...syncers]
  return blocked
}

async function ensureStatefulSet(context: NodeContext, draft: NodeDraft): Promise<void> {
  try {
    await syncStatefulSet(context, draft)
  } catch (error) {
    const message = `Cannot render the StatefulSet: ${errorText(error)}`
    context.events.event(draft, 'Warning', 'StatefulSetRenderFailed', message)
    throw error
  }
}

async function setPeers(context: NodeContext, draft: NodeDraft, nodeId: NodeIdLookup): Promise<void> {
  const { nodes } = context
  const peers = await resolvePeers(draft, {
    nodesIn: (namespace) => nodes.inNamespace(namespace),
    nodeId,
  })
  if (peers.length === 0) delete draft.status.resolvedPeers
  else draft.status.resolvedPeers = peers
}

/** What is looked at only while a node runs: the workflows aimed at it, and its sidecar. */
async function lookAtRunning(context: NodeContext, draft: NodeDraft): Promise<WorkflowProgress> {
  const progress = await advanceWorkflow(context, draft)
  const before = findCondition(draft.status.conditions, 'SidecarReady')
  setNodeCondition(draft, await probeSidecar(context, draft), context.clock.now())
  recordReadiness(context, draft, before)
  return progress
}

/** Stores a new plan, or drives the active one: a plan is visible before anything of it is done. */
async function advancePlan(
  context: NodeContext,
  draft: NodeDraft,
  gateBefore: SeiCondition | undefined,
): Promise<Progress> {
  const wasActive = draft.status.plan?.phase === 'Active'
  resolvePlan(context, draft)
  recordBlockedGate(context, draft, gateBefore)
  const { plan } = draft.status
  let progress: Progress = {}
  if (plan !== undefined && !wasActive) progress = { requeueAfterMs: cadences.immediateMs }
  else if (plan?.phase === 'Active') {
    progress = await executePlan(plan, nodeTaskRunner(context, draft), () => context.clock.now())
    if (progress.hindrance !== undefined)
      context.trace(`seinode ${draft.metadata.name}: ${progress.hindrance}`)
    settlePhase(context, draft)
  }
  const endpoint = draft.status.phase === 'Running' ? endpointOf(draft) : undefined
  if (endpoint !== undefined) draft.status.endpoint = endpoint
  return progress
}

/** A plan that ended gives the node its phase; update plans have none for failure, so a running node is never demoted. */
function settlePhase(context: NodeContext, draft: NodeDraft): void {
  const { plan } = draft.status
  const ended =
    plan?.phase === 'Complete' ? plan.targetPhase : plan?.phase === 'Failed' ? plan.failedPhase : undefined
  if (ended === undefined) return
  draft.status.phase = ended
  draft.status.phaseTransitionTime = seconds(context.clock.now())
}

function recordBlockedGate(context: NodeContext, draft: NodeDraft, before: SeiCondition | undefined): void {
  const now = findCondition(draft.status.conditions, 'StateSyncReady')
  if (now?.reason !== 'NoSyncersConfigured' || before?.reason === now.reason) return
  const message = `state sync enabled but not ready for chain "${draft.spec.chainId}" (${now.reason}); not building plan`
  context.events.event(draft, 'Warning', 'StateSyncBlocked', message)
}

function nextLook(draft: NodeDraft, progress: Progress, gateBlocked: boolean): Result {
  if (draft.status.phase === 'Running' && draft.status.plan?.phase !== 'Active')
    return { requeueAfterMs: cadences.idleMs }
  if (progress.requeueAfterMs === undefined && gateBlocked) return { requeueAfterMs: cadences.idleMs }
  return { requeueAfterMs: progress.requeueAfterMs }
}

function sooner(workflow: WorkflowProgress, progress: Progress): Result {
  const waits = [workflow.requeueAfterMs, progress.requeueAfterMs].filter((ms) => ms !== undefined)
  return { requeueAfterMs: Math.min(...waits) }
}
