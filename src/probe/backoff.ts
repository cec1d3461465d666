import { defaults } from '../contract/defaults.ts'
import { realTime, type Time } from '../contract/time.ts'
import { cancellation } from './http.ts'

/** Delays between probes of one listener: from 25 ms up to max(80 ms, 20 × round trip), half as much again each time. */
export interface Backoff {
  /** The next delay, ms. `roundTripMs` of the last probe bounds it. */
  next(roundTripMs?: number): number
  /** Back to the shortest: something moved, and the next thing is likely near. */
  reset(): void
}

export function createBackoff(
  minMs: number = defaults.probeMinMs,
  maxMs: number = defaults.probeMaxMs,
): Backoff {
  let delay = minMs
  return {
    next: (roundTripMs = 0) => {
      const now = Math.min(delay, Math.max(maxMs, 20 * roundTripMs))
      delay = Math.max(minMs, now * 1.5)
      return now
    },
    reset: () => {
      delay = minMs
    },
  }
}

/** Resolves after `ms` of `time`; rejects as soon as `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal, time: Time = realTime): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(cancellation(signal))
      return
    }
    const onAbort = (): void => {
      cancel()
      reject(cancellation(signal))
    }
    const cancel = time.after(ms, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
