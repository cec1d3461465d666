import type { SeiNode } from '../../../contract/crds/head/seinode.ts'
import { seiNodes } from '../../../contract/kinds.ts'
import { goDuration, parseGoDuration } from '../../../contract/go-duration.ts'
import { seconds } from '../runtime/conditions.ts'
import type { TaskContext } from './context.ts'
import { fail, setTaskCondition } from './outcome.ts'
import type { TaskDraft } from './task.ts'

/** The target, once it is there and in the phase that is asked for; else the task waits for it or has failed. */
export async function passGate(context: TaskContext, task: TaskDraft): Promise<SeiNode | undefined> {
  const { nodeRef, requirePhase = 'Running', requirePhaseTimeout = '5m' } = task.spec.target
  const { namespace, uid = '' } = task.metadata
  const ref = { namespace, name: nodeRef.name }
  // A node that was made just before its task may not have come through the watch yet.
  const target = context.nodes.get(ref) ?? (await context.kube.find<SeiNode>(seiNodes, ref))
  if (target === undefined) {
    fail(context, task, 'TargetResolveFailed', `target SeiNode ${namespace}/${nodeRef.name} not found`)
    return undefined
  }
  const phase = target.status?.phase ?? ''
  if (phase === requirePhase) {
    setTaskCondition(context, task, 'TargetReady', 'True', 'PhaseMet', `target ${nodeRef.name} is ${phase}`)
    delete task.status.targetFirstObservedAt
    context.stopwatches.reset(uid, 'phase')
    return target
  }
  const message = `target ${nodeRef.name} is ${phase === '' ? 'without phase' : phase}, want ${requirePhase}`
  setTaskCondition(context, task, 'TargetReady', 'False', 'PhaseNotMet', message)
  task.status.targetFirstObservedAt ??= seconds(context.clock.now())
  const limitMs = parseGoDuration(requirePhaseTimeout)
  if (limitMs === undefined)
    fail(
      context,
      task,
      'ParamsBuildFailed',
      `requirePhaseTimeout: invalid duration ${JSON.stringify(requirePhaseTimeout)}`,
    )
  else if (context.stopwatches.since(uid, 'phase') > limitMs)
    fail(context, task, 'TargetResolveFailed', `${message}; gave up after ${goDuration(limitMs)}`)
  return undefined
}
