import type { Clock } from '../../clock.ts'

/**
 * How long something has been going on, in simulated ms. Timestamps on objects cannot tell: they are whole seconds of wall
 * time, and one of those is minutes at the rate of most clocks.
 */
export interface Stopwatches {
  /** Since the first question about `what`. */
  since(uid: string, what: 'phase' | 'execution'): number
  /** The next question about it is a first one again. */
  reset(uid: string, what: 'phase' | 'execution'): void
  forget(uid: string): void
}

export function createStopwatches(clock: Clock): Stopwatches {
  const started = new Map<string, number>()
  const nowMs = (): number => clock.wall.now() * clock.rate
  return {
    since(uid, what) {
      const key = `${uid}/${what}`
      const now = nowMs()
      const from = started.get(key)
      if (from === undefined) started.set(key, now)
      return now - (from ?? now)
    },
    reset: (uid, what) => void started.delete(`${uid}/${what}`),
    forget(uid) {
      started.delete(`${uid}/phase`)
      started.delete(`${uid}/execution`)
    },
  }
}
