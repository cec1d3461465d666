/** Time as a cluster has it, in ms. Deadlines and pauses that concern a cluster are measured by it. */
export interface Time {
  /** Ms since some start; for differences only. */
  now(): number
  /** Calls `fn` after `ms`; returns the way to cancel. */
  after(ms: number, fn: () => void, how?: Waiting): () => void
  /** Door of the virtual clock behind it; left out where time cannot be advanced. */
  readonly clockUrl?: string | undefined
}

export interface Waiting {
  /** Told in time, but wants no time to pass: a clock that can be advanced does not leap for it. @default false */
  readonly passive?: boolean | undefined
}

/** The time of every cluster that has none of its own. */
export const realTime: Time = {
  now: () => performance.now(),
  after: (ms, fn, { passive = false } = {}) => {
    const timer = setTimeout(fn, ms)
    // Who only watches keeps no process alive.
    if (passive) timer.unref()
    return () => clearTimeout(timer)
  },
}

/** What the cluster's clocks show now. */
export function dateOf(time: Time): Date {
  return new Date(Date.now() + time.now() - realTime.now())
}

/** Rises with every event of a socket, file or process that this process's event loop has handled. */
export function loopInputs(): number {
  return performance.nodeTiming.uvMetricsInfo.events
}

/** Resolves after `ms`, or early once the signal aborts. */
export function pause(time: Time, ms: number, signal?: AbortSignal, how?: Waiting): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const done = (): void => {
      cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const cancel = time.after(ms, done, how)
    signal?.addEventListener('abort', done, { once: true })
  })
}
