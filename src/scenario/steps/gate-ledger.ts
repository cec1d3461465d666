import { gateNames, type GateName, type GateStep } from '../../contract/gates.ts'
import type { GateReport, HeightReport } from '../../contract/scenario.ts'
import type { StepGates } from '../../contract/step-gates.ts'
import { redactText } from '../../evidence/redact.ts'
import { describedHeight } from '../../probe/consensus-gate.ts'
import type { GateProgress } from '../../probe/trace.ts'

/** Real ms that a gate may take. */
export interface GateLimits {
  readonly phaseMs: number
  /** For each gate after it. */
  readonly gateMs: number
}

/** What passes each gate. */
const thresholds: Readonly<Record<GateName, string>> = {
  phase: 'phase Running',
  rpc: '/status answers',
  height: 'above 1, not catching up',
  advancing: 'rises, not catching up',
  evm: 'eth_blockNumber answers',
  rest: 'node_info answers',
}

/** Of what was observed, characters: an answer of a listener may be a page of HTML. */
const observedLength = 200

interface Seen {
  readonly step: GateStep
  /** When it came to its state, by the clock of `performance`. */
  readonly at: number
}

interface Node {
  readonly role: string
  readonly startedAt: number
  readonly gates: Map<GateName, Seen>
}

/** What the gates of a step's nodes have seen so far: also a wait that is cut short leaves it. */
export class GateLedger {
  readonly #limits: GateLimits
  readonly #nodes = new Map<string, Node>()

  constructor(limits: GateLimits) {
    this.#limits = limits
  }

  observe({ node: name, role, step, elapsedMs }: GateProgress): void {
    const now = performance.now()
    const node = this.#nodes.get(name) ?? { role, startedAt: now - elapsedMs, gates: new Map() }
    this.#nodes.set(name, node)
    const before = node.gates.get(step.gate)
    const stays = before?.step.state === 'passed' && step.state === 'passed'
    node.gates.set(step.gate, { step, at: stays ? before.at : now })
  }

  /** Gates that were looked at, and the height of each node that has been seen to rise. */
  left(): StepGates {
    const nodes = [...this.#nodes].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    return {
      gates: nodes.flatMap(([name, node]) => this.#gatesOf(name, node)),
      heights: nodes.flatMap(([name, node]) => heightOf(name, node)),
      omitted: 0,
    }
  }

  #gatesOf(node: string, { role, startedAt, gates }: Node): GateReport[] {
    const now = performance.now()
    let since = startedAt
    return gateNames.flatMap((gate) => {
      const seen = gates.get(gate)
      if (seen === undefined || seen.step.state === 'not applicable') return []
      const { lastValue, state } = seen.step
      const passed = state === 'passed'
      const end = passed ? seen.at : now
      const tookMs = Math.max(0, Math.round(end - since))
      since = Math.max(since, end)
      return [
        {
          gate,
          node,
          role,
          passed,
          ...(lastValue === undefined ? {} : { observed: redactText(lastValue).slice(0, observedLength) }),
          threshold: thresholds[gate],
          tookMs,
          limitMs: Math.round(gate === 'phase' ? this.#limits.phaseMs : this.#limits.gateMs),
        },
      ]
    })
  }
}

function heightOf(node: string, { role, gates }: Node): HeightReport[] {
  const { state, lastValue = '', passedAt } = gates.get('advancing')?.step ?? {}
  const before = state === 'passed' ? describedHeight(lastValue) : undefined
  return before === undefined ? [] : [{ node, role, before, beforeAt: passedAt }]
}
