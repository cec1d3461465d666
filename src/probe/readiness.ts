import type { NodeEndpoints } from '../contract/endpoints.ts'
import type { GateStep, GateTrace, StuckGate } from '../contract/gates.ts'
import { SeiError } from '../errors/sei-error.ts'
import { likelyChainCause } from './chain-cause.ts'
import { GateStop, type GateBudget, type GateTarget, type LikelyCause } from './gate-types.ts'
import { passNodeGates } from './gates.ts'
import { cancellation } from './http.ts'
import { createTrace, type GateProgress, type TraceRecorder } from './trace.ts'

export interface ReadinessOptions {
  readonly budget: GateBudget
  readonly signal?: AbortSignal | undefined
  /** Called for every gate of every node when its state or value changes. */
  readonly onProgress?: ((progress: GateProgress) => void) | undefined
}

/** How long the search for the cause of a time-out may take: the error is worth more than its last detail. */
const causeTimeoutMs = 1_000

interface Runner {
  readonly target: GateTarget
  readonly trace: TraceRecorder
  endpoints: NodeEndpoints | undefined
}

/**
 * Passes the gates of all nodes in parallel; resolves to their traces in the order of `targets`. The first node that
 * does not pass ends the wait of all. Throws READINESS_TIMEOUT or READINESS_FAILED, both with
 * `details { stuck: StuckGate[], traces: GateTrace[] }`; RUN_CANCELLED on `signal`.
 */
export async function waitReadiness(
  targets: readonly GateTarget[],
  options: ReadinessOptions,
): Promise<GateTrace[]> {
  const group = new AbortController()
  const onAbort = (): void => group.abort(cancellation(options.signal))
  if (options.signal?.aborted === true) onAbort()
  options.signal?.addEventListener('abort', onAbort, { once: true })
  const runners = targets.map((target) => createRunner(target, options))
  const runs = runners.map((runner) =>
    passNodeGates(runner.target, runner.trace, options.budget, group.signal),
  )
  try {
    await Promise.all(runs)
    return runners.map((runner) => runner.trace.snapshot())
  } catch (error) {
    group.abort(new Error('another node is not ready'))
    await Promise.allSettled(runs)
    throw error instanceof GateStop ? await readinessError(error, runners) : error
  } finally {
    options.signal?.removeEventListener('abort', onAbort)
  }
}

function createRunner(target: GateTarget, options: ReadinessOptions): Runner {
  const runner: Runner = {
    trace: createTrace(target.node, target.role, options.onProgress),
    endpoints: undefined,
    target: {
      ...target,
      endpoints: async (signal) => {
        runner.endpoints = await target.endpoints(signal)
        return runner.endpoints
      },
    },
  }
  return runner
}

async function readinessError(stop: GateStop, runners: readonly Runner[]): Promise<SeiError> {
  const failed = stop.kind === 'failed'
  // After a failure the others are not stuck: they were only cut short.
  const told = runners.filter(({ target, trace }) =>
    failed ? target.node === stop.node : trace.current() !== undefined,
  )
  const findings = await Promise.all(told.map((runner) => findStuck(runner, stop)))
  const stuck = findings.toSorted((a, b) => Number(b.own) - Number(a.own)).map((finding) => finding.stuck)
  const traces = runners.map((runner) => runner.trace.snapshot())
  return new SeiError(describeStuck(stuck, failed), {
    class: failed ? 'failed' : 'timeout',
    code: failed ? 'READINESS_FAILED' : 'READINESS_TIMEOUT',
    details: { stuck, traces },
  })
}

/** Nodes with a trouble of their own are named before those that wait for others. */
async function findStuck(runner: Runner, stop: GateStop): Promise<{ stuck: StuckGate; own: boolean }> {
  const { target, trace } = runner
  const step = trace.current() ?? { gate: stop.gate, state: 'waiting', observations: 0 }
  const known = target.node === stop.node ? stop.why : undefined
  const { cause, own } = known === undefined ? await findCause(runner, step) : { cause: known, own: true }
  const stuck = {
    node: target.node,
    gate: step.gate,
    since: step.firstObservedAt ?? trace.snapshot().startedAt,
    ...(step.lastValue === undefined ? {} : { lastValue: step.lastValue }),
    cause,
  }
  return { stuck, own }
}

async function findCause({ target, endpoints }: Runner, step: GateStep): Promise<LikelyCause> {
  return (
    target.phase?.likelyCause() ?? (await likelyChainCause(step, endpoints, { timeoutMs: causeTimeoutMs }))
  )
}

const linesShown = 6

function describeStuck(stuck: readonly StuckGate[], failed: boolean): string {
  const [first, ...others] = stuck
  if (first === undefined) return 'a node is not ready'
  const head = `${first.node} ${failed ? 'cannot get ready' : 'is not ready in time'}: ${describeGate(first)}`
  const more = others.slice(0, linesShown).map((one) => `  also ${one.node}: ${describeGate(one)}`)
  if (others.length > linesShown) more.push(`  and ${others.length - linesShown} more nodes`)
  return [head, ...more].join('\n')
}

function describeGate({ gate, since, lastValue, cause }: StuckGate): string {
  const value = lastValue === undefined ? 'nothing seen' : `last seen "${lastValue}"`
  return `gate ${gate} open since ${since}, ${value}; likely cause: ${cause}`
}
