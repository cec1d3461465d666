import type { Fault } from '../../../../contract/crds/chaos-mesh/faults.ts'
import { schedules } from '../../../../contract/kinds.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import type { Clock } from '../../../clock.ts'
import { createController } from '../../runtime/controller.ts'
import { refOf } from '../../runtime/keys.ts'
import type { Change, Store } from '../../runtime/store.ts'
import { createChaosEvents, type ChaosEventSink } from '../events.ts'
import { chaosManager } from '../update-status.ts'
import { createDaemon } from './daemon.ts'
import type { FaultKind } from './effect.ts'
import { notSimulated } from './events.ts'
import { networkFaults } from './network-effects.ts'
import { reconcileFault } from './pipeline.ts'
import { podFaults } from './pod-effects.ts'
import { stressFaults, timeFaults } from './pretended-effects.ts'

const kinds: readonly FaultKind[] = [podFaults, networkFaults, stressFaults, timeFaults]

export interface FaultControllersOptions {
  readonly kube: KubeClient
  readonly clock: Clock
  /** One of each kind, and one of Schedules. */
  readonly faults: readonly Store<Fault>[]
  readonly log: (line: string) => void
}

/** Carries faults out: one controller a kind, with one worker. */
export function startFaultControllers(options: FaultControllersOptions): { close(): Promise<void> } {
  const { kube, clock, faults, log } = options
  const daemon = createDaemon(kube)
  const events = createChaosEvents(kube, clock, chaosManager, log)
  const controllers = kinds.flatMap((kind) => {
    const store = faults.find(({ type }) => type.kind === kind.type.kind)
    if (store === undefined) return []
    const name = kind.type.kind.toLowerCase()
    const record = events.recorder(`${name}-records`, kind.type)
    const births = new Map<string, number>()
    const context = { kube, daemon, clock, kind, record, log, births }
    const controller = createController({
      name,
      clock,
      concurrency: 1,
      reconcile: (ref) => reconcileFault(context, ref),
      log,
    })
    const look = (fault: Fault): void => {
      if (fault.spec.remoteCluster === undefined) controller.enqueue(refOf(fault))
    }
    store.onChange(({ after }) => {
      if (after !== undefined) look(after)
    })
    return [controller]
  })
  faults.find(({ type }) => type.kind === schedules.kind)?.onChange(sayNothingComes(events))
  return {
    async close() {
      await Promise.all(controllers.map((controller) => controller.close()))
      daemon.close()
    },
  }
}

/** On each Schedule, once: it is kept, and that is all. */
function sayNothingComes(events: ChaosEventSink): (change: Change<Fault>) => void {
  const record = events.recorder('schedule', schedules)
  return ({ before, after }) => {
    if (before !== undefined || after === undefined) return
    const why = 'not simulated: a Schedule is kept, and no faults are made from it'
    record(after, notSimulated(after.metadata.name, why))
  }
}
