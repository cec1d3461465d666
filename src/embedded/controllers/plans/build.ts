import { randomUUID } from 'node:crypto'

import type { Plan, PlanTask } from '../../../contract/crds/head/shared.ts'
import { maxRetriesOf } from './cadences.ts'
import { taskId } from './task-id.ts'

/** A task type with its parameters, before it has a place in a plan. */
export type Step = readonly [type: string, params: unknown]

/** Phases a plan gives its node at its end; a plan without them leaves the phase alone. */
export interface PlanPhases {
  readonly targetPhase?: 'Running'
  readonly failedPhase?: 'Failed'
}

/** A plan of these steps in this order, nothing of it done. */
export function buildPlan(steps: readonly Step[], phases: PlanPhases, id: string = randomUUID()): Plan {
  return { id, phase: 'Active', tasks: steps.map((step, index) => plannedTask(id, step, index)), ...phases }
}

function plannedTask(planId: string, [type, params]: Step, index: number): PlanTask {
  const maxRetries = maxRetriesOf(type)
  return {
    id: taskId(planId, type, index),
    ...(maxRetries === 0 ? {} : { maxRetries }),
    params,
    status: 'Pending',
    type,
  }
}
