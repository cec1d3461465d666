import { addCoins, covers } from '../coins.ts'
import type { Ledger } from '../ledger.ts'
import type { Coin } from '../messages.ts'
import { govError, sdkError } from '../tx/errors.ts'
import type { ProposalContent } from '../tx/messages.ts'
import type { GenesisValidator } from '../types.ts'
import { contentRefusal, executeContent, type ContentScope } from './content.ts'
import { parseDuration } from './decimal.ts'
import type { Journal } from './journal.ts'
import type { BlockTime, Proposal, ProposalId, VoteOption } from './proposal.ts'
import { judge, noVotes } from './tally.ts'

/** Account of the module: the first 20 bytes of SHA-256 of its name, `gov`. */
export const govAccount = '7b5fe22b5446f7c62ea27b8bd71cef94e03f3df2'

export interface GovernanceScope extends ContentScope {
  readonly ledger: Ledger
  readonly validators: readonly GenesisValidator[]
  /** Milliseconds of block time that a period of governance lasts. */
  readonly periodMs: (ms: number) => number
}

export interface Block {
  readonly height: number
  readonly time: BlockTime
}

/**
 * Proposals, from deposit to tally. Time moves with blocks only: a chain that stands still tallies nothing. What a transaction
 * changes is noted in its journal, so that a later message's failure undoes it.
 */
export class Governance {
  readonly #scope: GovernanceScope
  readonly #proposals = new Map<ProposalId, Proposal>()
  #nextId = 1
  /** Those in a deposit or voting period. */
  readonly #open = new Set<ProposalId>()

  constructor(scope: GovernanceScope) {
    this.#scope = scope
  }

  list(): readonly Proposal[] {
    return [...this.#proposals.values()]
  }

  get(id: ProposalId): Proposal | undefined {
    return this.#proposals.get(id)
  }

  /** Makes a proposal without deposit; throws a TxError for content that could not be executed now. */
  submit(
    content: ProposalContent,
    options: { readonly proposer: string; readonly isExpedited: boolean },
    { height, time }: Block,
    journal: Journal,
  ): ProposalId {
    const refused = contentRefusal(content, this.#scope, height)
    if (refused !== undefined) throw govError('invalid proposal content', refused)
    const id = this.#nextId
    this.#nextId += 1
    journal.did(() => {
      this.#nextId = id
    })
    this.#put(
      {
        id,
        content,
        status: 'DEPOSIT_PERIOD',
        ...options,
        submitted: time,
        depositEnd: this.#after(time, 'deposit_params', 'max_deposit_period'),
        voting: undefined,
        finalTally: noVotes,
        votes: new Map(),
        deposits: new Map(),
        totalDeposit: [],
      },
      journal,
    )
    return id
  }

  /** True when the deposit opens the voting period. */
  deposit(
    id: ProposalId,
    depositor: string,
    amount: readonly Coin[],
    { time }: Block,
    journal: Journal,
  ): boolean {
    const proposal = this.#openProposal(id)
    const short = this.#scope.ledger.lack(depositor, amount)
    if (short !== undefined) throw sdkError('insufficient funds', short)
    this.#scope.ledger.move(depositor, govAccount, amount)
    journal.did(() => this.#scope.ledger.move(govAccount, depositor, amount))
    const deposits = new Map(proposal.deposits)
    if (amount.length > 0) deposits.set(depositor, addCoins(deposits.get(depositor) ?? [], amount))
    const totalDeposit = addCoins(proposal.totalDeposit, amount)
    const opens = proposal.status === 'DEPOSIT_PERIOD' && covers(totalDeposit, this.#minDeposit(proposal))
    const end = this.#after(
      time,
      'voting_params',
      proposal.isExpedited ? 'expedited_voting_period' : 'voting_period',
    )
    const change: Partial<Proposal> = opens ? { status: 'VOTING_PERIOD', voting: { start: time, end } } : {}
    this.#put({ ...proposal, deposits, totalDeposit, ...change }, journal)
    return opens
  }

  vote(id: ProposalId, voter: string, option: VoteOption, journal: Journal): void {
    const proposal = this.#openProposal(id)
    if (proposal.status !== 'VOTING_PERIOD') throw govError('inactive proposal', String(id))
    this.#put({ ...proposal, votes: new Map(proposal.votes).set(voter, option) }, journal)
  }

  /** The end of a block: what was not paid for in time is forgotten, and what has been voted on is tallied. */
  endBlock(block: Block): void {
    for (const id of this.#open) {
      const proposal = this.#proposals.get(id)
      if (proposal === undefined) this.#open.delete(id)
      else if (proposal.voting === undefined) this.#drop(proposal, block)
      else if (proposal.voting.end.ms <= block.time.ms) this.#tally(proposal, block)
    }
  }

  #drop(proposal: Proposal, { time }: Block): void {
    if (proposal.depositEnd.ms > time.ms) return
    this.#scope.ledger.burn(govAccount, proposal.totalDeposit)
    this.#proposals.delete(proposal.id)
    this.#open.delete(proposal.id)
  }

  #tally(proposal: Proposal, { height }: Block): void {
    const { params, validators } = this.#scope
    const { passes, burns, tally } = judge(proposal, validators, section(params.gov, 'tally_params'))
    const voted = { ...proposal, votes: new Map<string, VoteOption>(), finalTally: tally }
    if (proposal.isExpedited && !passes && proposal.voting !== undefined) {
      const { start } = proposal.voting
      const end = this.#after(start, 'voting_params', 'voting_period')
      this.#proposals.set(proposal.id, { ...voted, isExpedited: false, voting: { start, end } })
      return
    }
    this.#returnDeposits(proposal, burns)
    const refused = passes ? contentRefusal(proposal.content, this.#scope, height) : undefined
    const status = !passes ? 'REJECTED' : refused === undefined ? 'PASSED' : 'FAILED'
    if (status === 'PASSED') executeContent(proposal.content, this.#scope, height)
    this.#proposals.set(proposal.id, { ...voted, status, deposits: new Map() })
    this.#open.delete(proposal.id)
  }

  #returnDeposits({ deposits, totalDeposit }: Proposal, burns: boolean): void {
    const { ledger } = this.#scope
    if (burns) ledger.burn(govAccount, totalDeposit)
    else for (const [account, coins] of deposits) ledger.move(govAccount, account, coins)
  }

  #openProposal(id: ProposalId): Proposal {
    const proposal = this.#proposals.get(id)
    if (proposal === undefined) throw govError('unknown proposal', String(id))
    if (!this.#open.has(id)) throw govError('inactive proposal', String(id))
    return proposal
  }

  #minDeposit({ isExpedited }: Proposal): readonly Coin[] {
    const least = section(this.#scope.params.gov, 'deposit_params')[
      isExpedited ? 'min_expedited_deposit' : 'min_deposit'
    ]
    return Array.isArray(least) ? (least as Coin[]) : []
  }

  #after(time: BlockTime, name: string, period: string): BlockTime {
    const ms = parseDuration(section(this.#scope.params.gov, name)[period]) ?? 0
    return { ...time, ms: time.ms + this.#scope.periodMs(ms) }
  }

  #put(proposal: Proposal, journal: Journal): void {
    const { id } = proposal
    const before = this.#proposals.get(id)
    journal.did(() => {
      if (before === undefined) this.#proposals.delete(id)
      else this.#proposals.set(id, before)
    })
    this.#proposals.set(id, proposal)
    this.#open.add(id)
  }
}

function section(gov: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const value = gov[name]
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
