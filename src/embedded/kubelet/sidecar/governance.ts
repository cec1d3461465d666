import type { Messages, ProposalContent, TxMessage } from '../../chain/tx/messages.ts'
import { voteOptions } from '../../chain/tx/messages.ts'
import type { Running, TaskContext, TaskHandler } from './handler.ts'
import * as read from './params.ts'
import { heightParam, statusOf } from './local-seid.ts'
import { transact, type GovResult } from './transaction.ts'

/** What a task puts into its transaction, once it is known who signs. */
type Compose = (params: read.Params, signer: string) => TxMessage

/** Simulated time from the submission to the signature. */
const signMs = 300
const memoLimit = 256

/** Proposals and votes of the node's own key. */
export const governanceTasks: Readonly<Record<string, TaskHandler>> = {
  'gov-software-upgrade': governance((params, proposer) =>
    proposal(params, proposer, {
      '@type': '/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal',
      title: read.text(params, 'title'),
      description: read.text(params, 'description'),
      plan: {
        name: read.text(params, 'upgradeName'),
        height: heightParam(params, 'upgradeHeight'),
        info: read.optionalText(params, 'upgradeInfo') ?? '',
      },
    }),
  ),
  'gov-param-change': governance((params, proposer) =>
    proposal(params, proposer, {
      '@type': '/cosmos.params.v1beta1.ParameterChangeProposal',
      title: read.text(params, 'title'),
      description: read.text(params, 'description'),
      changes: changesOf(params),
      isExpedited: false,
    }),
  ),
  'gov-vote': governance((params, voter) => ({
    '@type': '/cosmos.gov.v1beta1.MsgVote',
    proposalId: heightParam(params, 'proposalId'),
    voter,
    option: optionOf(params),
  })),
}

function governance(compose: Compose): TaskHandler {
  return {
    durationMs: signMs,
    check(params, context) {
      checkTransaction(params, context)
      compose(params, '')
    },
    run: (params, context, running) => send(params, context, running, compose),
  }
}

function checkTransaction(params: read.Params, { chainId, keyring }: TaskContext): void {
  if (!keyring) throw new Error('no keyring: SEI_KEYRING_BACKEND is not set')
  const wanted = read.text(params, 'chainId')
  if (wanted !== chainId) throw new Error(`chainId ${wanted} does not match SEI_CHAIN_ID ${chainId}`)
  coin(params, 'fees')
  heightParam(params, 'gas')
  read.text(params, 'keyName')
  const memo = read.optionalText(params, 'memo') ?? ''
  if (memo.length > memoLimit) throw new Error(`memo is longer than ${memoLimit} characters`)
  if (!/^[ -~]*$/.test(memo)) throw new Error('memo must be printable')
  if (memo.includes('taskID=')) throw new Error('memo must not contain taskID=: it is appended here')
}

async function send(
  params: read.Params,
  context: TaskContext,
  { id, signal }: Running,
  compose: Compose,
): Promise<GovResult> {
  const { files, chainId, seid } = context
  const status = await statusOf(seid, signal)
  if (status === undefined) throw new Error('seid does not answer on localhost:26657')
  if (status.network !== chainId) throw new Error(`seid is on chain ${status.network}, not on ${chainId}`)
  const keyName = read.text(params, 'keyName')
  // A ceremony keeps the operator's key under this name; Secrets of keyrings cannot be read here.
  const key = keyName === 'validator' ? files.home?.operatorKey : undefined
  if (key === undefined) throw new Error(`${keyName}.info: key not found`)
  const memo = read.optionalText(params, 'memo') ?? ''
  return transact(context, signal, {
    id,
    key: Buffer.from(key, 'hex'),
    memo: memo === '' ? `taskID=${id}` : `${memo} taskID=${id}`,
    fee: { amount: [coin(params, 'fees')], gas: heightParam(params, 'gas') },
    compose: (signer) => compose(params, signer),
  })
}

function proposal(params: read.Params, proposer: string, content: ProposalContent): TxMessage {
  return {
    '@type': '/cosmos.gov.v1beta1.MsgSubmitProposal',
    content,
    initialDeposit: [coin(params, 'initialDeposit')],
    proposer,
    isExpedited: false,
  }
}

/** An amount above nothing, in usei: governance takes no other coin. */
function coin(params: read.Params, key: string): Messages['Coin'] {
  const value = read.text(params, key)
  const [, amount] = /^(\d+)usei$/.exec(value) ?? []
  if (amount === undefined || /^0+$/.test(amount))
    throw new Error(`${key} must be a positive amount of usei, got ${JSON.stringify(value)}`)
  return { denom: 'usei', amount }
}

/** Values of parameters are JSON there. */
function changesOf(params: read.Params): Messages['ParamChange'][] {
  const changes = read.objectList(params, 'changes')
  if (changes.length === 0) throw new Error('missing required parameter changes')
  return changes.map((change) => ({
    subspace: read.text(change, 'subspace'),
    key: read.text(change, 'key'),
    value: JSON.stringify(change['value'] ?? null),
  }))
}

function optionOf(params: read.Params): number {
  const option = read.text(params, 'option')
  const name = `VOTE_OPTION_${option.toUpperCase().replaceAll('-', '_')}`
  const found = Object.entries(voteOptions).find(([known]) => known === name)
  if (found === undefined) throw new Error(`unknown vote option ${JSON.stringify(option)}`)
  return found[1]
}
