import type { Clock } from '../../clock.ts'
import { createTimers } from './timers.ts'

export interface WorkQueue {
  /** Queues `key`; one already queued is not queued twice, one being worked on runs again when it is done. */
  add(key: string): void
  /** Like `add` after `ms` of simulated time. A key has one timer: the earlier wish wins. */
  addAfter(key: string, ms: number): void
  /** Like `add` after a wait that doubles with each failure of this key: 5 ms to 1000 s of simulated time. */
  addRateLimited(key: string): void
  /** Forgets the failures of `key`. */
  forget(key: string): void
  /** Starts nothing more and resolves when what runs has ended. */
  close(): Promise<void>
}

const firstBackOffMs = 5
const longestBackOffMs = 1_000_000

/**
 * The work queue of a controller: a key is worked on once at a time, at most `concurrency` keys at once. `work` must not
 * throw.
 */
export function createWorkQueue(
  clock: Clock,
  concurrency: number,
  work: (key: string) => Promise<void>,
): WorkQueue {
  const ready = new Set<string>()
  const running = new Map<string, Promise<void>>()
  const again = new Set<string>()
  const failures = new Map<string, number>()
  let closed = false

  const start = (key: string): void => {
    ready.delete(key)
    const done = work(key).finally(() => {
      running.delete(key)
      if (again.delete(key)) ready.add(key)
      pump()
    })
    running.set(key, done)
  }
  const pump = (): void => {
    if (closed) return
    for (const key of ready) {
      if (running.size >= concurrency) return
      start(key)
    }
  }
  const add = (key: string): void => {
    if (closed) return
    if (running.has(key)) again.add(key)
    else if (!ready.has(key)) {
      ready.add(key)
      // Not at once: what the same batch of events still adds should find the key already queued.
      queueMicrotask(pump)
    }
  }
  const timers = createTimers(clock, add)
  const addAfter = (key: string, ms: number): void => {
    if (!closed) timers.set(key, ms)
  }
  return {
    add,
    addAfter,
    addRateLimited(key) {
      const count = failures.get(key) ?? 0
      failures.set(key, count + 1)
      addAfter(key, Math.min(firstBackOffMs * 2 ** count, longestBackOffMs))
    },
    forget: (key) => void failures.delete(key),
    async close() {
      closed = true
      timers.close()
      await Promise.all(running.values())
    },
  }
}
