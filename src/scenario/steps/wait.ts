import { pause } from '../../contract/time.ts'
import { throwIfCancelled } from '../../probe/http.ts'
import type { StepContext } from './step.ts'

export interface WaitOptions {
  readonly forMs: number
}

/** Lets time pass, of the cluster's clock: for what cannot be observed, as the halt of all validators at once. */
export async function runWait(
  { budgetMs, time, signal, say }: StepContext,
  { forMs }: WaitOptions,
): Promise<void> {
  const ms = budgetMs(forMs)
  say(`waits ${ms / 1_000} s`)
  await pause(time, ms, signal)
  throwIfCancelled(signal)
}
