import { pause } from '../../contract/time.ts'
import { isCancelled } from '../../errors/guards.ts'
import { errorText } from '../../errors/error-text.ts'
import { timeoutError } from '../../errors/sei-error.ts'
import { throwIfCancelled } from '../../probe/http.ts'
import type { StepContext } from './step.ts'

export interface Retries {
  /** What is waited for, in words. */
  readonly goal: string
  readonly timeoutMs: number
  /** Between two attempts; shorter on a cluster whose clock is faster. */
  readonly everyMs: number
}

/**
 * The first value that `attempt` comes to. What it throws, but for `fatal` and a cancellation, counts as not yet: a node that
 * was Ready a second ago may still refuse. Throws WAIT_TIMEOUT, with the last reason, when the time is over.
 */
export async function retryUntil<T>(
  step: Pick<StepContext, 'budgetMs' | 'time' | 'signal'>,
  { goal, timeoutMs, everyMs }: Retries,
  attempt: () => Promise<T | undefined>,
  fatal: (error: unknown) => boolean = () => false,
): Promise<T> {
  const { budgetMs, time, signal } = step
  const until = time.now() + budgetMs(timeoutMs)
  let last = 'not yet'
  for (;;) {
    try {
      const value = await attempt()
      if (value !== undefined) return value
    } catch (error) {
      if (isCancelled(error) || fatal(error)) throw error
      last = errorText(error)
    }
    if (time.now() >= until)
      throw timeoutError(`${goal}: gave up after ${timeoutMs / 1_000} s: ${last}`, { code: 'WAIT_TIMEOUT' })
    await pause(time, Math.max(20, budgetMs(everyMs)), signal)
    throwIfCancelled(signal)
  }
}
