import type { Fault, FaultCondition, FaultRecord } from '../../../../contract/crds/chaos-mesh/faults.ts'
import type { ObjectRef } from '../../../../contract/kinds.ts'
import { chaosMeshKeys, finalizers } from '../../../../contract/labels.ts'
import { errorText } from '../../../../errors/error-text.ts'
import { isNotFound } from '../../../../kube/errors.ts'
import type { Clock } from '../../../clock.ts'
import type { ChaosEvent, ChaosRecorder } from '../events.ts'
import type { Result } from '../../runtime/controller.ts'
import { durationLeftMs, type Births } from './duration.ts'
import { recordsOf, statusOf, type EffectContext, type FaultKind } from './effect.ts'
import * as events from './events.ts'
import { carryOut } from './records.ts'
import { selectTargets } from './select.ts'
import { updateFault } from './update.ts'

export interface PipelineContext extends EffectContext {
  readonly clock: Clock
  readonly kind: FaultKind
  readonly record: ChaosRecorder
  readonly log: (line: string) => void
  readonly births: Births
}

/**
 * One pass over a fault: finalizer, wanted phase, conditions, records, and the finalizer again once it is being deleted. Each
 * step looks at the object anew, so that conditions trail the records by a pass. While a target cannot be brought where it
 * should be the pass ends there, and the finalizer stays.
 */
export async function reconcileFault(context: PipelineContext, ref: ObjectRef): Promise<Result> {
  try {
    await initFinalizer(context, ref)
    const untilStopMs = await decidePhase(context, ref)
    await noteConditions(context, ref)
    if (await stepRecords(context, ref)) return { backOff: true }
    await cleanFinalizer(context, ref)
    return untilStopMs === undefined ? {} : { requeueAfterMs: untilStopMs }
  } catch (error) {
    if (!isNotFound(error)) throw error
    return {}
  }
}

function read({ kube, kind }: PipelineContext, ref: ObjectRef): Promise<Fault> {
  return kube.get<Fault>(kind.type, ref)
}

/** Writes a change and tells of it; a write that fails is told of as well, and left to the next pass. */
async function write(
  { kube, kind, record }: PipelineContext,
  ref: ObjectRef,
  fault: Fault,
  { field, change }: { readonly field: string; readonly change: (draft: Fault) => void },
): Promise<void> {
  try {
    if (await updateFault(kube, kind.type, ref, change)) record(fault, events.updated(field))
  } catch (error) {
    if (isNotFound(error)) throw error
    record(fault, events.failed(`update ${field}`, errorText(error)))
  }
}

async function initFinalizer(context: PipelineContext, ref: ObjectRef): Promise<void> {
  const fault = await read(context, ref)
  const { deletionTimestamp, finalizers: held = [] } = fault.metadata
  if (deletionTimestamp !== undefined || held.includes(finalizers.faultRecords)) return
  context.record(fault, events.finalizerInited)
  await write(context, ref, fault, {
    field: 'finalizer',
    change: (draft) => {
      draft.metadata.finalizers = [...held, finalizers.faultRecords]
    },
  })
}

/** Writes which way targets are to go. Resolves to the simulated ms until that changes by itself. */
async function decidePhase(context: PipelineContext, ref: ObjectRef): Promise<number | undefined> {
  const fault = await read(context, ref)
  const leftMs = durationLeftMs(context.clock, context.births, fault)
  const [wanted, event] = wantedPhase(context, fault, leftMs)
  if (fault.status?.experiment.desiredPhase !== wanted) {
    if (event !== undefined) context.record(fault, event)
    await write(context, ref, fault, {
      field: 'desiredPhase',
      change: (draft) => {
        statusOf(draft).experiment.desiredPhase = wanted
      },
    })
  }
  const isOver = fault.metadata.deletionTimestamp !== undefined || context.kind.isOneShot(fault)
  return isOver || leftMs === undefined || leftMs <= 0 ? undefined : leftMs
}

