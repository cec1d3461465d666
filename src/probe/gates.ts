import type { NodeEndpoints } from '../contract/endpoints.ts'
import { ConsensusGate } from './consensus-gate.ts'
import { readEvmBlockNumber } from './evm.ts'
import { GateRun } from './gate-run.ts'
import type { GateBudget, GateTarget, PhaseWatch } from './gate-types.ts'
import { cancellation } from './http.ts'
import { nodeInfoPath, restGet } from './rest.ts'
import type { ProbeOptions } from './seid-rpc.ts'
import type { TraceRecorder } from './trace.ts'

/**
 * The consensus-honest gate of one node: phase, RPC, height > 1 and caught up, height rises, EVM, REST, each recorded
 * in `trace`. Throws GateStop on a time-out or when the node cannot get ready any more, RUN_CANCELLED on `signal`.
 */
export async function passNodeGates(
  target: GateTarget,
  trace: TraceRecorder,
  budget: GateBudget,
  signal: AbortSignal,
): Promise<void> {
  const scope = new AbortController()
  const onAbort = (): void => scope.abort(cancellation(signal))
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  const run = new GateRun(target, trace, budget, scope.signal)
  try {
    const outcomes = [passAll(run)]
    if (target.phase !== undefined) outcomes.push(stopWhenTerminal(run, target.phase))
    await Promise.race(outcomes)
  } finally {
    signal.removeEventListener('abort', onAbort)
    scope.abort(new Error('the gates have ended'))
  }
}

async function passAll(run: GateRun): Promise<void> {
  await passPhase(run)
  const endpoints = await run.within(run.target.endpoints(run.signal))
  const consensus = new ConsensusGate(run, endpoints.tendermintRpc)
  run.enter('rpc')
  do {
    await consensus.pass()
    await passListeners(run, endpoints)
  } while (!(await consensus.stillPassed()))
}

/** Never resolves: rejects once the node cannot get ready any more. */
async function stopWhenTerminal(run: GateRun, phase: PhaseWatch): Promise<never> {
  const why = await phase.terminal(run.signal)
  throw run.stop('failed', why)
}

async function passPhase(run: GateRun): Promise<void> {
  const { phase } = run.target
  if (phase === undefined) {
    run.trace.skip('phase')
    return
  }
  const observe = (value: string): void => run.trace.observe('phase', value)
  run.trace.pass('phase', await run.within(phase.waitRunning(run.signal, observe)))
}

/** EVM and REST are listeners of their own that bind after RPC; each is asked what the Go SDK asks. */
async function passListeners(run: GateRun, endpoints: NodeEndpoints): Promise<void> {
  const { evmJsonRpc, tendermintRest } = endpoints
  await passListener(run, 'evm', evmJsonRpc, async (url, options) => {
    return `block ${await readEvmBlockNumber(url, options)}`
  })
  await passListener(run, 'rest', tendermintRest, async (url, options) => {
    await restGet(url, nodeInfoPath, options)
    return 'node_info answers'
  })
}

async function passListener(
  run: GateRun,
  gate: 'evm' | 'rest',
  url: string | undefined,
  probe: (url: string, options: ProbeOptions) => Promise<string>,
): Promise<void> {
  if (url === undefined) {
    run.trace.skip(gate)
    return
  }
  run.enter(gate)
  for (;;) {
    const value = await run.attempt((options) => probe(url, options))
    if (value !== undefined) {
      run.trace.pass(gate, value)
      return
    }
    await run.pause()
  }
}
