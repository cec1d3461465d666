import { createClient, type KubeSeiClient } from '../../client/client.ts'
import type { StuckGate } from '../../contract/gates.ts'
import { hasCode } from '../../errors/guards.ts'
import { SeiError, timeoutError } from '../../errors/sei-error.ts'
import { errorText } from '../../errors/error-text.ts'
import type { GateProgress } from '../../probe/trace.ts'
import { GateLedger } from './gate-ledger.ts'
import type { StepContext } from './step.ts'

/** Time limits of a provisioning step, ms of the scenario's clock. */
export interface ReadinessLimits {
  /** Until the phase is reached. */
  readonly phaseMs: number
  /** For each gate after it. */
  readonly gateMs: number
  /** For everything together: the step must speak before its Task's deadline does. */
  readonly totalMs: number
}

/**
 * Does `wait` with a client whose gates have these limits, and a signal that aborts when all of them together are over; leaves
 * what the gates saw, however that ended: the client's own, and those whose progress `wait` passes on. Throws what the gates
 * throw: `failed` where the node itself failed, `timeout` at a limit, `infra` where the cluster would not
 * run it.
 */
export async function withReadiness<T>(
  step: StepContext,
  limits: ReadinessLimits,
  wait: (
    client: KubeSeiClient,
    signal: AbortSignal,
    onProgress: (progress: GateProgress) => void,
  ) => Promise<T>,
): Promise<T> {
  const { cluster, signal, time } = step
  const phaseMs = step.budgetMs(limits.phaseMs)
  const totalMs = step.budgetMs(limits.totalMs)
  const readiness = { phaseMs, gateMs: step.budgetMs(limits.gateMs) }
  const ledger = new GateLedger(readiness)
  const onProgress = (progress: GateProgress): void => ledger.observe(progress)
  const client = createClient(cluster, {
    readiness,
    onProgress: (_, progress) => onProgress(progress),
  })
  const over = new AbortController()
  const cancel = time.after(totalMs, () =>
    over.abort(timeoutError(`not ready after ${totalMs} ms in all`, { code: 'READINESS_TIMEOUT' })),
  )
  try {
    return await wait(client, AbortSignal.any([signal, over.signal]), onProgress)
  } catch (error) {
    throw infraIfNotRun(error)
  } finally {
    cancel()
    client.close()
    await leaveGates(step, ledger)
  }
}

/** For the report only: that it could not be left changes nothing of how the step ends. */
async function leaveGates({ vars, warn, signal }: StepContext, ledger: GateLedger): Promise<void> {
  const left = ledger.left()
  if (left.gates.length === 0) return
  await vars.leaveGates(left).catch((error: unknown) => {
    if (!signal.aborted) warn(`what the gates saw could not be left for the report: ${errorText(error)}`)
  })
}

/** Causes that are the node's own: its plan failed, or seid itself ended. */
const own = /\bis Failed\b|ceremony .* failed|crashed|exited with code/

/** A node that never came to run, for want of an image or a machine, says nothing of what is tested. */
function infraIfNotRun(error: unknown): unknown {
  if (!hasCode(error, 'READINESS_FAILED')) return error
  const [first] = (error.details?.['stuck'] ?? []) as readonly StuckGate[]
  if (first === undefined || first.gate !== 'phase' || own.test(first.cause)) return error
  return new SeiError(errorText(error), {
    class: 'infra',
    code: 'READINESS_FAILED',
    details: error.details,
    cause: error,
  })
}
