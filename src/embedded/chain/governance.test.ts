import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordedJson, shapeOf } from '../../../test/helpers/seid-captures.ts'
import {
  getJson,
  operatorKey,
  reaches,
  startChain,
  type RunningNode,
  type TestChain,
} from '../../../test/helpers/seid-chain.ts'
import { sendTx, signedTx, type SentTx } from '../../../test/helpers/seid-tx.ts'
import type { ProposalContent } from './tx/messages.ts'
import { accountOfKey, proposalIdOf, type TxToSign } from './tx/sign.ts'

/** Simulated time is 500 times as fast: a voting period of 1000 s is two seconds. */
const periods = {
  'gov.voting_params.voting_period': '2000s',
  'gov.voting_params.expedited_voting_period': '1000s',
  'gov.deposit_params.max_deposit_period': '500s',
}
let chain: TestChain
let node: RunningNode

beforeAll(async () => {
  chain = await startChain({ powers: [40, 30, 20, 10], overrides: periods })
  node = chain.nodes[0] as RunningNode
  await reaches(node, 3)
})
afterAll(async () => chain[Symbol.asyncDispose]())

const text: ProposalContent = { '@type': '/cosmos.gov.v1beta1.TextProposal', title: 't', description: 'd' }

async function send(
  voter: number,
  message: TxToSign['messages'][number],
  change: Partial<TxToSign> = {},
): Promise<SentTx> {
  return sendTx(node, await signedTx(node, operatorKey(voter), [message], change))
}

function upgradeTo(name: string, height: number, info = ''): ProposalContent {
  return {
    '@type': '/cosmos.upgrade.v1beta1.SoftwareUpgradeProposal',
    title: `to ${name}`,
    description: 'd',
    plan: { name, height, info },
  }
}

function submit(content: ProposalContent, amount = '20000000', isExpedited = true): Promise<SentTx> {
  return send(3, {
    '@type': '/cosmos.gov.v1beta1.MsgSubmitProposal',
    content,
    initialDeposit: [{ denom: 'usei', amount }],
    proposer: accountOfKey(operatorKey(3)),
    isExpedited,
  })
}

function vote(voter: number, proposalId: number, option: number): Promise<SentTx> {
  const account = accountOfKey(operatorKey(voter))
  return send(voter, { '@type': '/cosmos.gov.v1beta1.MsgVote', proposalId, voter: account, option })
}

interface Printed {
  readonly proposal: {
    readonly status: string
    readonly is_expedited: boolean
    readonly [key: string]: unknown
  }
}

function proposal(id: number): Promise<Printed> {
  return getJson(`${node.rest}/cosmos/gov/v1beta1/proposals/${id}`) as Promise<Printed>
}

async function settled(id: number): Promise<Printed['proposal']> {
  return expect
    .poll(async () => (await proposal(id)).proposal, { timeout: 10_000 })
    .toMatchObject({ status: expect.stringMatching(/PASSED|REJECTED|FAILED/) as string })
    .then(async () => (await proposal(id)).proposal)
}

async function proposed(content: ProposalContent, isExpedited = true): Promise<number> {
  const sent = await submit(content, '20000000', isExpedited)
  expect(sent.log).toContain('proposal_deposit')
  return proposalIdOf(sent.data) ?? 0
}

