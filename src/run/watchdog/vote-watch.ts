import type { ConsensusReading } from '../../probe/consensus-state.ts'

const stepPrevote = 4
const stepPrecommit = 6

/** Whether too few vote at the height after `tip`. Before prevote nobody is expected to have voted. */
function lacksQuorum({ height, step, prevoteShare, precommitShare }: ConsensusReading, tip: number): boolean {
  if (height <= tip || step < stepPrevote) return false
  return prevoteShare <= 2 / 3 || (step >= stepPrecommit && precommitShare <= 2 / 3)
}

/**
 * The reading that says most about a chain that stands at `tip`: one without quorum where at least half of those that tell have
 * none. A node that is cut off, or was stopped by its own configuration, sees votes that are nobody else's.
 */
export function decisiveVotes(
  readings: readonly ConsensusReading[],
  tip: number,
): ConsensusReading | undefined {
  const lacking = readings.filter((reading) => lacksQuorum(reading, tip))
  if (lacking.length * 2 < readings.length) return readings.find((reading) => !lacking.includes(reading))
  return lacking.toSorted((a, b) => a.prevoteShare - b.prevoteShare)[0] ?? readings[0]
}

/** For how long the votes of a network that stands have been too few. */
export class VoteWatch {
  #heldMs = 0

  get heldMs(): number {
    return this.#heldMs
  }

  observe(readings: readonly ConsensusReading[], tip: number, creditMs: number): void {
    const decisive = decisiveVotes(readings, tip)
    const held = decisive !== undefined && lacksQuorum(decisive, tip)
    this.#heldMs = held ? this.#heldMs + creditMs : 0
  }

  reset(): void {
    this.#heldMs = 0
  }
}
