import { defaults } from '../contract/defaults.ts'
import type { GateName } from '../contract/gates.ts'
import { realTime, type Time } from '../contract/time.ts'
import { hasCode, isCancelled, isSeiError } from '../errors/guards.ts'
import { createBackoff, pause, type Backoff } from './backoff.ts'
import { GateStop, type GateBudget, type GateTarget } from './gate-types.ts'
import type { TraceRecorder } from './trace.ts'
import { errorText } from '../errors/error-text.ts'

/** Between two probes where time is leapt over, ms: there it is the number of probes that makes a wait long. */
const longestLeaptMs = 5_000

/** Where one node's gates stand: the gate, its deadline, its back-off and the trace they write to. */
export class GateRun {
  readonly target: GateTarget
  readonly trace: TraceRecorder
  readonly budget: GateBudget
  readonly signal: AbortSignal
  readonly time: Time
  readonly #startedAt: number
  readonly #backoff: Backoff
  #gate: GateName = 'phase'
  #gateStartedAt: number

  constructor(target: GateTarget, trace: TraceRecorder, budget: GateBudget, signal: AbortSignal) {
    this.target = target
    this.trace = trace
    this.budget = budget
    this.signal = signal
    this.time = target.time ?? realTime
    this.#startedAt = this.time.now()
    this.#gateStartedAt = this.#startedAt
    this.#backoff = createBackoff(undefined, this.time.clockUrl === undefined ? undefined : longestLeaptMs)
  }

  get gate(): GateName {
    return this.#gate
  }

  /** Begins `gate` with its whole budget and the shortest delay. */
  enter(gate: GateName): void {
    this.#gate = gate
    this.#gateStartedAt = this.time.now()
    this.#backoff.reset()
  }

  passTo(next: GateName, value: string): void {
    this.trace.pass(this.#gate, value)
    this.enter(next)
  }

  /** One probe; an answer that is no success is recorded at the present gate and gives `undefined`. */
  async attempt<T>(
    probe: (options: { timeoutMs: number; signal: AbortSignal }) => Promise<T>,
  ): Promise<T | undefined> {
    const timeoutMs = Math.max(1, Math.min(defaults.probeTimeoutMs, this.#remainingMs()))
    try {
      return await probe({ timeoutMs, signal: this.signal })
    } catch (error) {
      if (isCancelled(error)) throw error
      // Cut short by the gate's own deadline: that says nothing new about the node.
      const cut = timeoutMs < defaults.probeTimeoutMs && hasCode(error, 'PROBE_TIMEOUT')
      if (!cut || this.trace.current()?.lastValue === undefined)
        this.trace.observe(this.#gate, describeFailure(error))
      return undefined
    }
  }

  /** Waits for the next probe's turn; GateStop when the gate's budget is spent. */
  async pause(roundTripMs?: number): Promise<void> {
    const remaining = this.#remainingMs()
    if (remaining <= 0) throw this.stop('timeout')
    await pause(Math.min(remaining, this.#backoff.next(roundTripMs)), this.signal, this.time)
  }

  /** Bounds a wait that is no polling by what is left for the gate. */
  async within<T>(work: Promise<T>): Promise<T> {
    const timer = new AbortController()
    const deadline = pause(Math.max(0, this.#remainingMs()), timer.signal, this.time).then(() => {
      throw this.stop('timeout')
    })
    deadline.catch(() => {})
    try {
      return await Promise.race([work, deadline])
    } finally {
      timer.abort()
    }
  }

  /** The GateStop to throw; a failed gate is recorded as such. */
  stop(kind: 'timeout' | 'failed', why?: string, value?: string): GateStop {
    const gate = this.trace.current()?.gate ?? this.#gate
    if (kind === 'failed') this.trace.fail(gate, value)
    return new GateStop(kind, this.target.node, gate, why)
  }

  #remainingMs(): number {
    const { totalMs, phaseMs, gateMs } = this.budget
    if (totalMs !== undefined) return this.#startedAt + totalMs - this.time.now()
    return this.#gateStartedAt + (this.#gate === 'phase' ? phaseMs : gateMs) - this.time.now()
  }
}

function describeFailure(error: unknown): string {
  if (!isSeiError(error)) return errorText(error)
  if (error.code === 'PROBE_TIMEOUT') return 'no answer in time'
  if (error.details?.errno === 'ECONNREFUSED') return 'connection refused'
  const [line = ''] = error.message.split('\n')
  return line
}
