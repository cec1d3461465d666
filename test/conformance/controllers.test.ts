import { afterAll, beforeAll, expect, test } from 'vitest'

import { seiNetworks, seiNodes } from '../../src/contract/kinds.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../../src/contract/crds/head/seinode.ts'
import {
  createFollower,
  createNetwork,
  eventsAbout,
  record,
  startTestCluster,
  type TestCluster,
  until,
} from '../helpers/embedded-cluster.ts'
import { timeline, type TimelineName } from '../helpers/kind-captures.ts'
import { distinct, networkMilestone, nodeMilestone, recordedMilestone } from '../helpers/milestones.ts'

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster()
})

afterAll(() => cluster.close())

const settled = (node: SeiNode): boolean =>
  node.status?.conditions?.some((condition) => condition.reason === 'UpdateComplete') === true
const upToDate = (network: SeiNetwork): boolean => network.status?.upToDateReplicas === network.spec.replicas

/** What the recording of a start-up says of one network or node. */
function recorded(name: TimelineName, kind: 'NET' | 'NODE', object: string): string[] {
  const entries = timeline(name).filter((entry) => entry.kind === kind && entry.name === object)
  return distinct(entries.map(recordedMilestone))
}

/**
 * Whether a network is seen waiting for its children alone depends on who looks first at what the assembly made: the network,
 * or the children that wait for it.
 */
function isFixed(milestone: string): boolean {
  return !milestone.startsWith('Initializing await-nodes-running ')
}

function networkMilestones(versions: readonly SeiNetwork[] = []): string[] {
  return distinct(versions.map(networkMilestone)).filter(isFixed)
}

/** Events of the recording about one object; Kubernetes 1.36 writes a verb large that 1.34 wrote small. */
function recordedEvents(name: TimelineName, about: string): string[] {
  return timeline(name).flatMap(({ kind, text }) => {
    const match = kind === 'EVENT' ? /^(\w+) (\S+) (\w+) x1: (.*)$/.exec(text) : null
    return match?.[2] === about ? [`${match[1]} ${match[3]}: ${match[4]?.replace(/^create/, 'Create')}`] : []
  })
}

test('default: one validator goes through the recorded phases, plans, conditions and events', async () => {
  const { kube } = cluster
  const ref = { namespace: 'default', name: 'one' }
  const networks = record<SeiNetwork>(kube, seiNetworks, 'default')
  const nodes = record<SeiNode>(kube, seiNodes, 'default')
  await createNetwork(kube, ref)
  await until(kube, seiNetworks, ref, upToDate)
  await until(kube, seiNodes, { namespace: 'default', name: 'one-0' }, settled)

  expect(networkMilestones(networks.get('one'))).toEqual(recorded('one', 'NET', 'one').filter(isFixed))
  expect(distinct((nodes.get('one-0') ?? []).map(nodeMilestone))).toEqual(recorded('one', 'NODE', 'one-0'))
  for (const [kind, name] of [
    ['SeiNetwork', 'one'],
    ['SeiNode', 'one-0'],
    ['StatefulSet', 'one-0'],
  ] as const) {
    const expected = recordedEvents('one', `${kind}/${name}`)
    expect(await eventsAbout(kube, 'default', { kind, name }, expected.length)).toEqual(expected)
  }
})

test('default: four validators and two followers go through the recorded phases, plans and conditions', async () => {
  const { kube } = cluster
  const ref = { namespace: 'default', name: 'four' }
  const networks = record<SeiNetwork>(kube, seiNetworks, 'default')
  const nodes = record<SeiNode>(kube, seiNodes, 'default')
  await createNetwork(kube, ref, { replicas: 4 })
  await until<SeiNetwork>(kube, seiNetworks, ref, (network) => network.status?.phase === 'Ready')
  const followers = ['four-rpc-0', 'four-rpc-1']
  await Promise.all(followers.map((name) => createFollower(kube, ref, name)))
  const names = ['four-0', 'four-1', 'four-2', 'four-3', ...followers]
  await Promise.all(names.map((name) => until(kube, seiNodes, { namespace: 'default', name }, settled)))
  await until(kube, seiNetworks, ref, upToDate)

  expect(networkMilestones(networks.get('four'))).toEqual(recorded('four', 'NET', 'four').filter(isFixed))
  for (const name of names)
    expect(distinct((nodes.get(name) ?? []).map(nodeMilestone))).toEqual(recorded('four', 'NODE', name))
  const [validator, follower] = await Promise.all(
    ['four-3', 'four-rpc-1'].map((name) => kube.get<SeiNode>(seiNodes, { namespace: 'default', name })),
  )
  expect(validator?.status).toMatchObject({ phase: 'Running', resolvedPeers: { length: 4 } })
  expect(validator?.status).not.toHaveProperty('endpoint')
  expect(follower?.status).toMatchObject({ phase: 'Running', resolvedPeers: { length: 5 } })
  expect(follower?.status?.endpoint).toEqual({
    evmJsonRpc: 'http://four-rpc-1.default.svc:8545',
    evmWs: 'ws://four-rpc-1.default.svc:8546',
    tendermintRest: 'http://four-rpc-1.default.svc:1317',
    tendermintRpc: 'http://four-rpc-1.default.svc:26657',
  })
})
