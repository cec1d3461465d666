import type { KubeObject } from '../contract/objects.ts'
import { realTime, type Time } from '../contract/time.ts'
import { cancelledError, SeiError, timeoutError } from '../errors/sei-error.ts'
import type { Reflector } from './reflector.ts'

export interface WaitForOptions {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  readonly description?: string
  /** What `timeoutMs` is measured by. @default the wall clock */
  readonly time?: Time | undefined
}

/** What a wait is for, in words, and the watch that it ends with. */
interface Goal {
  readonly goal: string
  readonly what: string
  readonly closed: AbortSignal
}

/** See `Watch.waitFor`. Leaves neither timer nor listener behind, however it ends. */
export function waitFor<T extends KubeObject, R>(
  reflector: Reflector<T>,
  { what, closed }: Omit<Goal, 'goal'>,
  predicate: (items: readonly T[]) => R | undefined,
  options: WaitForOptions = {},
): Promise<R> {
  const { timeoutMs, signal, time = realTime, description: goal = `a condition on ${what}` } = options
  return new Promise((resolve, reject) => {
    const leaving: (() => void)[] = []
    const finish = (act: () => void): void => {
      for (const leave of leaving) leave()
      act()
    }
    const fail = (error: unknown): void => finish(() => reject(error))
    const ask = (): boolean => {
      // Half a list has no say in what is absent.
      if (!reflector.listed()) return false
      try {
        const found = predicate(reflector.items())
        if (found !== undefined) finish(() => resolve(found))
        return found !== undefined
      } catch (error) {
        fail(error)
        return true
      }
    }
    if (signal?.aborted === true) return fail(abortedError(goal, signal))
    if (closed.aborted) return fail(closedError(goal, what))
    if (ask()) return
    leaving.push(onAbort(closed, () => fail(closedError(goal, what))))
    if (signal !== undefined) leaving.push(onAbort(signal, () => fail(abortedError(goal, signal))))
    if (timeoutMs !== undefined) {
      leaving.push(time.after(timeoutMs, () => fail(lateError(goal, timeoutMs, reflector.trouble()))))
    }
    leaving.push(reflector.follow(() => void ask()))
    reflector.ready.then(
      () => void ask(),
      (error: unknown) => fail(closed.aborted ? closedError(goal, what) : error),
    )
  })
}

function onAbort(signal: AbortSignal, act: () => void): () => void {
  signal.addEventListener('abort', act, { once: true })
  return () => signal.removeEventListener('abort', act)
}

function abortedError(goal: string, signal: AbortSignal): SeiError {
  return cancelledError(`waiting for ${goal}: cancelled`, signal.reason)
}

function closedError(goal: string, what: string): SeiError {
  return new SeiError(`waiting for ${goal}: the watch on ${what} was closed`, {
    class: 'cancelled',
    code: 'KUBE_WATCH',
  })
}

function lateError(goal: string, timeoutMs: number, trouble: unknown): SeiError {
  const why = trouble instanceof Error ? `; the watch is in trouble: ${trouble.message}` : ''
  return timeoutError(`waited ${timeoutMs} ms for ${goal}${why}`, {
    code: 'WAIT_TIMEOUT',
    details: { timeoutMs, goal },
    cause: trouble,
  })
}
