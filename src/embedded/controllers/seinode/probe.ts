import type { SeiCondition } from '../../../contract/crds/head/shared.ts'
import type { ConditionChange } from '../runtime/conditions.ts'
import { findCondition } from '../runtime/conditions.ts'
import { SidecarError } from '../sidecar/client.ts'
import { sidecarTarget } from '../sidecar/target.ts'
import type { NodeContext } from './context.ts'
import type { NodeDraft } from './draft.ts'

/** Asks a running node's sidecar whether its gate is open, as the condition SidecarReady. */
export async function probeSidecar(context: NodeContext, draft: NodeDraft): Promise<ConditionChange> {
  const { name, namespace = '' } = draft.metadata
  const say = (status: ConditionChange['status'], reason: string, message: string): ConditionChange => ({
    type: 'SidecarReady',
    status,
    reason,
    message,
  })
  try {
    const open = await context.sidecar.healthy(sidecarTarget(context.services, namespace, name))
    return open
      ? say('True', 'Ready', 'sidecar returned 200')
      : say('False', 'NotReady', 'sidecar returned 503, re-issuing mark-ready')
  } catch (error) {
    if (!(error instanceof SidecarError)) throw error
    return say('Unknown', 'Unreachable', `sidecar Healthz error: querying sidecar healthz: ${error.message}`)
  }
}

/** Only a sidecar that answers "closed" is approved anew; one that does not answer is asked again. */
export function needsReapproval(conditions: readonly SeiCondition[] | undefined): boolean {
  const condition = findCondition(conditions, 'SidecarReady')
  return condition?.status === 'False' && condition.reason === 'NotReady'
}

/** Tells of a gate that closed or opened again since `before`. */
export function recordReadiness(
  context: NodeContext,
  draft: NodeDraft,
  before: SeiCondition | undefined,
): void {
  const now = findCondition(draft.status.conditions, 'SidecarReady')
  if (now?.status === 'False' && now.reason === 'NotReady' && before?.status !== 'False')
    context.events.event(
      draft,
      'Warning',
      'SidecarReadinessLost',
      'sidecar Healthz returned 503; controller will re-issue mark-ready',
    )
  else if (now?.status === 'True' && before?.status === 'False')
    context.events.event(
      draft,
      'Normal',
      'SidecarReadinessRestored',
      'sidecar Healthz returned 200; mark-ready gate is open',
    )
}
