/**
 * The one clock of an embedded cluster. Durations given to it are simulated milliseconds; with rate 100 a controller's
 * 5 s poll passes in 50 ms. `now()` is wall time: timestamps on objects stay comparable with the outside.
 */
export interface Clock {
  /** Simulated milliseconds per real one. */
  readonly rate: number
  now(): Date
  /** Resolves after `ms` of simulated time; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `fn` after `ms` of simulated time; returns the way to cancel. */
  after(ms: number, fn: () => void): () => void
}

/** A clock at `rate`. Its timers do not keep a process alive. */
export function createClock(rate: number): Clock {
  return {
    rate,
    now: () => new Date(),
    sleep: (ms, signal) => sleep(ms / rate, signal),
    after: (ms, fn) => {
      const timer = setTimeout(fn, ms / rate)
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}

function sleep(realMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason)
      return
    }
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, realMs)
    timer.unref()
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