function wantedPhase(
  { kind }: PipelineContext,
  fault: Fault,
  leftMs: number | undefined,
): ['Run' | 'Stop', ChaosEvent | undefined] {
  if (fault.metadata.deletionTimestamp !== undefined) return ['Stop', events.deleted]
  if (kind.isOneShot(fault)) return ['Run', undefined]
  if (leftMs !== undefined && leftMs <= 0) return ['Stop', events.timeUp]
  if (isPaused(fault)) return ['Stop', events.paused]
  return ['Run', events.started]
}

function isPaused({ metadata }: Fault): boolean {
  return metadata.annotations?.[chaosMeshKeys.pause] === 'true'
}

async function noteConditions(context: PipelineContext, ref: ObjectRef): Promise<void> {
  const fault = await read(context, ref)
  const conditions = conditionsOf(fault)
  const known = fault.status?.conditions ?? []
  const isSame = ({ type, status }: FaultCondition): boolean =>
    known.some((one) => one.type === type && one.status === status)
  if (known.length === conditions.length && conditions.every(isSame)) return
  try {
    await updateFault(context.kube, context.kind.type, ref, (draft) => {
      statusOf(draft).conditions = conditions
    })
  } catch (error) {
    if (isNotFound(error)) throw error
    context.record(fault, {
      ...events.failed('update conditions', errorText(error)),
      type: 'Normal',
    })
  }
}

function conditionsOf(fault: Fault): FaultCondition[] {
  const records = recordsOf(fault)
  const condition = (type: FaultCondition['type'], holds: boolean): FaultCondition => ({
    type,
    status: holds ? 'True' : 'False',
  })
  const all = (phase: FaultRecord['phase']): boolean =>
    records !== undefined && records.every((record) => record.phase === phase)
  return [
    condition('Selected', records !== undefined),
    condition('AllInjected', all('Injected')),
    condition('AllRecovered', all('Not Injected')),
    condition('Paused', isPaused(fault)),
  ]
}

/** True when a target failed and the pass is to be made again after a while. */
async function stepRecords(context: PipelineContext, ref: ObjectRef): Promise<boolean> {
  const fault = await read(context, ref)
  const known = recordsOf(fault)
  const records = known === undefined ? await firstRecords(context, fault) : structuredClone([...known])
  if (records === undefined) return false
  const instances = structuredClone(fault.status?.instances ?? {})
  const { changed, failed } = await carryOut(context, { fault, records, instances })
  if (changed || known === undefined) {
    await write(context, ref, fault, {
      field: 'records',
      change: (draft) => {
        const status = statusOf(draft)
        status.experiment.containerRecords = records
        if (Object.keys(instances).length > 0) status.instances = instances
      },
    })
  }
  return failed
}

/** Targets are selected once. Nobody looks again before something happens to the object. */
async function firstRecords(context: PipelineContext, fault: Fault): Promise<FaultRecord[] | undefined> {
  try {
    const targets = await selectTargets(context.kube, context.kind, fault)
    return targets.map(({ id, selectorKey }) => ({
      id,
      selectorKey,
      phase: 'Not Injected',
      injectedCount: 0,
      recoveredCount: 0,
    }))
  } catch (error) {
    context.record(fault, events.failed('select targets', errorText(error)))
    return undefined
  }
}

/** Takes every finalizer away, also those of others, once all targets have recovered, or at once where that is forced. */
async function cleanFinalizer(context: PipelineContext, ref: ObjectRef): Promise<void> {
  const fault = await read(context, ref)
  const { deletionTimestamp, annotations, finalizers: held = [], uid = '' } = fault.metadata
  if (deletionTimestamp === undefined || held.length === 0) return
  const isForced = annotations?.[chaosMeshKeys.cleanFinalizer] === 'forced'
  const isBack = (recordsOf(fault) ?? []).every(({ phase }) => phase === 'Not Injected')
  if (!isForced && !isBack) return
  context.record(fault, events.finalizerRemoved)
  context.births.delete(uid)
  await write(context, ref, fault, {
    field: 'finalizer',
    change: (draft) => {
      delete draft.metadata.finalizers
    },
  })
}