describe('an upgrade that is voted for', () => {
  test('default: from deposit to plan, in the recorded shapes', async () => {
    const height = Number(
      ((await getJson(`${node.rpc}/status`)) as { sync_info: { latest_block_height: string } }).sync_info
        .latest_block_height,
    )
    const id = await proposed(upgradeTo('v-far', height + 100_000, 'info text'))
    expect(shapeOf(await proposal(id))).toEqual(shapeOf(recordedJson('upgrade-proposal.json')))
    expect(await proposal(id)).toMatchObject({
      proposal: {
        content: { plan: { name: 'v-far', height: String(height + 100_000), info: 'info text' } },
        status: 'PROPOSAL_STATUS_VOTING_PERIOD',
        total_deposit: [{ denom: 'usei', amount: '20000000' }],
        is_expedited: true,
      },
    })
    await Promise.all([0, 1].map((voter) => vote(voter, id, 1)))
    expect(await getJson(`${node.rest}/cosmos/gov/v1beta1/proposals/${id}/tally`)).toEqual({
      tally: { yes: '70000000', abstain: '0', no: '0', no_with_veto: '0' },
    })
    expect(await settled(id)).toMatchObject({
      status: 'PROPOSAL_STATUS_PASSED',
      final_tally_result: { yes: '70000000' },
    })
    expect(await getJson(`${node.rest}/cosmos/upgrade/v1beta1/current_plan`)).toMatchObject({
      plan: { name: 'v-far', height: String(height + 100_000), info: 'info text' },
    })
    expect(await getJson(`${node.rest}/cosmos/upgrade/v1beta1/applied_plan/v-far`)).toEqual({ height: '0' })
  })

  test('behavior: the last vote of an account counts, and half the power is not a majority', async () => {
    const id = await proposed(text)
    await vote(0, id, 1)
    await Promise.all([vote(0, id, 3), vote(1, id, 1), vote(2, id, 1)])
    expect(await getJson(`${node.rest}/cosmos/gov/v1beta1/proposals/${id}/votes`)).toMatchObject({
      votes: [{ option: 'VOTE_OPTION_NO' }, { option: 'VOTE_OPTION_YES' }, { option: 'VOTE_OPTION_YES' }],
    })
    const voter = accountOfKey(operatorKey(1))
    expect(await getJson(`${node.rest}/cosmos/gov/v1beta1/proposals/${id}/votes/${voter}`)).toMatchObject({
      vote: { proposal_id: String(id), voter, option: 'VOTE_OPTION_YES' },
    })
    // 50 of 90: too few of an expedited vote, so it becomes a regular one, whose votes start over.
    await expect
      .poll(async () => (await proposal(id)).proposal, { timeout: 10_000 })
      .toMatchObject({ is_expedited: false, status: 'PROPOSAL_STATUS_VOTING_PERIOD' })
    await Promise.all([vote(0, id, 4), vote(1, id, 1)])
    expect(await settled(id)).toMatchObject({
      status: 'PROPOSAL_STATUS_REJECTED',
      final_tally_result: { yes: '30000000', no_with_veto: '40000000' },
    })
  })

  test('behavior: an upgrade whose height is behind the tip at the tally fails', async () => {
    const { sync_info } = (await getJson(`${node.rpc}/status`)) as {
      sync_info: { latest_block_height: string }
    }
    const id = await proposed(upgradeTo('v-late', Number(sync_info.latest_block_height) + 60))
    await Promise.all([0, 1].map((voter) => vote(voter, id, 1)))
    expect(await settled(id)).toMatchObject({ status: 'PROPOSAL_STATUS_FAILED' })
  })

  test('behavior: a deposit that is too small waits for more, and is forgotten in time', async () => {
    const sent = await submit(text, '1')
    const id = proposalIdOf(sent.data) ?? 0
    expect((await proposal(id)).proposal).toMatchObject({
      status: 'PROPOSAL_STATUS_DEPOSIT_PERIOD',
      voting_start_time: '0001-01-01T00:00:00Z',
    })
    expect(await vote(0, id, 1)).toMatchObject({ code: 3, codespace: 'gov' })
    await expect
      .poll(() => proposal(id), { timeout: 10_000 })
      .toMatchObject({ code: 5, message: `proposal ${id} doesn't exist` })
  })

  test('behavior: a parameter change is seen where the chain serves it', async () => {
    const id = await proposed({
      '@type': '/cosmos.params.v1beta1.ParameterChangeProposal',
      title: 'p',
      description: 'd',
      changes: [{ subspace: 'gov', key: 'tallyparams', value: '{"quorum":"0.400000000000000000"}' }],
      isExpedited: true,
    })
    await Promise.all([0, 1].map((voter) => vote(voter, id, 1)))
    await settled(id)
    expect(await getJson(`${node.rest}/cosmos/gov/v1beta1/params/tallying`)).toMatchObject({
      tally_params: { quorum: '0.400000000000000000', threshold: '0.500000000000000000' },
    })
  })
})

