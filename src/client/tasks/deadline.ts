import type { WaitOptions } from '../../contract/handles.ts'
import { realTime, type Time } from '../../contract/time.ts'
import { pause } from '../../probe/backoff.ts'

/** One deadline over the several waits of an operation. */
export interface Deadline {
  readonly timeoutMs: number
  /** Aborts when the caller does, not when the time is over. */
  readonly signal: AbortSignal | undefined
  /** The cluster's: what the deadline is measured by. */
  readonly time: Time
  /** What is left, ms; never below 1, so that a last look is always taken. */
  left(): number
  /** Waits; ends early, with RUN_CANCELLED, when the caller aborts. */
  pause(ms: number): Promise<void>
}

export function createDeadline(timeoutMs: number, signal?: AbortSignal, time: Time = realTime): Deadline {
  const by = time.now() + timeoutMs
  const left = (): number => Math.max(1, by - time.now())
  return {
    timeoutMs,
    signal,
    time,
    left,
    pause: (ms) => pause(Math.min(ms, left()), signal, time),
  }
}

/** What is left of the deadline, for a wait that is one of several. */
export function waitOptions({ left, signal }: Deadline): WaitOptions & { timeoutMs: number } {
  return { timeoutMs: left(), ...(signal === undefined ? {} : { signal }) }
}
