import type { Fault } from '../../../../contract/crds/chaos-mesh/faults.ts'
import { parseGoDuration } from '../../../../contract/go-duration.ts'
import type { Clock } from '../../../clock.ts'

/** By uid, the simulated ms at which faults were created. */
export type Births = Map<string, number>

/**
 * Simulated ms that are left of a fault's duration, which counts from its creation; `undefined` where it has none, or one that
 * cannot be read. It passes on the cluster's clock: its rate is not that of the timestamps.
 */
export function durationLeftMs(clock: Clock, births: Births, { metadata, spec }: Fault): number | undefined {
  const durationMs = parseGoDuration(spec.duration ?? '')
  if (durationMs === undefined) return undefined
  const { uid = '', creationTimestamp = '' } = metadata
  const nowMs = clock.wall.now() * clock.rate
  const agoMs = Math.max(0, clock.now().getTime() - Date.parse(creationTimestamp))
  // Timestamps are cut to whole seconds, which at a high rate is more than a whole duration.
  const born = births.get(uid) ?? nowMs - (agoMs < 1_000 ? 0 : agoMs)
  births.set(uid, born)
  return durationMs - (nowMs - born)
}
