import type { ConsensusReading } from '../../probe/consensus-state.ts'

const stepPrevote = 4
const stepPrecommit = 6

/** Whether too few vote at the height after `tip`. Before prevote nobody is expected to have voted. */
function lacksQuorum({ height, step, prevoteShare, precommitShare }: ConsensusReading, tip: number): boolean {
  if (height <= tip || step < stepPrevote) return false
  return prevoteShare <= 2 / 3 || (step >= stepPrecommit && precommitShare <= 2 / 3)
}

/**
 * For how long the votes of a network that stands have been too few, by at least half of the validators that tell: one that is
 * cut off, or was stopped by its own configuration, sees votes that are nobody else's.
 */
export class VoteWatch {
  #heldMs = 0

  get heldMs(): number {
    return this.#heldMs
  }

  observe(readings: readonly ConsensusReading[], tip: number, creditMs: number): void {
    const lacking = readings.filter((reading) => lacksQuorum(reading, tip))
    const held = readings.length > 0 && lacking.length * 2 >= readings.length
    this.#heldMs = held ? this.#heldMs + creditMs : 0
  }

  reset(): void {
    this.#heldMs = 0
  }
}
