import { realTime, type Time } from '../contract/time.ts'
import { isCancelled, isSeiError } from '../errors/guards.ts'
import { timeoutError } from '../errors/sei-error.ts'
import { createBackoff, pause } from './backoff.ts'
import type { ProbeOptions } from './seid-rpc.ts'

export interface HeightWait {
  /** What is waited for, in the error's words: `node a to reach height 7`. */
  readonly goal: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Of the cluster. @default the wall clock's */
  readonly time?: Time | undefined
  /** Told to give up after `timeoutMs`; a failed read is tried again. */
  read(options: ProbeOptions): Promise<number>
  /** Blocks that are missing at the height seen; none, or fewer, is enough. */
  left(height: number): number
}

/** Polls a height until it is reached and resolves to it. Throws WAIT_TIMEOUT naming the last thing seen. */
export async function waitForHeight(wait: HeightWait): Promise<number> {
  const { time = realTime, signal } = wait
  const deadline = time.now() + wait.timeoutMs
  const backoff = createBackoff()
  const forecast = createForecast(time)
  let last: string | undefined
  for (let now = time.now(); last === undefined || now < deadline;) {
    const began = realTime.now()
    let soonestMs = 0
    try {
      const height = await wait.read({ signal, timeoutMs: Math.max(1, deadline - now) })
      const left = wait.left(height)
      if (left <= 0) return height
      soonestMs = forecast(height, left)
      last = `height ${height}`
    } catch (error) {
      if (isCancelled(error)) throw error
      if (!isSeiError(error) || error.class === 'usage') throw error
      // Cut short by our own deadline: the value seen before says more.
      if (last === undefined || time.now() < deadline) last = error.message
    }
    const nextMs = Math.max(soonestMs, backoff.next(realTime.now() - began))
    await pause(Math.max(0, Math.min(deadline - time.now(), nextMs)), signal, time)
    now = time.now()
  }
  throw timeoutError(`waited ${wait.timeoutMs} ms for ${wait.goal}; last seen: ${last}`, {
    code: 'WAIT_TIMEOUT',
    details: { timeoutMs: wait.timeoutMs, goal: wait.goal, last },
  })
}

/**
 * Half of what the blocks that are left will take at the rate seen so far, ms; where time is leapt over, it is the number of
 * looks that makes a wait long. Elsewhere 0: a look costs nothing there.
 */
function createForecast(time: Time): (height: number, left: number) => number {
  if (time.clockUrl === undefined) return () => 0
  let first: { readonly height: number; readonly at: number } | undefined
  return (height, left) => {
    first ??= { height, at: time.now() }
    const blocks = height - first.height
    return blocks === 0 ? 0 : ((time.now() - first.at) / blocks) * (left / 2)
  }
}
