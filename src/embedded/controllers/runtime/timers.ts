import type { Clock } from '../../clock.ts'

/** One timer for each key; of two wishes the earlier wins. */
export interface Timers {
  set(key: string, ms: number): void
  close(): void
}

/** Calls `fire` with a key after its simulated time has passed. */
export function createTimers(clock: Clock, fire: (key: string) => void): Timers {
  const timers = new Map<string, { readonly dueAt: number; readonly cancel: () => void }>()
  return {
    set(key, ms) {
      const dueAt = clock.wall.now() + ms / clock.rate
      const pending = timers.get(key)
      if (pending !== undefined && pending.dueAt <= dueAt) return
      pending?.cancel()
      const cancel = clock.after(ms, () => {
        timers.delete(key)
        fire(key)
      })
      timers.set(key, { dueAt, cancel })
    },
    close() {
      for (const timer of timers.values()) timer.cancel()
      timers.clear()
    },
  }
}
