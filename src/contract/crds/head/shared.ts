import type { Condition } from '../../objects.ts'

/** Fields that several Sei kinds share. */
export interface SidecarSpec {
  image?: string
  port?: number
  resources?: {
    claims?: { name: string; request?: string }[]
    limits?: Record<string, number | string>
    requests?: Record<string, number | string>
  }
}

export interface DataVolumeSpec {
  import?: { pvcName: string }
}

export type PlanTaskStatus = 'Pending' | 'Running' | 'Complete' | 'Failed'

export interface PlanTask {
  type: string
  id: string
  status: PlanTaskStatus
  params?: unknown
  submittedAt?: string
  error?: string
  maxRetries?: number
  retryCount?: number
}

/** What a controller is working through; tasks are strictly sequential. */
export interface Plan {
  id?: string
  phase: 'Active' | 'Complete' | 'Failed'
  tasks: PlanTask[]
  targetPhase?: SeiNodePhaseName
  failedPhase?: SeiNodePhaseName
  failedTaskIndex?: number
  failedTaskDetail?: { type: string; id: string; error: string; retryCount: number; maxRetries: number }
}

/** A condition on a Sei object: unlike a pod's, the schema refuses it without reason, message and transition time. */
export interface SeiCondition extends Condition {
  reason: string
  message: string
  lastTransitionTime: string
}

export interface Conditioned {
  conditions?: SeiCondition[]
}

export interface TaskTarget {
  nodeRef: { name: string }
  requirePhase?: SeiNodePhaseName
  requirePhaseTimeout?: string
}

export type SeiNodePhaseName = 'Pending' | 'Initializing' | 'Running' | 'Failed' | 'Terminating'
