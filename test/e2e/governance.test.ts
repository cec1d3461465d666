import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createClient, type KubeSeiClient } from '../../src/client/client.ts'
import type { ClientNetwork } from '../../src/client/network.ts'
import type { ClientNode } from '../../src/client/node.ts'
import type { Cluster } from '../../src/clusters/cluster.ts'
import { openCluster } from '../../src/clusters/open.ts'
import type { Tasks } from '../../src/contract/tasks.ts'

/** Governance and upgrades of one live network, by the client that scripts and the supervisor use. */

const name = 'gov'
let cluster: Cluster
let client: KubeSeiClient
let tasks: Tasks
let network: ClientNetwork
let followers: ClientNode[]

beforeAll(async () => {
  cluster = await openCluster({ mode: inject('home').mode, source: 'option' })
  client = createClient(cluster)
  ;({ tasks } = client)
  const genesis = { 'gov.voting_params.voting_period': '60s' }
  const config = { 'tx_index.indexer': 'kv', 'api.rest.enable': 'true' }
  network = await client.createNetwork({ name, validators: 3, config, genesis })
  await Promise.all([network.waitReady(), network.waitPhaseReady()])
  followers = await Promise.all(
    [0, 1].map((ordinal) => client.createNode({ name: `${name}-rpc-${ordinal}`, network: name })),
  )
  await Promise.all(followers.map((node) => node.waitReady()))
})

afterAll(async () => {
  client?.close()
  await cluster?.close()
})

const at = <T>(items: readonly T[], index: number): T => {
  const item = items[index]
  if (item === undefined) throw new Error(`no item ${index}`)
  return item
}

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
