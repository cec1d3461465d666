import type { Coin } from '../messages.ts'
import type { ProposalContent, voteOptions } from '../tx/messages.ts'

export type ProposalId = number
export type VoteOption = keyof typeof voteOptions

/** A moment of block time: milliseconds, and the text that the block's header has. */
export interface BlockTime {
  readonly ms: number
  /** Digits below a millisecond; see rfc3339Nano. */
  readonly salt: number
}

/** Voting power by option, in usei. */
export interface Tally {
  readonly yes: bigint
  readonly abstain: bigint
  readonly no: bigint
  readonly noWithVeto: bigint
}

/** A proposal as governance keeps it: replaced as a whole by every change. */
export interface Proposal {
  readonly id: ProposalId
  readonly content: ProposalContent
  readonly status: 'DEPOSIT_PERIOD' | 'VOTING_PERIOD' | 'PASSED' | 'REJECTED' | 'FAILED'
  readonly isExpedited: boolean
  readonly proposer: string
  readonly submitted: BlockTime
  readonly depositEnd: BlockTime
  readonly voting: { readonly start: BlockTime; readonly end: BlockTime } | undefined
  /** Zero until the end of the voting period. */
  readonly finalTally: Tally
  /** By account, 40 hex digits; a later vote of an account replaces its earlier one. Empty once tallied. */
  readonly votes: ReadonlyMap<string, VoteOption>
  /** By account; empty once refunded or burned. */
  readonly deposits: ReadonlyMap<string, readonly Coin[]>
  readonly totalDeposit: readonly Coin[]
}
