import type { Condition } from '../../objects.ts'

/** Fields that several Sei kinds share. */
export interface SidecarSpec {
  image?: string
  port?: number
  resources?: Record<string, unknown>
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
  id: string
  phase: 'Active' | 'Complete' | 'Failed'
  tasks: PlanTask[]
  targetPhase?: string
  failedPhase?: string
  failedTaskIndex?: number
  failedTaskDetail?: { type: string; id: string; error: string; retryCount?: number; maxRetries?: number }
}

export interface Conditioned {
  conditions?: Condition[]
}

export interface TaskTarget {
  nodeRef: { name: string }
  requirePhase?: SeiNodePhaseName
  requirePhaseTimeout?: string
}

export type SeiNodePhaseName = 'Pending' | 'Initializing' | 'Running' | 'Failed' | 'Terminating'
