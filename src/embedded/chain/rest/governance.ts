import { tallyOf } from '../app/tally.ts'
import type { BlockTime, Proposal, Tally } from '../app/proposal.ts'
import { bech32Address, rfc3339Nano } from '../encoding.ts'
import type { Coin, UpgradePlan } from '../messages.ts'
import { json, planJson } from '../tx/json.ts'
import { typeUrls, type Messages, type MessageName } from '../tx/messages.ts'
import { RestError } from './errors.ts'
import type { RestRequest, RestRoute } from './route.ts'

const gov = '/cosmos/gov/v1beta1'
const upgrade = '/cosmos/upgrade/v1beta1'
const zeroTime = '0001-01-01T00:00:00Z'

export const governanceRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: `${upgrade}/current_plan`,
    run: async ({ node }) => ({ plan: printPlan(await node.session.query('plan')) }),
  },
  {
    method: 'GET',
    path: `${upgrade}/applied_plan/{name}`,
    run: async ({ node, parts: [name = ''] }) => ({
      height: String(await node.session.query('appliedPlan', name)),
    }),
  },
  { method: 'GET', path: `${upgrade}/module_versions`, run: moduleVersions },
  { method: 'GET', path: `${gov}/proposals`, run: proposals },
  {
    method: 'GET',
    path: `${gov}/proposals/{id}`,
    run: async (request) => ({ proposal: printProposal(await proposalOf(request)) }),
  },
  { method: 'GET', path: `${gov}/proposals/{id}/tally`, run: tally },
  {
    method: 'GET',
    path: `${gov}/proposals/{id}/votes`,
    run: async (request) => listed('votes', printVotes(await proposalOf(request))),
  },
  {
    method: 'GET',
    path: `${gov}/proposals/{id}/votes/{voter}`,
    run: async (request) => {
      const [id = '', voter = ''] = request.parts
      const vote = printVotes(await proposalOf(request)).find((one) => one.voter === voter)
      if (vote === undefined) throw new RestError(3, `voter: ${voter} not found for proposal: ${id}`)
      return { vote }
    },
  },
  {
    method: 'GET',
    path: `${gov}/proposals/{id}/deposits`,
    run: async (request) => listed('deposits', printDeposits(await proposalOf(request))),
  },
  { method: 'GET', path: `${gov}/params/{kind}`, run: govParams },
  {
    method: 'GET',
    path: '/cosmos/params/v1beta1/params',
    run: async ({ node, query }) => {
      const [subspace, key] = [query.get('subspace') ?? '', query.get('key') ?? '']
      if (subspace === '' || key === '') throw new RestError(3, 'invalid request')
      return { param: { subspace, key, value: await node.session.query('param', subspace, key) } }
    },
  },
]

/** `?proposal_status=` by name or number, `?voter=`, `?depositor=`. */
async function proposals({ node, query }: RestRequest): Promise<unknown> {
  const status = query.get('proposal_status') ?? ''
  const wanted = /^\d+$/.test(status) ? statuses[Number(status)] : status.replace(/^PROPOSAL_STATUS_/, '')
  const voter = query.get('voter') ?? ''
  const depositor = query.get('depositor') ?? ''
  const found = (await node.session.query('proposals')).filter(
    (proposal) =>
      (wanted === '' || wanted === 'UNSPECIFIED' || proposal.status === wanted) &&
      (voter === '' || printVotes(proposal).some((vote) => vote.voter === voter)) &&
      (depositor === '' || printDeposits(proposal).some((deposit) => deposit.depositor === depositor)),
  )
  return listed('proposals', found.map(printProposal))
}

const statuses = ['UNSPECIFIED', 'DEPOSIT_PERIOD', 'VOTING_PERIOD', 'PASSED', 'REJECTED', 'FAILED']

