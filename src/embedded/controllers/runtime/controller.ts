import type { ObjectRef } from '../../../contract/kinds.ts'
import type { Clock } from '../../clock.ts'
import { whileHeld } from '../../wall.ts'
import { isConflict, isNamespaceTerminating } from '../../../kube/errors.ts'
import { keyOf, refOfKey } from './keys.ts'
import { createWorkQueue } from './work-queue.ts'
import { errorText } from '../../../errors/error-text.ts'

/** What a reconcile asks for: another one after `requeueAfterMs` of simulated time, or nothing but the next event. */
export interface Result {
  readonly requeueAfterMs?: number | undefined
  /** Another one after a wait that grows each time, as after a throw, but nothing is logged. */
  readonly backOff?: boolean | undefined
}

export interface ControllerOptions {
  readonly name: string
  readonly clock: Clock
  /** Keys worked on at once. */
  readonly concurrency: number
  /** Brings one object closer to what it should be. A throw counts as a failure and is tried again after a back-off. */
  readonly reconcile: (ref: ObjectRef) => Promise<Result>
  readonly log: (line: string) => void
}

export interface Controller {
  enqueue(ref: ObjectRef): void
  enqueueAfter(ref: ObjectRef, ms: number): void
  close(): Promise<void>
}

export function createController(options: ControllerOptions): Controller {
  const queue = createWorkQueue(options.clock, options.concurrency, (key) =>
    whileHeld(options.clock.wall, () => work(key)),
  )
  let closed = false

  async function work(key: string): Promise<void> {
    try {
      const result = await options.reconcile(refOfKey(key))
      if (result.backOff === true) {
        queue.addRateLimited(key)
        return
      }
      queue.forget(key)
      if (result.requeueAfterMs !== undefined) queue.addAfter(key, result.requeueAfterMs)
    } catch (error) {
      if (closed) return
      // A conflict only says that our copy was old; the next try reads a newer one. A namespace that is going takes what is
      // reconciled with it.
      if (!isConflict(error) && !isNamespaceTerminating(error))
        options.log(`${options.name} ${key}: ${errorText(error)}`)
      queue.addRateLimited(key)
    }
  }

  return {
    enqueue: (ref) => queue.add(keyOf(ref)),
    enqueueAfter: (ref, ms) => queue.addAfter(keyOf(ref), ms),
    close() {
      closed = true
      return queue.close()
    },
  }
}
