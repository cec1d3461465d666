import { accountHex } from '../encoding.ts'
import { govError, sdkError } from './errors.ts'
import { voteOptions, type Messages, type ProposalContent, type TxMessage } from './messages.ts'

const maxTitle = 140
const maxDescription = 10_000

/** What is wrong with a message whatever the chain's state; throws a TxError. */
export function validateMessage(message: TxMessage): void {
  switch (message['@type']) {
    case '/cosmos.bank.v1beta1.MsgSend':
      requireAddress('invalid sender address', message.fromAddress)
      requireAddress('invalid recipient address', message.toAddress)
      requireCoins(message.amount, 1)
      break
    case '/cosmos.gov.v1beta1.MsgSubmitProposal':
      requireAddress('', message.proposer)
      requireCoins(message.initialDeposit, 0)
      validateContent(message.content)
      break
    case '/cosmos.gov.v1beta1.MsgDeposit':
      requireAddress('', message.depositor)
      requireCoins(message.amount, 0)
      break
    default:
      requireAddress('', message.voter)
      if (!Object.values<number>(voteOptions).includes(message.option))
        throw govError('invalid vote option', String(message.option))
  }
}

function requireAddress(what: string, address: string): void {
  if (accountHex(address)?.length === 40) return
  const prefix = what === '' ? '' : `${what} `
  throw sdkError('invalid address', `${prefix}(${JSON.stringify(address)})`)
}

function requireCoins(coins: readonly Messages['Coin'][], least: number): void {
  const isCoin = ({ denom, amount }: Messages['Coin']): boolean =>
    /^[a-zA-Z][\w/:.-]{2,127}$/.test(denom) && /^[1-9]\d{0,76}$/.test(amount)
  const denoms = new Set(coins.map(({ denom }) => denom))
  if (coins.length >= least && coins.every(isCoin) && denoms.size === coins.length) return
  throw sdkError('invalid coins', coins.map(({ denom, amount }) => `${amount}${denom}`).join())
}

function validateContent(content: ProposalContent): void {
  const wrong = wrongText(content)
  if (wrong !== undefined) throw govError('invalid proposal content', wrong)
  if (content['@type'] === '/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal') {
    if (content.plan.name === '') throw sdkError('invalid request', 'name cannot be empty')
    if (content.plan.height <= 0) throw sdkError('invalid request', 'height must be greater than 0')
  }
  if (content['@type'] === '/cosmos.params.v1beta1.ParameterChangeProposal' && content.changes.length === 0)
    throw sdkError('invalid request', 'submitted parameter changes are empty')
}

function wrongText({ title, description }: ProposalContent): string | undefined {
  if (title.trim() === '') return 'proposal title cannot be blank'
  if (title.length > maxTitle) return `proposal title is longer than max length of ${maxTitle}`
  if (description === '') return 'proposal description cannot be blank'
  if (description.length > maxDescription)
    return `proposal description is longer than max length of ${maxDescription}`
  return undefined
}
