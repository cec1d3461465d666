import { gateNames, type GateName, type GateState, type GateStep, type GateTrace } from '../contract/gates.ts'
import type { Role } from '../contract/labels.ts'

/** One step of one node, as it changes: what live progress shows. */
export interface GateProgress {
  readonly node: string
  readonly role: Role
  readonly step: GateStep
  /** Since the node's first gate began, ms. */
  readonly elapsedMs: number
}

/** Records what a node's gates saw. Every state or value that differs from the one before is reported. */
export interface TraceRecorder {
  observe(gate: GateName, value: string): void
  pass(gate: GateName, value: string): void
  skip(gate: GateName): void
  fail(gate: GateName, value?: string): void
  /** Back to waiting, with its observations kept: the node went back behind this gate. */
  reopen(gate: GateName): void
  /** The gate the node stands at, or `undefined` when it has passed them all. */
  current(): GateStep | undefined
  /** A copy as of now; `endedAt` once no gate waits. */
  snapshot(): GateTrace
}

type Draft = { -readonly [K in keyof GateStep]: GateStep[K] }

export function createTrace(
  node: string,
  role: Role,
  onStep: (progress: GateProgress) => void = () => {},
): TraceRecorder {
  const startedAt = new Date()
  let endedAt: string | undefined
  const steps = new Map<GateName, Draft>(
    gateNames.map((gate) => [gate, { gate, state: 'waiting', observations: 0 }]),
  )

  const current = (): GateStep | undefined => {
    for (const step of steps.values())
      if (step.state !== 'passed' && step.state !== 'not applicable') return step
    return undefined
  }
  const record = (gate: GateName, state: GateState, value?: string): void => {
    const step = steps.get(gate)
    if (step === undefined) return
    const changed = step.state !== state || (value !== undefined && step.lastValue !== value)
    const now = new Date()
    if (value !== undefined) sawValue(step, value, now)
    step.state = state
    if (state === 'passed') step.passedAt = now.toISOString()
    else delete step.passedAt
    endedAt = state === 'waiting' || current() !== undefined ? undefined : now.toISOString()
    if (changed)
      onStep({ node, role, step: { ...step }, elapsedMs: Math.max(0, now.getTime() - startedAt.getTime()) })
  }

  return {
    observe: (gate, value) => record(gate, 'waiting', value),
    pass: (gate, value) => record(gate, 'passed', value),
    skip: (gate) => record(gate, 'not applicable'),
    fail: (gate, value) => record(gate, 'failed', value),
    reopen: (gate) => record(gate, 'waiting'),
    current,
    snapshot: () => ({
      node,
      role,
      startedAt: startedAt.toISOString(),
      ...(endedAt === undefined ? {} : { endedAt }),
      steps: [...steps.values()].map((step) => ({ ...step })),
    }),
  }
}

function sawValue(step: Draft, value: string, now: Date): void {
  const at = now.toISOString()
  step.firstObservedAt ??= at
  step.firstValue ??= value
  step.lastObservedAt = at
  step.lastValue = value
  step.observations += 1
}
