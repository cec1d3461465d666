import { realWall, type Wall } from './wall.ts'

/**
 * The one clock of an embedded cluster. Durations given to it are simulated milliseconds; with rate 100 a controller's
 * 5 s poll passes in 50 ms. `now()` is the wall's time: timestamps on objects stay comparable with the outside, as long as
 * the wall does not leap.
 */
export interface Clock {
  /** Simulated milliseconds per one of the wall's. */
  readonly rate: number
  /** What the clock runs on. */
  readonly wall: Wall
  now(): Date
  /** Resolves after `ms` of simulated time; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `fn` after `ms` of simulated time; returns the way to cancel. */
  after(ms: number, fn: () => void): () => void
}

/** A clock at `rate`. Its timers do not keep a process alive. */
export function createClock(rate: number, wall: Wall = realWall): Clock {
  const startedAt = Date.now() - wall.now()
  return {
    rate,
    wall,
    now: () => new Date(wall === realWall ? Date.now() : startedAt + wall.now()),
    sleep: (ms, signal) => sleep(wall, ms / rate, signal),
    after: (ms, fn) => wall.after(ms / rate, fn),
  }
}

function sleep(wall: Wall, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason)
      return
    }
    const onAbort = (): void => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = wall.after(ms, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