describe('what is refused', () => {
  const account = accountOfKey(operatorKey(0))
  const ballot = {
    '@type': '/cosmos.gov.v1beta1.MsgVote',
    proposalId: 99,
    voter: account,
    option: 1,
  } as const
  const stranger = operatorKey(77)

  test.for([
    [
      'a wrong sequence',
      { sequence: 90 },
      32,
      /^account sequence mismatch, expected \d+, got 90: incorrect account sequence$/,
    ],
    [
      'another chain',
      { chainId: 'sei-other' },
      4,
      /^signature verification failed; please verify account number \(\d+\)/,
    ],
    [
      'no fee',
      { fee: { amount: [], gas: 200_000 } },
      13,
      /^insufficient fees; got:  required: 2000usei: insufficient fee$/,
    ],
    [
      'a fee beyond the balance',
      { fee: { amount: [{ denom: 'usei', amount: '9'.repeat(20) }], gas: 200_000 } },
      5,
      /usei is smaller than 9+usei: insufficient funds/,
    ],
    [
      'little gas',
      { fee: { amount: [{ denom: 'usei', amount: '10000' }], gas: 100 } },
      11,
      /^out of gas in location: txSize/,
    ],
    [
      'a long memo',
      { memo: 'x'.repeat(257) },
      12,
      /^maximum number of characters is 256 but received 257 characters: memo too large$/,
    ],
  ] as const)('error: %s', async ([, change, code, log]) => {
    const sent = await send(0, ballot, change)
    expect(sent).toMatchObject({ code, codespace: 'sdk', log: expect.stringMatching(log) as string })
  })

  test('default: check_tx tells without consequences', async () => {
    const wrong = await signedTx(node, operatorKey(0), [ballot], { sequence: 90 })
    const right = await signedTx(node, operatorKey(0), [ballot])
    for (const [tx, code] of [
      [wrong, 32],
      [right, 0],
      [right, 0],
    ] as const)
      expect(await getJson(`${node.rpc}/check_tx?tx=0x${Buffer.from(tx).toString('hex')}`)).toMatchObject({
        code,
      })
  })

  test('error: an account that does not exist, a key that is not its own', async () => {
    const voter = accountOfKey(stranger)
    const unknown = await sendTx(node, await signedTx(node, stranger, [{ ...ballot, voter }]))
    expect(unknown).toMatchObject({
      code: 9,
      log: `fee payer address: ${voter} does not exist: unknown address`,
    })
    const forged = await sendTx(node, await signedTx(node, operatorKey(1), [ballot]))
    expect(forged).toMatchObject({
      code: 8,
      log: expect.stringMatching(/^pubKey does not match signer address/) as string,
    })
  })

  test('error: what only shows in the block costs its fee', async () => {
    expect(await send(0, ballot)).toMatchObject({
      code: 2,
      codespace: 'gov',
      log: 'failed to execute message; message index: 0: 99: unknown proposal',
    })
    const past = await submit(upgradeTo('v-past', 1))
    expect(past).toMatchObject({ code: 5, codespace: 'gov' })
    expect(past.log).toContain('upgrade cannot be scheduled in the past')
    const poor = await submit(text, '9'.repeat(20))
    expect(poor).toMatchObject({ code: 5, codespace: 'sdk' })
    expect((await getJson(`${node.rest}/cosmos/gov/v1beta1/proposals`)) as object).toMatchObject({
      proposals: expect.not.arrayContaining([
        expect.objectContaining({ content: expect.objectContaining({ title: 'to v-past' }) }),
      ]) as unknown[],
    })
  })
})
