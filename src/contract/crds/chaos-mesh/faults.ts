import type { KubeObject } from '../../objects.ts'

/** Which pods; all parts that are given must hold. */
export interface PodSelectorSpec {
  /** @default that of the fault */
  namespaces?: string[]
  labelSelectors?: Record<string, string>
  expressionSelectors?: LabelRequirement[]
  annotationSelectors?: Record<string, string>
  fieldSelectors?: Record<string, string>
  nodeSelectors?: Record<string, string>
  nodes?: string[]
  podPhaseSelectors?: string[]
  /** Names by namespace: where it is given, nothing else counts. */
  pods?: Record<string, string[]>
}

export interface LabelRequirement {
  key: string
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  values?: string[]
}

export type SelectorMode = 'all' | 'fixed' | 'fixed-percent' | 'one' | 'random-max-percent'

export interface PodSelector {
  selector: PodSelectorSpec
  mode: SelectorMode
  /** How many, or how many percent. */
  value?: string
}

export interface FaultSpec extends PodSelector {
  /** Go duration, counted from the object's creation; left out it lasts until the object is deleted. */
  duration?: string
  containerNames?: string[]
  /** Its controllers are elsewhere. */
  remoteCluster?: string
}

export interface PodChaosSpec extends FaultSpec {
  action: 'container-kill' | 'pod-failure' | 'pod-kill'
  /** Seconds that a killed pod has to end. @default 0 */
  gracePeriod?: number
}

export type NetworkAction = 'bandwidth' | 'corrupt' | 'delay' | 'duplicate' | 'loss' | 'netem' | 'partition'

export interface NetworkChaosSpec extends FaultSpec {
  action: NetworkAction
  direction?: 'both' | 'from' | 'to'
  target?: PodSelector
  externalTargets?: string[]
  loss?: { loss: string; correlation?: string }
}

export type FaultPhase = 'Injected' | 'Injected/Wait' | 'Not Injected' | 'Not Injected/Wait'

export interface FaultRecordEvent {
  type: 'Failed' | 'Succeeded'
  operation: 'Apply' | 'Recover'
  message?: string
  timestamp: string
}

/** One target: a pod, or one container of it. */
export interface FaultRecord {
  /** `<namespace>/<pod>`, and `/<container>` where that is what is hit. */
  id: string
  /** `.`, and `.Target` for the other end of a network fault. */
  selectorKey: string
  phase: FaultPhase
  injectedCount: number
  recoveredCount: number
  events?: FaultRecordEvent[]
}

/** Neither times nor messages, and in no order. */
export interface FaultCondition {
  type: 'AllInjected' | 'AllRecovered' | 'Paused' | 'Selected'
  status: 'False' | 'True'
  reason?: string
}

export interface FaultStatus {
  conditions?: FaultCondition[]
  experiment: {
    desiredPhase?: 'Run' | 'Stop'
    containerRecords?: FaultRecord[]
  }
  instances?: Record<string, unknown>
}

/** A PodChaos, NetworkChaos, StressChaos or TimeChaos. Its status is written with the object: there is no subresource. */
export interface Fault extends KubeObject {
  spec: FaultSpec
  status?: FaultStatus
}

export interface PodChaos extends Fault {
  spec: PodChaosSpec
}

export interface NetworkChaos extends Fault {
  spec: NetworkChaosSpec
}