async function proposalOf({ node, parts: [id = ''] }: RestRequest): Promise<Proposal> {
  if (!/^\d+$/.test(id))
    throw new RestError(
      3,
      `type mismatch, parameter: proposal_id, error: strconv.ParseUint: parsing "${id}": invalid syntax`,
    )
  if (Number(id) === 0) throw new RestError(3, 'proposal id can not be 0')
  const proposal = await node.session.query('proposal', Number(id))
  if (proposal === undefined) throw new RestError(5, `proposal ${id} doesn't exist`)
  return proposal
}

/** What has been counted, or while the vote is open, what would be. */
async function tally(request: RestRequest): Promise<unknown> {
  const proposal = await proposalOf(request)
  const { members } = await request.node.session.query('validators', request.node.view.height)
  const counted = proposal.status === 'VOTING_PERIOD' ? tallyOf(proposal, members) : proposal.finalTally
  return { tally: printTally(counted) }
}

async function govParams({ node, parts: [kind = ''] }: RestRequest): Promise<unknown> {
  const params = await node.session.query('govParams')
  const names = { voting: 'voting_params', deposit: 'deposit_params', tallying: 'tally_params' } as const
  if (!Object.hasOwn(names, kind)) throw new RestError(3, `${kind} is not a valid parameter type`)
  return { [names[kind as keyof typeof names]]: params[names[kind as keyof typeof names]] }
}

/** Consensus versions of the modules; upgrades here have handlers that change none. */
function moduleVersions({ query }: RestRequest): unknown {
  const wanted = query.get('module_name') ?? ''
  const found = modules.filter((name) => wanted === '' || name === wanted)
  if (found.length === 0) throw new RestError(5, `x/upgrade: QueryModuleVersions module ${wanted} not found`)
  return { module_versions: found.map((name) => ({ name, version: '1' })) }
}

const modules =
  'auth authz bank distribution evidence evm feegrant genutil gov mint oracle params slashing staking upgrade wasm'.split(
    ' ',
  )

function listed(name: string, items: readonly unknown[]): unknown {
  return { [name]: items, pagination: { next_key: null, total: String(items.length) } }
}

function printProposal(proposal: Proposal): unknown {
  const { id, content, status, voting } = proposal
  const { '@type': type } = content
  const fields = json(typeUrls[type] as MessageName, content as unknown as Messages[MessageName]) as object
  return {
    proposal_id: String(id),
    content: { '@type': type, ...fields },
    status: `PROPOSAL_STATUS_${status}`,
    final_tally_result: printTally(proposal.finalTally),
    submit_time: printTime(proposal.submitted),
    deposit_end_time: printTime(proposal.depositEnd),
    total_deposit: proposal.totalDeposit,
    voting_start_time: voting === undefined ? zeroTime : printTime(voting.start),
    voting_end_time: voting === undefined ? zeroTime : printTime(voting.end),
    is_expedited: proposal.isExpedited,
  }
}

function printTime({ ms, salt }: BlockTime): string {
  return rfc3339Nano(ms, salt)
}

function printTally({ yes, abstain, no, noWithVeto }: Tally): unknown {
  return { yes: String(yes), abstain: String(abstain), no: String(no), no_with_veto: String(noWithVeto) }
}

interface PrintedVote {
  readonly proposal_id: string
  readonly voter: string
  readonly option: string
  readonly options: readonly { readonly option: string; readonly weight: string }[]
}

function printVotes({ id, votes }: Proposal): PrintedVote[] {
  return [...votes].map(([account, option]) => ({
    proposal_id: String(id),
    voter: bech32Address('sei', account),
    option,
    options: [{ option, weight: '1.000000000000000000' }],
  }))
}

interface PrintedDeposit {
  readonly proposal_id: string
  readonly depositor: string
  readonly amount: readonly Coin[]
}

function printDeposits({ id, deposits }: Proposal): PrintedDeposit[] {
  return [...deposits].map(([account, amount]) => ({
    proposal_id: String(id),
    depositor: bech32Address('sei', account),
    amount,
  }))
}

function printPlan(plan: UpgradePlan | undefined): unknown {
  return plan === undefined ? null : planJson(plan)
}
