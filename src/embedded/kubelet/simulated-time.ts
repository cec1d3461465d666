import type { Clock } from '../clock.ts'

/** Simulated milliseconds since the process began: what back-offs and probe periods are counted in. */
export function simulatedNowMs(clock: Clock): number {
  return clock.wall.now() * clock.rate
}

/** The first moment at or after `nowMs` of a series that begins at `firstMs` and repeats every `periodMs`. */
export function nextTickMs(nowMs: number, firstMs: number, periodMs: number): number {
  if (nowMs <= firstMs) return firstMs
  return firstMs + Math.ceil((nowMs - firstMs) / periodMs) * periodMs
}
