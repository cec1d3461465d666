import type { UpgradePlan } from '../messages.ts'
import { hasHandler, type Binary } from './handlers.ts'

interface PlanRecord {
  readonly plan: UpgradePlan
  /** Block whose end scheduled it: the next one is the first that knows of it. */
  readonly scheduledAt: number
  /** Block that ended it; absent while it is pending. */
  closedAt?: number
  /** Known once a node has executed the plan's block: that node's binary decides whether it was applied or passed over. */
  isApplied?: boolean
}

/**
 * Every upgrade plan that a chain has had. Nodes lag behind the tip, and one that lacks a handler stays behind for ever, so that
 * each question is for the state after a given height.
 */
export class UpgradePlans {
  readonly #records: PlanRecord[] = []

  get hasAny(): boolean {
    return this.#records.length > 0
  }

  /** At the end of block `height`; a plan that is pending gives way. */
  schedule(plan: UpgradePlan, height: number): void {
    this.cancel(height)
    this.#records.push({ plan, scheduledAt: height })
  }

  cancel(height: number): void {
    const pending = this.#recordAt(height)
    if (pending === undefined || pending.closedAt !== undefined) return
    pending.closedAt = height
    pending.isApplied = false
  }

  /** Block `height` is decided: a plan that is due ends with it. */
  close(height: number): void {
    const due = this.#recordAt(height - 1)
    if (due !== undefined && due.closedAt === undefined && due.plan.height <= height) due.closedAt = height
  }

  /** A node has executed these blocks. */
  executed(from: number, to: number, binary: Binary): void {
    for (const record of this.#records) {
      const { closedAt = 0, plan } = record
      if (record.isApplied !== undefined || closedAt < from || closedAt > to) continue
      record.isApplied = hasHandler(binary, plan.name) && !binary.skips.includes(closedAt)
    }
  }

  pendingAt(height: number): UpgradePlan | undefined {
    return this.#recordAt(height)?.plan
  }

  /** Every plan that was pending after some block of `from` to `to`, with the blocks that knew of it. */
  knownBetween(from: number, to: number): { plan: UpgradePlan; first: number; last: number }[] {
    return this.#records
      .map(({ plan, scheduledAt, closedAt = Number.POSITIVE_INFINITY }) => ({
        plan,
        first: Math.max(from, scheduledAt + 1),
        last: Math.min(to, closedAt),
      }))
      .filter(({ first, last }) => first <= last)
  }

  /** 0: never. */
  appliedHeight(name: string, height: number): number {
    return this.#applied(height).find(({ plan }) => plan.name === name)?.closedAt ?? 0
  }

  lastApplied(height: number): UpgradePlan | undefined {
    return this.#applied(height).at(-1)?.plan
  }

  /** What `application_info.version` counts. */
  appVersion(height: number): number {
    return this.#applied(height).length
  }

  #applied(height: number): PlanRecord[] {
    return this.#records.filter(({ isApplied, closedAt }) => isApplied === true && (closedAt ?? 0) <= height)
  }

  #recordAt(height: number): PlanRecord | undefined {
    return this.#records.findLast(
      ({ scheduledAt, closedAt = Number.POSITIVE_INFINITY }) => scheduledAt <= height && closedAt > height,
    )
  }
}
