import { isCancelled, isSeiError } from '../errors/guards.ts'
import { timeoutError } from '../errors/sei-error.ts'
import { createBackoff, pause } from './backoff.ts'
import type { ProbeOptions } from './seid-rpc.ts'

export interface HeightWait {
  /** What is waited for, in the error's words: `node a to reach height 7`. */
  readonly goal: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Told to give up after `timeoutMs`; a failed read is tried again. */
  read(options: ProbeOptions): Promise<number>
  /** Whether the height seen is enough. */
  reached(height: number): boolean
}

/** Polls a height until it is reached and resolves to it. Throws WAIT_TIMEOUT naming the last thing seen. */
export async function waitForHeight(wait: HeightWait): Promise<number> {
  const deadline = performance.now() + wait.timeoutMs
  const backoff = createBackoff()
  let last: string | undefined
  for (let now = performance.now(); last === undefined || now < deadline;) {
    try {
      const height = await wait.read({ signal: wait.signal, timeoutMs: Math.max(1, deadline - now) })
      if (wait.reached(height)) return height
      last = `height ${height}`
    } catch (error) {
      if (isCancelled(error)) throw error
      if (!isSeiError(error) || error.class === 'usage') throw error
      // Cut short by our own deadline: the value seen before says more.
      if (last === undefined || performance.now() < deadline) last = error.message
    }
    const roundTripMs = performance.now() - now
    await pause(Math.max(0, Math.min(deadline - performance.now(), backoff.next(roundTripMs))), wait.signal)
    now = performance.now()
  }
  throw timeoutError(`waited ${wait.timeoutMs} ms for ${wait.goal}; last seen: ${last}`, {
    code: 'WAIT_TIMEOUT',
    details: { timeoutMs: wait.timeoutMs, goal: wait.goal, last },
  })
}
