import { afterEach, expect, test } from 'vitest'
import { startRecordedSeid, type RecordedSeid, type SeidState } from '../../test/helpers/recorded-seid.ts'
import type { NodeEndpoints } from '../contract/endpoints.ts'
import type { GateTrace, StuckGate } from '../contract/gates.ts'
import { SeiError } from '../errors/sei-error.ts'
import type { GateTarget, PhaseWatch } from './gate-types.ts'
import { waitReadiness, type ReadinessOptions } from './readiness.ts'
import type { GateProgress } from './trace.ts'

const open: RecordedSeid[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function seid(state: Partial<SeidState> = {}): Promise<RecordedSeid> {
  const started = await startRecordedSeid(state)
  open.push(started)
  return started
}

function target(endpoints: NodeEndpoints, phase?: PhaseWatch): GateTarget {
  return { node: 'net-0', role: 'validator', endpoints: async () => endpoints, phase }
}

const budget = { phaseMs: 2_000, gateMs: 2_000 }

async function failure(
  targets: GateTarget[],
  options: ReadinessOptions,
): Promise<{ error: SeiError; stuck: StuckGate[] }> {
  const error: unknown = await waitReadiness(targets, options).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof SeiError)) throw new Error(`expected a SeiError, got ${String(error)}`)
  return { error, stuck: error.details?.stuck as StuckGate[] }
}

/** A chain that makes a block with every look at it. */
function advance(node: RecordedSeid): void {
  node.beforeStatus = () => {
    node.state.height += 1
  }
}

function states(trace: GateTrace | undefined): Record<string, string> {
  return Object.fromEntries((trace?.steps ?? []).map(({ gate, state }) => [gate, state]))
}

test('default: a live node passes every gate in order; attached, the phase gate does not apply', async () => {
  const node = await seid()
  advance(node)
  const progress: GateProgress[] = []
  const [trace] = await waitReadiness([target(node.endpoints)], {
    budget,
    onProgress: (one) => progress.push(one),
  })
  expect(states(trace)).toEqual({
    phase: 'not applicable',
    rpc: 'passed',
    height: 'passed',
    advancing: 'passed',
    evm: 'passed',
    rest: 'passed',
  })
  const passed = progress.filter(({ step }) => step.state === 'passed').map(({ step }) => step.gate)
  expect([...new Set(passed)]).toEqual(['rpc', 'height', 'advancing', 'evm', 'rest'])
  expect(trace?.steps.find(({ gate }) => gate === 'height')).toMatchObject({
    firstObservedAt: expect.any(String),
    lastValue: expect.stringMatching(/^height \d+$/),
  })
  expect(trace?.endedAt).toEqual(expect.any(String))
})

test('behavior: gates of listeners the node does not serve do not apply', async () => {
  const node = await seid()
  advance(node)
  const { tendermintRpc } = node.endpoints
  const [trace] = await waitReadiness([target({ tendermintRpc })], { budget })
  expect(states(trace)).toMatchObject({ evm: 'not applicable', rest: 'not applicable' })
})

test('behavior: height 1 and catching up are waited out', async () => {
  const node = await seid({ height: 0, catchingUp: true })
  let looks = 0
  node.beforeStatus = () => {
    looks += 1
    node.state.height = looks
    node.state.catchingUp = looks < 4
  }
  const [trace] = await waitReadiness([target(node.endpoints)], { budget })
  expect(trace?.steps.find(({ gate }) => gate === 'height')).toMatchObject({
    state: 'passed',
    firstValue: expect.stringContaining('catching up'),
    lastValue: 'height 4',
  })
})

test('error: a follower with one peer times out at height, and the cause names its peers', async () => {
  const node = await seid({ height: 30, catchingUp: true, livePeers: 1 })
  const { error, stuck } = await failure([target(node.endpoints)], { budget: { ...budget, gateMs: 150 } })
  expect(error).toMatchObject({ code: 'READINESS_TIMEOUT', class: 'timeout' })
  expect(stuck).toEqual([
    expect.objectContaining({
      node: 'net-0',
      gate: 'height',
      since: expect.any(String),
      lastValue: expect.stringContaining('height 30'),
      cause: expect.stringContaining('1 live peer'),
    }),
  ])
  expect(error.message).toMatch(/net-0.*gate height.*height 30.*live peer/s)
})

