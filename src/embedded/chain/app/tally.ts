import { accountHex } from '../encoding.ts'
import type { GenesisValidator } from '../types.ts'
import { exceeds, isBelow, parseDecimal } from './decimal.ts'
import type { Proposal, Tally, VoteOption } from './proposal.ts'

/** Power is self-bond in units of this many usei. */
export const powerReduction = 1_000_000n

export const noVotes: Tally = { yes: 0n, abstain: 0n, no: 0n, noWithVeto: 0n }

export interface Verdict {
  readonly tally: Tally
  readonly passes: boolean
  /** The deposits are burned instead of paid back. */
  readonly burns: boolean
}

const keys: Readonly<Record<VoteOption, keyof Tally>> = {
  VOTE_OPTION_YES: 'yes',
  VOTE_OPTION_ABSTAIN: 'abstain',
  VOTE_OPTION_NO: 'no',
  VOTE_OPTION_NO_WITH_VETO: 'noWithVeto',
}

/** Account that votes for a validator, 40 hex digits: who staked for it. */
export function operatorAccount({ operator, address }: GenesisValidator): string {
  return (operator === undefined ? undefined : accountHex(operator)) ?? address.toLowerCase()
}

/** Bonded usei by option. Only validators have stake here, so other accounts' votes weigh nothing. */
export function tallyOf({ votes }: Proposal, validators: readonly GenesisValidator[]): Tally {
  const sum = { ...noVotes }
  for (const validator of validators) {
    const option = votes.get(operatorAccount(validator))
    if (option !== undefined) sum[keys[option]] += BigInt(validator.power) * powerReduction
  }
  return sum
}

/** What becomes of a proposal whose voting period is over. `params` is governance's `tally_params`. */
export function judge(
  proposal: Proposal,
  validators: readonly GenesisValidator[],
  params: Readonly<Record<string, unknown>>,
): Verdict {
  const tally = tallyOf(proposal, validators)
  const limit = (name: string): bigint => parseDecimal(params[name]) ?? 0n
  const expedited = proposal.isExpedited ? 'expedited_' : ''
  const bonded = validators.reduce((total, { power }) => total + BigInt(power) * powerReduction, 0n)
  const voted = tally.yes + tally.abstain + tally.no + tally.noWithVeto
  if (isBelow(voted, bonded, limit(`${expedited}quorum`))) return { tally, passes: false, burns: true }
  const decided = voted - tally.abstain
  if (decided === 0n) return { tally, passes: false, burns: false }
  if (exceeds(tally.noWithVeto, voted, limit('veto_threshold'))) return { tally, passes: false, burns: true }
  return { tally, passes: exceeds(tally.yes, decided, limit(`${expedited}threshold`)), burns: false }
}
