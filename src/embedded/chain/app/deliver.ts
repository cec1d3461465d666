import { printCoins } from '../coins.ts'
import { accountHex, bech32Address } from '../encoding.ts'
import type { Ledger } from '../ledger.ts'
import type { ChainEvent, CosmosTx, TxResult } from '../messages.ts'
import { sdkError, TxError } from '../tx/errors.ts'
import { voteOptions, type TxMessage } from '../tx/messages.ts'
import { encode } from '../tx/wire.ts'
import { govAccount, type Block, type Governance } from './governance.ts'
import { Journal } from './journal.ts'
import type { VoteOption } from './proposal.ts'

export interface DeliverScope {
  readonly ledger: Ledger
  readonly governance: Governance
  readonly block: Block
}

/** Gas of everything around the messages, and of each kind of message: the order of magnitude of a real chain. */
const baseGas = 45_000
const gasOf: Readonly<Record<TxMessage['@type'], number>> = {
  '/cosmos.bank.v1beta1.MsgSend': 25_000,
  '/cosmos.gov.v1beta1.MsgSubmitProposal': 80_000,
  '/cosmos.gov.v1beta1.MsgDeposit': 45_000,
  '/cosmos.gov.v1beta1.MsgVote': 25_000,
}

interface Answer {
  readonly events: readonly ChainEvent[]
  /** Protobuf of the message's response. */
  readonly data: Uint8Array
}

/** Executes an accepted transaction in a block: its fee is paid in any case, its messages all take effect or none does. */
export function deliver(tx: CosmosTx, scope: DeliverScope): TxResult {
  const gasUsed = tx.messages.reduce((sum, message) => sum + gasOf[message['@type']], baseGas)
  const gas = { gasWanted: tx.gas, gasUsed: Math.min(gasUsed, tx.gas) }
  const signer = bech32Address('sei', tx.account)
  const expected = scope.ledger.account(tx.account).sequence
  const refused = scope.ledger.refusalOf(tx, expected, signer)
  if (refused !== undefined) return failed(refused, gas, [])
  scope.ledger.begin(tx)
  const fees = feeEvents(tx, signer)
  const journal = new Journal()
  try {
    if (gasUsed > tx.gas)
      throw sdkError(
        'out of gas',
        `out of gas in location: WriteFlat; gasWanted: ${tx.gas}, gasUsed: ${gasUsed}`,
      )
    const answers = tx.messages.map((message, index) => executeAt(index, message, scope, journal))
    const data = encode('TxMsgData', {
      data: answers.map((answer, index) => ({
        msgType: tx.messages[index]?.['@type'] ?? '',
        data: answer.data,
      })),
    })
    const log = JSON.stringify(answers.map(({ events }, index) => printLog(events, index)))
    const events = [...fees, ...answers.flatMap((answer) => answer.events)]
    return { code: 0, log, codespace: '', ...gas, data: Buffer.from(data).toString('base64'), events }
  } catch (error) {
    if (!(error instanceof TxError)) throw error
    journal.rollBack()
    return failed(error, gas, fees)
  }
}

function failed(
  { code, codespace, message }: TxError,
  gas: Pick<TxResult, 'gasUsed' | 'gasWanted'>,
  events: readonly ChainEvent[],
): TxResult {
  return { code, codespace, log: message, ...gas, events }
}

function executeAt(index: number, message: TxMessage, scope: DeliverScope, journal: Journal): Answer {
  try {
    const answer = execute(message, scope, journal)
    const action = event('message', { action: message['@type'] })
    return { ...answer, events: [action, ...answer.events] }
  } catch (error) {
    if (!(error instanceof TxError)) throw error
    const log = `failed to execute message; message index: ${index}: ${error.message}`
    throw new TxError(error.codespace, error.code, log)
  }
}

