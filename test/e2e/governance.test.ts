import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tasks } from '../../src/contract/tasks.ts'
import { at, startLiveNetwork, type LiveNetwork } from '../helpers/live-network.ts'

/** Governance and upgrades of one live network, by the client that scripts and the supervisor use. */

const name = 'gov'
let live: LiveNetwork | undefined
let tasks: Tasks
let network: LiveNetwork['network']
let followers: LiveNetwork['followers']

beforeAll(async () => {
  live = await startLiveNetwork(name, { 'gov.voting_params.voting_period': '60s' })
  ;({ network, followers } = live)
  ;({ tasks } = live.client)
})

afterAll(() => live?.close())

test('behavior: a proposal is submitted and voted on', async () => {
  const proposal = await tasks.govParamChange(at(network.validators, 0), {
    changes: [{ subspace: 'staking', key: 'MaxValidators', value: 40 }],
  })
  expect(proposal.proposalId).toBeGreaterThan(0)
  const { succeeded } = await tasks.each(network.validators, (node) =>
    tasks.govVote(node, { proposalId: proposal.proposalId }),
  )
  expect(succeeded.map(({ value }) => value.txHash)).toHaveLength(3)
})

test('behavior: a network goes through an upgrade, its followers with it', async () => {
  const result = await tasks.networkUpgrade(network, {
    upgradeName: 'v7.0',
    image: 'sei/seid:v7.0',
    followers,
  })
  expect(result.plan.name).toBe('v7.0')
  expect(result.appliedHeight).toBe(result.plan.height)
  for (const height of Object.values(result.heights))
    expect(height).toBeGreaterThanOrEqual(result.plan.height + 10)
  expect(Object.keys(result.heights)).toHaveLength(5)
})
