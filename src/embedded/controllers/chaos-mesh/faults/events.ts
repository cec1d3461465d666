import type { ChaosEvent } from '../events.ts'

function event(
  name: string,
  reason: string,
  message: string,
  fields?: Readonly<Record<string, string>>,
): ChaosEvent {
  return { name, type: 'Normal', reason, message, ...(fields === undefined ? {} : { fields }) }
}

export const started: ChaosEvent = event('started', 'Started', 'Experiment has started')
export const paused: ChaosEvent = event('paused', 'Paused', 'Experiment has been paused')
export const timeUp: ChaosEvent = event('time-up', 'TimeUp', 'Time up according to the duration')
export const deleted: ChaosEvent = event('deleted', 'Deleted', 'Experiment has been deleted')
export const finalizerInited: ChaosEvent = event(
  'finalizer-inited',
  'FinalizerInited',
  'Finalizer has been inited',
)
/** The real one gives the same reason when it takes the finalizer away. */
export const finalizerRemoved: ChaosEvent = event(
  'finalizer-removed',
  'FinalizerInited',
  'Finalizer has been removed',
)

export const applied = (id: string): ChaosEvent =>
  event('applied', 'Applied', `Successfully apply chaos for ${id}`, { id })
export const recovered = (id: string): ChaosEvent =>
  event('recovered', 'Recovered', `Successfully recover chaos for ${id}`, { id })
export const updated = (field: string): ChaosEvent =>
  event('updated', 'Updated', `Successfully update ${field} of resource`, { field })

export function failed(activity: string, err: string): ChaosEvent {
  return {
    ...event('failed', 'Failed', `Failed to ${activity}: ${err}`, { activity, err }),
    type: 'Warning',
  }
}

/** Of this cluster alone: the fault says Injected, and yet nothing is different. */
export function notSimulated(id: string, why: string): ChaosEvent {
  return { ...event('not-simulated', 'NotSimulated', `${id}: ${why}`, { id }), type: 'Warning' }
}
