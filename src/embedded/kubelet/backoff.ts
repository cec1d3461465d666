/** Back-off of one container's restarts, in simulated milliseconds. */
export interface RestartBackOff {
  /** How long to wait, counted from the exit, before the container may start again; counts as a restart. */
  afterExit(exitedAtMs: number): number
}

const initialMs = 10_000
const maxMs = 300_000

/**
 * The kubelet's rule: the first restart is immediate, then 10 s, doubled up to 300 s; a container that stayed up for
 * twice the longest wait begins anew. (Measured gaps after an upgrade halt: 2, 20, 32, 44, 86 s.)
 */
export function createBackOff(): RestartBackOff {
  let delayMs = 0
  let lastUpdateMs = -Infinity
  return {
    afterExit(exitedAtMs) {
      const expired = exitedAtMs - lastUpdateMs > 2 * maxMs
      const waitMs = expired ? 0 : delayMs
      delayMs = waitMs === 0 ? initialMs : Math.min(waitMs * 2, maxMs)
      lastUpdateMs = exitedAtMs + waitMs
      return waitMs
    },
  }
}

/** Back-off of image pulls: 10 s, doubled up to 300 s. */
export function pullDelayMs(failures: number): number {
  return Math.min(initialMs * 2 ** Math.max(failures - 1, 0), maxMs)
}
