import type {
  Fault,
  FaultPhase,
  FaultRecord,
  FaultStatus,
} from '../../../../contract/crds/chaos-mesh/faults.ts'
import type { ResourceType } from '../../../../contract/kinds.ts'
import type { Pod } from '../../../../contract/objects.ts'
import type { KubeClient } from '../../../../kube/types.ts'
import type { Daemon } from './daemon.ts'

/** What an effect works with. */
export interface EffectContext {
  readonly kube: KubeClient
  readonly daemon: Daemon
}

/** One target of a fault. */
export interface Target {
  readonly fault: Fault
  readonly record: FaultRecord
  /** All of the fault's. */
  readonly records: readonly FaultRecord[]
  /** `status.instances`, which an effect may change. */
  readonly instances: Record<string, unknown>
}

/** Where a target is after a step. */
export interface Step {
  readonly phase: FaultPhase
  /** Said in the record's event: what this cluster does not do. */
  readonly note?: string | undefined
}

/** What faults of one kind do to their targets. A throw leaves the target where it was, and is tried again. */
export interface Effect {
  apply(context: EffectContext, target: Target): Promise<Step>
  recover(context: EffectContext, target: Target): Promise<Step>
}

/** How one kind of fault is selected and carried out. */
export interface FaultKind {
  readonly type: ResourceType
  /** Its records are of containers: named ones, or the first of each pod. */
  ofContainers(fault: Fault): boolean
  /** It cannot be taken back: it is wanted for ever, whatever its duration says. */
  isOneShot(fault: Fault): boolean
  effectOf(fault: Fault): Effect
}

export const injected: Step = { phase: 'Injected' }
export const notInjected: Step = { phase: 'Not Injected' }

/** Place and container of a record. */
export function placeOf({ id }: FaultRecord): {
  readonly namespace: string
  readonly name: string
  readonly container: string
} {
  const [namespace = '', name = '', container = ''] = id.split('/')
  return { namespace, name, container }
}

export function recordsOf({ status }: Fault): readonly FaultRecord[] | undefined {
  return status?.experiment.containerRecords
}

/** The status to write to; a fault that was never looked at has none. */
export function statusOf(fault: Fault): FaultStatus {
  fault.status ??= { experiment: {} }
  return fault.status
}

export function idOf({ metadata: { namespace = '', name } }: Pod): string {
  return `${namespace}/${name}`
}
