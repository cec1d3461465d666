import type { GateReport, HeightReport } from './scenario.ts'

/** What provisioning steps leave of their nodes, as JSON in the annotation `sei.io/gates` of the ConfigMap of their values. */
export interface StepGates {
  readonly gates: readonly GateReport[]
  /** Of each node as it was when it had passed its gates. */
  readonly heights: readonly HeightReport[]
  /** Gates and heights that there was no room for. */
  readonly omitted: number
}

/** Characters of all of it: even where each is three bytes, the 256 KiB of an object's annotations hold it. */
export const stepGatesLimit: number = 64 * 1024

const none: StepGates = { gates: [], heights: [], omitted: 0 }

/** What is there already, each node of `fresh` in place of what was known of it. */
export function mergeStepGates(before: StepGates, fresh: StepGates): StepGates {
  const nodes = new Set([...fresh.gates, ...fresh.heights].map(({ node }) => node))
  return {
    gates: [...before.gates.filter(({ node }) => !nodes.has(node)), ...fresh.gates],
    heights: [...before.heights.filter(({ node }) => !nodes.has(node)), ...fresh.heights],
    omitted: before.omitted + fresh.omitted,
  }
}

/** As text of at most `limit` characters: gates that passed are left out first, heights last. */
export function stepGatesText(all: StepGates, limit: number = stepGatesLimit): string {
  const { gates, heights } = all
  const byWeight = [
    ...heights,
    ...gates.filter(({ passed }) => !passed),
    ...gates.filter(({ passed }) => passed),
  ]
  const kept = new Set<GateReport | HeightReport>()
  let room = limit - JSON.stringify({ ...none, omitted: Number.MAX_SAFE_INTEGER }).length
  for (const one of byWeight) {
    room -= JSON.stringify(one).length + 1
    if (room < 0) break
    kept.add(one)
  }
  return JSON.stringify({
    gates: gates.filter((one) => kept.has(one)),
    heights: heights.filter((one) => kept.has(one)),
    omitted: all.omitted + byWeight.length - kept.size,
  } satisfies StepGates)
}

/** Reads it back. Whoever may write the ConfigMap may write anything: what is no gate and no height is passed over. */
export function parseStepGates(text: string | undefined): StepGates {
  const value = parsed(text)
  if (!isRecord(value)) return none
  const { gates, heights, omitted } = value
  return {
    gates: list(gates).filter(isGate),
    heights: list(heights).filter(isHeight),
    omitted: typeof omitted === 'number' && omitted > 0 ? omitted : 0,
  }
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isGate(value: unknown): value is GateReport {
  if (!isRecord(value)) return false
  const { gate, passed, node, role, observed, threshold, tookMs, limitMs } = value
  return (
    typeof gate === 'string' &&
    typeof passed === 'boolean' &&
    [node, role, observed, threshold].every(isTextOrNothing) &&
    [tookMs, limitMs].every((one) => one === undefined || typeof one === 'number')
  )
}

function isHeight(value: unknown): value is HeightReport {
  if (!isRecord(value)) return false
  const { node, role, before, beforeAt } = value
  return typeof node === 'string' && [role, before, beforeAt].every(isTextOrNothing)
}

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
