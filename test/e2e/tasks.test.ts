import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seiNodeTasks } from '../../src/contract/kinds.ts'
import type { SeiNodeTask } from '../../src/contract/crds/head/seinodetask.ts'
import { quorum, type Tasks } from '../../src/contract/tasks.ts'
import { at, startLiveNetwork, type LiveNetwork } from '../helpers/live-network.ts'

/** Operations on the nodes of one live network, by the client that scripts and the supervisor use. */

const name = 'ops'
let live: LiveNetwork | undefined
let tasks: Tasks
let cluster: LiveNetwork['cluster']
let client: LiveNetwork['client']
let network: LiveNetwork['network']
let followers: LiveNetwork['followers']

beforeAll(async () => {
  live = await startLiveNetwork(name)
  ;({ cluster, client, network, followers } = live)
  ;({ tasks } = live.client)
})

afterAll(() => live?.close())

async function taskObjects(): Promise<string[]> {
  const { items } = await cluster.kube.list<SeiNodeTask>(seiNodeTasks, { namespace: client.namespace })
  return items.map(({ metadata }) => metadata.name)
}

test('default: the kinds of the installed definition are known', async () => {
  expect(await tasks.capabilities()).toEqual({
    kinds: expect.arrayContaining(['RestartSeid', 'GovParamChange']),
    source: 'definition',
  })
})

describe('restarts', () => {
  test('behavior: restartPod without its kind replaces exactly the pod that is there, and proves it', async () => {
    const node = at(followers, 0)
    const result = await tasks.restartPod(node)
    expect(result).toMatchObject({ kind: 'RestartPod', way: 'pod-deletion', node: node.name, tasks: [] })
    expect(result.podUID.after).not.toBe(result.podUID.before)
    expect(result.height).toBeGreaterThan(1)
  })

  test('behavior: restartSeid leaves the pod and restarts what is in it', async () => {
    const result = await tasks.restartSeid(at(followers, 1))
    expect(result).toMatchObject({ kind: 'RestartSeid', way: 'task' })
    expect(result.podUID.after).toBe(result.podUID.before)
    expect(result.restartCount.after).toBe(result.restartCount.before + 1)
    expect(await taskObjects()).toEqual(expect.arrayContaining([...result.tasks]))
  })

  test('behavior: discoverPeers shows what was resolved and who is linked', async () => {
    const result = await tasks.discoverPeers(at(followers, 0))
    expect(result).toMatchObject({ kind: 'DiscoverPeers', way: 'restart' })
    expect(result.resolvedPeers.length).toBeGreaterThanOrEqual(3)
    expect(result.connectedPeers.length).toBeGreaterThanOrEqual(2)
  })

  test('behavior: an operation on every follower succeeds where a quorum of them does', async () => {
    const nodes = [...followers, { name: 'nobody', namespace: client.namespace }]
    const { succeeded, failed } = await tasks.each(nodes, (node) => tasks.markReady(node), {
      require: quorum(2),
    })
    expect(succeeded.map(({ node }) => node).toSorted()).toEqual(followers.map((node) => node.name))
    expect(failed).toMatchObject([{ node: 'nobody', error: { code: 'TASK_FAILED' } }])
  })
})

describe('heights and images', () => {
  test('behavior: awaitHeight ends when the node has it', async () => {
    const height = (await network.latestHeight()) + 3
    const result = await tasks.awaitHeight(at(followers, 0), height)
    expect(result.height).toBeGreaterThanOrEqual(height)
  })

  test('behavior: the image of a follower is swapped, and the pod runs it', async () => {
    const node = at(followers, 1)
    const result = await tasks.updateImage(node, 'sei/seid:next')
    expect(result).toMatchObject({
      way: 'task',
      image: { before: 'sei/seid:dev', after: 'sei/seid:next' },
      nodes: [node.name],
      outputs: { updateNodeImage: { appliedImage: 'sei/seid:next' } },
    })
    expect((await node.refresh()).status?.currentImage).toBe('sei/seid:next')
  })

  test('behavior: the image of a network is swapped for all its validators', async () => {
    const result = await tasks.updateImage(network, 'sei/seid:next')
    expect(result).toMatchObject({ way: 'spec', nodes: network.validators.map((node) => node.name) })
    expect(result.deletedPods).toEqual([])
  })
})

describe('bad input leaves nothing behind', () => {
  const cases: [string, () => Promise<unknown>, object][] = [
    [
      'a validator’s own image',
      () => tasks.updateImage(at(network.validators, 0), 'sei/seid:x'),
      { code: 'BAD_INPUT' },
    ],
    [
      'the image that is there',
      async () => {
        const node = at(followers, 0)
        return tasks.updateImage(node, (await node.refresh()).spec.image)
      },
      { code: 'BAD_INPUT' },
    ],
    [
      'the UID of another pod',
      () => tasks.restartPod(at(followers, 0), { podUID: 'b0b' }),
      { code: 'BAD_INPUT' },
    ],
    [
      'a node that is not there',
      () => tasks.restartSeid({ name: 'nobody', namespace: 'default' }),
      { code: 'KUBE_REQUEST' },
    ],
    [
      'a height that has passed',
      () => tasks.govUpgrade(at(network.validators, 0), { upgradeName: 'v9', upgradeHeight: 2 }),
      { code: 'BAD_INPUT', message: /height 2 has passed/ },
    ],
    [
      'a deposit that is too small',
      async () =>
        tasks.govUpgrade(at(network.validators, 0), {
          upgradeName: 'v9',
          upgradeHeight: 1_000_000,
          initialDeposit: '1usei',
        }),
      { code: 'BAD_INPUT', message: /deposit 1usei is too small/ },
    ],
    [
      'a kind of June',
      () =>
        tasks.run({
          kind: 'DiscoverPeers',
          discoverPeers: {},
          target: { nodeRef: { name: `${name}-rpc-0` } },
        }),
      { code: 'CAPABILITY_MISSING' },
    ],
    ['an unknown kind', () => tasks.run({ kind: 'Reboot' } as never), { code: 'BAD_INPUT' }],
    ['no time at all', () => tasks.restartSeid(at(followers, 0), { timeoutMs: 0 }), { code: 'BAD_INPUT' }],
    ['a height of nothing', () => tasks.awaitHeight(at(followers, 0), 0), { code: 'BAD_INPUT' }],
    ['no node', () => tasks.markReady(undefined as never), { code: 'BAD_INPUT' }],
  ]
  test.for(cases)('error: %s', async ([, act, error]) => {
    const before = await taskObjects()
    await expect(act()).rejects.toMatchObject(
      'message' in error ? { ...error, message: expect.stringMatching(error.message as RegExp) } : error,
    )
    expect(await taskObjects()).toEqual(before)
  })
})

test('error: a task that does not end in time says what it does, and that it goes on', async () => {
  const waiting = tasks.awaitHeight(at(followers, 0), 10_000_000, { timeoutMs: 500 })
  await expect(waiting).rejects.toMatchObject({
    class: 'timeout',
    code: 'TASK_FAILED',
    details: {
      kind: 'AwaitNodesAtHeight',
      node: `${name}-rpc-0`,
      reason: expect.stringMatching(/Timeout/),
      target: { phase: 'Running', pod: { ready: true } },
    },
  })
})