function execute(message: TxMessage, scope: DeliverScope, journal: Journal): Answer {
  switch (message['@type']) {
    case '/cosmos.bank.v1beta1.MsgSend':
      return send(message, scope, journal)
    case '/cosmos.gov.v1beta1.MsgSubmitProposal':
      return submit(message, scope, journal)
    case '/cosmos.gov.v1beta1.MsgDeposit': {
      const { amount, depositor, proposalId } = message
      const opens = scope.governance.deposit(proposalId, hexOf(depositor), amount, scope.block, journal)
      const started = opens ? [event('proposal_deposit', { voting_period_start: String(proposalId) })] : []
      return answer([
        ...depositEvents(proposalId, message.depositor, amount),
        byGovernance(depositor),
        ...started,
      ])
    }
    default: {
      const option = (Object.entries(voteOptions).find(([, value]) => value === message.option)?.[0] ??
        'VOTE_OPTION_YES') as VoteOption
      scope.governance.vote(message.proposalId, hexOf(message.voter), option, journal)
      const options = `{"option":${message.option},"weight":"1.000000000000000000"}`
      const voted = event('proposal_vote', { option: options, proposal_id: String(message.proposalId) })
      return answer([voted, byGovernance(message.voter)])
    }
  }
}

type Message<T extends TxMessage['@type']> = Extract<TxMessage, { readonly '@type': T }>

function send(
  message: Message<'/cosmos.bank.v1beta1.MsgSend'>,
  { ledger }: DeliverScope,
  journal: Journal,
): Answer {
  const { amount, fromAddress, toAddress } = message
  const [from, to] = [hexOf(fromAddress), hexOf(toAddress)]
  const short = ledger.lack(from, amount)
  if (short !== undefined) throw sdkError('insufficient funds', short)
  ledger.move(from, to, amount)
  journal.did(() => ledger.move(to, from, amount))
  const sender = event('message', { sender: fromAddress })
  const module = event('message', { module: 'bank' })
  return answer([...transferEvents(fromAddress, toAddress, printCoins(amount)), sender, module])
}

/** The id is told by the deposit's event and by the data; `submit_proposal` has only the kind of content. */
function submit(
  message: Message<'/cosmos.gov.v1beta1.MsgSubmitProposal'>,
  { governance, block }: DeliverScope,
  journal: Journal,
): Answer {
  const { content, initialDeposit, isExpedited, proposer } = message
  const id = governance.submit(content, { proposer, isExpedited }, block, journal)
  const opens = governance.deposit(id, hexOf(proposer), initialDeposit, block, journal)
  const submitted = event('submit_proposal', {
    proposal_type: proposalTypes[content['@type']],
    ...(opens ? { voting_period_start: String(id) } : {}),
  })
  return answer(
    [...depositEvents(id, proposer, initialDeposit), byGovernance(proposer), submitted],
    encode('MsgSubmitProposalResponse', { proposalId: id }),
  )
}

const proposalTypes = {
  '/cosmos.gov.v1beta1.TextProposal': 'Text',
  '/cosmos.params.v1beta1.ParameterChangeProposal': 'ParameterChange',
  '/cosmos.upgrade.v1beta1.CancelSoftwareUpgradeProposal': 'CancelSoftwareUpgrade',
  '/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal': 'SoftwareUpgrade',
} as const

function answer(events: readonly ChainEvent[], data: Uint8Array = new Uint8Array()): Answer {
  return { events, data }
}

function event(type: string, attributes: Readonly<Record<string, string>>): ChainEvent {
  return { type, attributes }
}

function byGovernance(sender: string): ChainEvent {
  return event('message', { module: 'governance', sender })
}

function depositEvents(id: number, depositor: string, amount: CosmosTx['fee']): ChainEvent[] {
  const coins = printCoins(amount)
  const moved = amount.length === 0 ? [] : transferEvents(depositor, bech32Address('sei', govAccount), coins)
  return [...moved, event('proposal_deposit', { amount: coins, proposal_id: String(id) })]
}

function transferEvents(sender: string, recipient: string, amount: string): ChainEvent[] {
  return [
    event('coin_spent', { spender: sender, amount }),
    event('coin_received', { receiver: recipient, amount }),
    event('transfer', { recipient, sender, amount }),
  ]
}

function feeEvents(tx: CosmosTx, signer: string): ChainEvent[] {
  return [
    event('tx', { fee: printCoins(tx.fee), fee_payer: signer }),
    event('tx', { acc_seq: `${signer}/${tx.sequence}` }),
  ]
}

function printLog(events: readonly ChainEvent[], index: number): unknown {
  return {
    ...(index === 0 ? {} : { msg_index: index }),
    events: events.map(({ type, attributes }) => ({
      type,
      attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
    })),
  }
}

function hexOf(address: string): string {
  return accountHex(address) ?? ''
}