test('error: a refused RPC port times out with the last value and a cause', async () => {
  const { stuck } = await failure([target({ tendermintRpc: 'http://127.0.0.1:1' })], {
    budget: { ...budget, gateMs: 100 },
  })
  expect(stuck[0]).toMatchObject({ gate: 'rpc', lastValue: 'connection refused' })
})

test('error: an EVM listener that never binds is named', async () => {
  const node = await seid()
  advance(node)
  const endpoints = { ...node.endpoints, evmJsonRpc: 'http://127.0.0.1:1' }
  const { stuck } = await failure([target(endpoints)], { budget: { ...budget, gateMs: 1_500 } })
  expect(stuck[0]).toMatchObject({ gate: 'evm', cause: expect.stringContaining('evm.http_enabled') })
})

test('error: a chain that stands without a quorum fails before its budget is spent', async () => {
  const node = await seid({ consensus: 'quorum lost' })
  const { error, stuck } = await failure([target(node.endpoints)], { budget: { ...budget, gateMs: 600 } })
  expect(error).toMatchObject({ code: 'READINESS_FAILED', class: 'failed' })
  expect(stuck[0]).toMatchObject({ gate: 'advancing', cause: expect.stringContaining('50 %') })
})

test('error: a status that keeps going back fails as flapping', async () => {
  const node = await seid()
  let looks = 0
  node.beforeStatus = () => {
    looks += 1
    const back = looks % 2 === 0
    node.state.height = back ? 1 : 60 + looks
    node.state.catchingUp = back
  }
  const { error, stuck } = await failure([target(node.endpoints)], { budget })
  expect(error.code).toBe('READINESS_FAILED')
  expect(stuck[0]?.cause).toMatch(/^status flaps/)
})

test('error: an announced halt ends the wait at once', async () => {
  const node = await seid({ haltIntent: { reason: 70, plan_name: 'v9', height: 70 } })
  const { error, stuck } = await failure([target(node.endpoints)], { budget })
  expect(error.code).toBe('READINESS_FAILED')
  expect(stuck[0]?.cause).toMatch(/halt.*reason 70.*v9.*height 70/)
})

test('error: one node that cannot get ready ends the wait of all and is named first', async () => {
  const waiting = await seid({ height: 0, catchingUp: true })
  const failed: PhaseWatch = {
    waitRunning: () => new Promise(() => {}),
    terminal: async () => 'plan task generate-gentx failed: no',
    likelyCause: () => undefined,
  }
  const { error, stuck } = await failure(
    [target(waiting.endpoints), { ...target(waiting.endpoints, failed), node: 'net-1' }],
    { budget },
  )
  expect(error.code).toBe('READINESS_FAILED')
  expect(stuck.map(({ node }) => node)).toEqual(['net-1'])
  expect(stuck[0]).toMatchObject({ gate: 'phase', cause: expect.stringContaining('generate-gentx') })
})

test('error: a phase that never comes times out with what the cluster says', async () => {
  const stuckPhase: PhaseWatch = {
    waitRunning: async (_signal, observe) => {
      observe('Initializing')
      return new Promise(() => {})
    },
    terminal: () => new Promise(() => {}),
    likelyCause: () => ({ cause: 'pod net-0-0 cannot be scheduled', own: true }),
  }
  const { error, stuck } = await failure([target({ tendermintRpc: 'http://127.0.0.1:1' }, stuckPhase)], {
    budget: { ...budget, phaseMs: 50 },
  })
  expect(error.code).toBe('READINESS_TIMEOUT')
  expect(stuck[0]).toMatchObject({
    gate: 'phase',
    lastValue: 'Initializing',
    cause: 'pod net-0-0 cannot be scheduled',
  })
})

test('behavior: cancelling ends the wait with RUN_CANCELLED, not as a time-out', async () => {
  const node = await seid({ height: 0 })
  const cancel = new AbortController()
  const pending = waitReadiness([target(node.endpoints)], { budget, signal: cancel.signal })
  node.beforeStatus = () => cancel.abort()
  await expect(pending).rejects.toMatchObject({ code: 'RUN_CANCELLED', class: 'cancelled' })
})
