import type { UpgradePlan } from '../messages.ts'
import { hasHandler, type Binary } from './handlers.ts'
import type { UpgradePlans } from './plans.ts'

/** Why a node cannot execute a block that was decided. */
export interface NodeHalt {
  readonly block: number
  /** Absent: for a reason of its own, which it knows. */
  readonly upgrade?: UpgradeHalt | undefined
}

/** One of the three panics of the upgrade module; `reason` is its number in the proposed contract. */
export interface UpgradeHalt {
  readonly reason: number
  readonly plan: UpgradePlan
  readonly text: string
}

export interface Blocks {
  /** First block to execute. */
  readonly from: number
  readonly to: number
  /** Whether `from` is the first block of this process: only that one looks for a missing old handler. */
  readonly isFirst: boolean
}

/** What the upgrade module prints and panics with. */
export const upgradeTexts = {
  needed: ({ name, height, info }: UpgradePlan): string =>
    `UPGRADE "${name}" NEEDED at height: ${height}: ${info}`,
  tooNew: ({ name }: UpgradePlan): string =>
    `BINARY UPDATED BEFORE TRIGGER! UPGRADE "${name}" - in binary but not executed on chain`,
  // The version counted here is the consensus parameters', which no upgrade raises.
  downgrade: ({ name }: UpgradePlan): string =>
    `Wrong app version 0, upgrade handler is missing for ${name} upgrade plan`,
  skipped: ({ name, info }: UpgradePlan, height: number): string =>
    `UPGRADE "${name}" SKIPPED at ${height}: ${info}`,
  scheduled: ({ name, height, info }: UpgradePlan): string =>
    `UPGRADE "${name}" SCHEDULED at height: ${height}: ${info}`,
} as const

/** The first block that a binary panics on, if there is one among them. */
export function firstHalt(plans: UpgradePlans, binary: Binary, blocks: Blocks): NodeHalt | undefined {
  if (!plans.hasAny) return undefined
  const known = plans.knownBetween(blocks.from, blocks.to).map((pending) => haltFor(pending, binary))
  const halts = [downgrade(plans, binary, blocks), ...known].filter((halt) => halt !== undefined)
  return halts.sort((a, b) => a.block - b.block)[0]
}

function downgrade(plans: UpgradePlans, binary: Binary, { from, isFirst }: Blocks): NodeHalt | undefined {
  const last = isFirst ? plans.lastApplied(from - 1) : undefined
  if (last === undefined || hasHandler(binary, last.name)) return undefined
  const pending = plans.pendingAt(from - 1)
  const isDue = pending !== undefined && pending.height <= from && !binary.skips.includes(from)
  return isDue ? undefined : halt(from, 72, last, upgradeTexts.downgrade(last))
}

function haltFor(
  { plan, first, last }: ReturnType<UpgradePlans['knownBetween']>[number],
  binary: Binary,
): NodeHalt | undefined {
  if (hasHandler(binary, plan.name))
    return first < plan.height && !isMinor(plan)
      ? halt(first, 71, plan, upgradeTexts.tooNew(plan))
      : undefined
  const due = Math.max(first, plan.height)
  if (due > last || binary.skips.includes(due)) return undefined
  return halt(due, 70, plan, upgradeTexts.needed(plan))
}

function halt(block: number, reason: number, plan: UpgradePlan, text: string): NodeHalt {
  return { block, upgrade: { reason, plan, text } }
}

/** A minor upgrade's binary may run early. */
export function isMinor({ info }: UpgradePlan): boolean {
  try {
    const parsed: unknown = JSON.parse(info)
    if (typeof parsed !== 'object' || parsed === null || !('upgradeType' in parsed)) return false
    return String(parsed.upgradeType).toLowerCase() === 'minor'
  } catch {
    return false
  }
}
