import type { Fault, FaultRecord, FaultRecordEvent } from '../../../../contract/crds/chaos-mesh/faults.ts'
import { errorText } from '../../../../errors/error-text.ts'
import { seconds } from '../../runtime/conditions.ts'
import type { Step } from './effect.ts'
import * as events from './events.ts'
import type { PipelineContext } from './pipeline.ts'

/** Events that a record keeps. */
const maxEvents = 100

interface Experiment {
  readonly fault: Fault
  readonly records: FaultRecord[]
  readonly instances: Record<string, unknown>
}

interface Outcome {
  readonly changed: boolean
  readonly failed: boolean
}

/** Brings each target a step nearer to where it is wanted. Changes the records in place. */
export async function carryOut(context: PipelineContext, experiment: Experiment): Promise<Outcome> {
  let [changed, failed] = [false, false]
  for (const record of experiment.records) {
    const operation = operationOf(experiment.fault, record)
    if (operation === undefined) continue
    const before = record.phase
    const isDone = await step(context, experiment, record, operation)
    if (!isDone) failed = true
    if (!isDone || record.phase !== before) changed = true
  }
  return { changed, failed }
}

/**
 * Phases form a cycle that is never turned: who is half way into a fault goes all the way in before it goes out again.
 */
function operationOf({ status }: Fault, { phase }: FaultRecord): 'Apply' | 'Recover' | undefined {
  const wanted = status?.experiment.desiredPhase === 'Run' ? 'Injected' : 'Not Injected'
  if (phase === wanted) return undefined
  return phase.startsWith('Not Injected') ? 'Apply' : 'Recover'
}

async function step(
  context: PipelineContext,
  { fault, records, instances }: Experiment,
  record: FaultRecord,
  operation: 'Apply' | 'Recover',
): Promise<boolean> {
  const effect = context.kind.effectOf(fault)
  const target = { fault, record, records, instances }
  const note = (type: FaultRecordEvent['type'], message = ''): void => {
    const timestamp = seconds(context.clock.now())
    const event = { type, operation, timestamp, ...(message === '' ? {} : { message }) }
    record.events = [...(record.events ?? []), event].slice(-maxEvents)
  }
  let made: Step
  try {
    made = await (operation === 'Apply' ? effect.apply(context, target) : effect.recover(context, target))
  } catch (error) {
    const message = errorText(error)
    note('Failed', message)
    context.record(fault, events.failed(operation === 'Apply' ? 'apply chaos' : 'recover chaos', message))
    return false
  }
  record.phase = made.phase
  if (operation === 'Apply' && made.phase === 'Injected') {
    record.injectedCount += 1
    note('Succeeded', made.note)
    context.record(fault, events.applied(record.id))
    if (made.note !== undefined) context.record(fault, events.notSimulated(record.id, made.note))
  }
  if (operation === 'Recover' && made.phase === 'Not Injected') {
    record.recoveredCount += 1
    note('Succeeded')
    context.record(fault, events.recovered(record.id))
  }
  return true
}
