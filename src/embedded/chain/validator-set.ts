import type { GenesisValidator } from './types.ts'

/** The validators of a chain in CometBFT's order: power descending, then address ascending. */
export interface ValidatorSet {
  readonly members: readonly GenesisValidator[]
  readonly totalPower: number
  /** Index of an address, −1 for strangers. */
  indexOf(address: string): number
  /** Whether `power` is strictly more than two thirds. */
  isQuorum(power: number): boolean
}

export function createValidatorSet(validators: readonly GenesisValidator[]): ValidatorSet {
  const members = validators
    .filter((validator) => validator.power > 0)
    .sort((a, b) => b.power - a.power || (a.address < b.address ? -1 : 1))
  const totalPower = members.reduce((sum, validator) => sum + validator.power, 0)
  const index = new Map(members.map((validator, i) => [validator.address, i]))
  return {
    members,
    totalPower,
    indexOf: (address) => index.get(address) ?? -1,
    isQuorum: (power) => power * 3 > totalPower * 2,
  }
}

/** Priorities at height 0: the rotation of height 1 starts from these. */
export function initialPriorities(set: ValidatorSet): readonly number[] {
  return set.members.map(() => 0)
}

/**
 * One turn of CometBFT's weighted round-robin: everyone gains its power, the highest priority (lowest address among
 * equals) proposes and pays the total. A height is one turn; each further round of it is one more turn on a copy.
 */
export function rotate(
  set: ValidatorSet,
  priorities: readonly number[],
): { readonly proposer: number; readonly priorities: readonly number[] } {
  const next = priorities.map((priority, i) => priority + (set.members[i]?.power ?? 0))
  let proposer = 0
  for (let i = 1; i < next.length; i += 1) if (isAhead(set, next, i, proposer)) proposer = i
  next[proposer] = (next[proposer] ?? 0) - set.totalPower
  return { proposer, priorities: next }
}

function isAhead(set: ValidatorSet, priorities: readonly number[], a: number, b: number): boolean {
  const difference = (priorities[a] ?? 0) - (priorities[b] ?? 0)
  return difference !== 0 ? difference > 0 : (set.members[a]?.address ?? '') < (set.members[b]?.address ?? '')
}
