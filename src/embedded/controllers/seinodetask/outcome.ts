import { setCondition, seconds } from '../runtime/conditions.ts'
import type { TaskContext } from './context.ts'
import type { FailureReason, Sighting } from './kind.ts'
import type { TaskDraft } from './task.ts'

/** Failures of the work itself: these are told in `status.task` too. */
const ofTheWork: ReadonlySet<FailureReason> = new Set([
  'TaskTerminalError',
  'TaskFailed',
  'TxFailed',
  'InclusionUndetermined',
  'Timeout',
])

/** Ends a task as failed. `err` is what `status.task.err` says, by default the message of the condition. */
export function fail(
  context: TaskContext,
  task: TaskDraft,
  reason: FailureReason,
  message: string,
  err: string = message,
): void {
  const work = task.status.task
  if (work !== undefined && ofTheWork.has(reason)) {
    work.status = 'Failed'
    work.err = err
  }
  setPhase(context, task, 'Failed')
  setTaskCondition(context, task, 'Failed', 'True', reason, message)
  context.events.event(task, 'Warning', reason, message)
}

export function complete(
  context: TaskContext,
  task: TaskDraft,
  { outputs, reason = 'TaskComplete' }: Extract<Sighting, { state: 'complete' }>,
): void {
  if (task.status.task !== undefined) task.status.task.status = 'Complete'
  if (outputs !== undefined) task.status.outputs = outputs
  setPhase(context, task, 'Complete')
  setTaskCondition(context, task, 'Ready', 'True', reason, '')
}

export function setPhase(
  { clock }: TaskContext,
  { status }: TaskDraft,
  phase: NonNullable<TaskDraft['status']['phase']>,
): void {
  if (status.phase === phase) return
  status.phase = phase
  status.phaseTransitionTime = seconds(clock.now())
}

/** Conditions of a task are latched: one that never came true is not there. */
export function setTaskCondition(
  { clock }: TaskContext,
  { metadata, status: holder }: TaskDraft,
  type: 'Ready' | 'Failed' | 'TargetReady',
  status: 'True' | 'False',
  reason: string,
  message: string,
): void {
  const { generation: observedGeneration } = metadata
  setCondition(holder, { type, status, reason, message, observedGeneration }, clock.now())
}
