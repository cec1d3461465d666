import type { ReachableCluster } from '../../client/context.ts'
import type { Place } from '../../contract/kinds.ts'
import type { Problem } from '../../contract/problem.ts'
import { stepExitCodes, type ExitReason } from '../../contract/scenario.ts'
import { pause, realTime, type Time } from '../../contract/time.ts'
import { cancelledError, usageError } from '../../errors/sei-error.ts'
import { timeOf } from '../../probe/cluster-time.ts'
import { throwIfCancelled } from '../../probe/http.ts'
import { exitReasonOf } from './exit-reason.ts'
import { loadIdentity, readPlace, type WorkflowIdentity } from './identity.ts'
import { workflowVars, type WorkflowVars } from './vars.ts'

/** What a step works with. */
export interface StepContext {
  readonly cluster: ReachableCluster
  readonly identity: WorkflowIdentity
  readonly vars: WorkflowVars
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborts on SIGTERM. */
  readonly signal: AbortSignal
  /** The cluster's: what the step's deadlines are measured by. */
  readonly time: Time
  /** A time limit in ms of that clock: on a simulated cluster all of a scenario's times are its own. */
  budgetMs(ms: number): number
  say(line: string): void
  warn(line: string): void
}

/** Where a step stands, and the way to its cluster. */
export interface StepFrame extends Pick<StepContext, 'env' | 'signal' | 'say' | 'warn'> {
  connect(place: Place): Promise<ReachableCluster & { close(): Promise<void> }>
}

/** How a step ended: what it writes as EXIT_REASON, and the exit code that says the same. */
export interface StepEnd {
  readonly reason: ExitReason
  readonly exitCode: 0 | 1 | 2
  readonly error?: unknown
}

/** How long the last write and the end of the connection may take: whoever sent SIGTERM will not wait for ever. */
const farewellMs = 5_000

/**
 * Runs one step of a Workflow: finds out whose it is, does `body`, and writes EXIT_REASON however that ended, also when a
 * signal stops it. Never rejects.
 */
export async function runStep(
  frame: StepFrame,
  body: (step: StepContext) => Promise<void>,
): Promise<StepEnd> {
  const opening = new Opening(frame)
  let error: unknown
  try {
    const step = await opening.open()
    throwIfCancelled(frame.signal)
    await orAborted(body(step), frame.signal)
  } catch (thrown) {
    error = thrown ?? new Error('nothing was thrown')
  }
  return end(opening, error)
}

/** The end of a step whose arguments are wrong: nothing is done but to write EXIT_REASON, where that is possible. */
export async function refuseStep(frame: StepFrame, problems: readonly Problem[]): Promise<StepEnd> {
  const opening = new Opening(frame)
  await orAborted(opening.open(), frame.signal).catch(() => undefined)
  return end(opening, usageError(problems))
}

/** What there is of a step so far: also half of it can tell how it ended. */
class Opening {
  readonly frame: StepFrame
  vars: WorkflowVars | undefined
  close: () => Promise<void> = async () => {}

  constructor(frame: StepFrame) {
    this.frame = frame
  }

  async open(): Promise<StepContext> {
    const { env, signal, say, warn, connect } = this.frame
    const place = readPlace(env)
    const cluster = await connect(place)
    this.close = () => cluster.close()
    this.vars = workflowVars(cluster.kube, place, undefined)
    const identity = await loadIdentity(cluster.kube, place, env)
    const vars = workflowVars(cluster.kube, place, identity)
    this.vars = vars
    const { simulated, rate = 1 } = cluster
    const budgetMs = (ms: number): number => (simulated ? Math.max(1, ms / rate) : ms)
    return { cluster, identity, vars, env, signal, say, warn, budgetMs, time: timeOf(cluster.clockUrl) }
  }
}

async function end({ frame, vars, close }: Opening, error: unknown): Promise<StepEnd> {
  const reason = exitReasonOf(error)
  const leave = async (): Promise<void> => {
    await vars?.setExitReason(reason).catch((failure: unknown) => {
      // How the step ended is decided; that it could not be written down must not hide it.
      frame.warn(`EXIT_REASON could not be written: ${String(failure)}`)
    })
    await close()
  }
  await Promise.race([
    leave().catch(() => undefined),
    pause(realTime, farewellMs, undefined, { passive: true }),
  ])
  return { reason, exitCode: stepExitCodes[reason], ...(error === undefined ? {} : { error }) }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void =>
      reject(signal.reason instanceof Error ? signal.reason : cancelledError('stopped', signal.reason))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
