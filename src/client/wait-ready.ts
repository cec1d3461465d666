import type { GateTrace } from '../contract/gates.ts'
import type { WaitOptions } from '../contract/handles.ts'
import type { GateBudget, GateTarget } from '../probe/gate-types.ts'
import { waitReadiness } from '../probe/readiness.ts'
import type { ClientContext } from './context.ts'

/** Passes the gates of `targets` in parallel, reporting progress in the network's name. */
export function waitNodes(
  context: ClientContext,
  network: string,
  targets: readonly GateTarget[],
  options: WaitOptions = {},
): Promise<GateTrace[]> {
  return waitReadiness(targets, {
    budget: budgetOf(context, options),
    signal: options.signal,
    onProgress: (progress) => context.onProgress(network, progress),
  })
}

function budgetOf({ budget }: ClientContext, { timeoutMs }: WaitOptions): GateBudget {
  const { phaseMs, gateMs } = budget
  return { phaseMs, gateMs, ...(timeoutMs === undefined ? {} : { totalMs: timeoutMs }) }
}
