import { cancellation, throwIfCancelled } from '../../probe/http.ts'

/** One deadline over the several waits of an operation. */
export interface Deadline {
  readonly timeoutMs: number
  /** Aborts when the caller does, not when the time is over. */
  readonly signal: AbortSignal | undefined
  /** What is left, ms; never below 1, so that a last look is always taken. */
  left(): number
  /** Waits; ends early, with RUN_CANCELLED, when the caller aborts. */
  pause(ms: number): Promise<void>
}

export function createDeadline(timeoutMs: number, signal?: AbortSignal): Deadline {
  const by = performance.now() + timeoutMs
  const left = (): number => Math.max(1, by - performance.now())
  return {
    timeoutMs,
    signal,
    left,
    pause: (ms) => pause(Math.min(ms, left()), signal),
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  throwIfCancelled(signal)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(cancellation(signal))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
