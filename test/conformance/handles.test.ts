import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type KubeSeiClient } from '../../src/client/client.ts'
import { wireNetwork, wireNode } from '../../src/client/wire.ts'
import type { Cluster } from '../../src/clusters/cluster.ts'
import { openCluster } from '../../src/clusters/open.ts'
import { readinessBudgets } from '../../src/contract/defaults.ts'
import type { NetworkHandle, NodeHandle, SeiClient } from '../../src/contract/handles.ts'
import type { WireLease } from '../../src/contract/lease.ts'
import { remoteClient } from '../../src/runner/handles/client.ts'
import { remoteNetwork } from '../../src/runner/handles/network.ts'
import { remoteNode } from '../../src/runner/handles/node.ts'
import { jsonTransport } from '../helpers/json-transport.ts'

/** Both implementations of the handle interfaces, over one live network: what holds for one holds for the other. */

interface Subject {
  readonly client: SeiClient
  readonly network: NetworkHandle
  readonly follower: NodeHandle
}

const permit = { kind: 'waiver', reason: 'conformance of handles' } as const
const name = 'handles'

let cluster: Cluster
let local: KubeSeiClient
let subjects: Record<'client' | 'worker', Subject>

beforeAll(async () => {
  cluster = await openCluster({ mode: 'embedded', source: 'option' })
  local = createClient(cluster)
  const network = await local.createNetwork({ name, validators: 3 })
  await Promise.all([network.waitReady(), network.waitPhaseReady()])
  const follower = await local.createNode({ name: `${name}-rpc-0`, network: name })
  await follower.waitReady()
  const transport = jsonTransport(local)
  const { mode, simulated, namespace } = local
  const waitMs = readinessBudgets.embedded.gateMs
  const lease: WireLease = JSON.parse(
    JSON.stringify({
      run: 'r',
      mode,
      simulated,
      waitMs,
      exclusive: false,
      namespace,
      network: wireNetwork(network),
      followers: [wireNode(follower)],
      evidenceFolder: '',
    }),
  )
  const [wire = wireNode(follower)] = lease.followers
  subjects = {
    client: { client: local, network, follower },
    worker: {
      client: remoteClient(lease, transport),
      network: remoteNetwork(lease.network, transport, lease),
      follower: remoteNode(wire, transport, lease),
    },
  }
}, 60_000)

afterAll(async () => {
  local?.close()
  await cluster?.close()
})

describe.for(['client', 'worker'] as const)('%s handles', (side) => {
  const subject = (): Subject => subjects[side]

  test('default: they say who they are and where they answer', () => {
    const { network, follower, client } = subject()
    expect(client).toMatchObject({ mode: 'embedded', simulated: true })
    expect(network).toMatchObject({ name, chainId: name, namespace: client.namespace })
    expect(network.validators.map((node) => node.name)).toEqual([`${name}-0`, `${name}-1`, `${name}-2`])
    expect(Object.keys(network.endpoints.nodes)).toHaveLength(3)
    expect(network.endpoints.published?.tendermintRpc).toBe(
      `http://${name}-internal.${network.namespace}.svc:26657`,
    )
    expect(follower).toMatchObject({ role: 'node', chainId: name })
    expect(follower.endpoints.tendermintRpc).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(follower.endpoints.published?.evmJsonRpc).toBe(
      `http://${name}-rpc-0.${network.namespace}.svc:8545`,
    )
    expect(follower.object?.status?.phase).toBe('Running')
  })

  test('default: heights, statuses and every listener can be read', async () => {
    const { network, follower } = subject()
    const height = await network.latestHeight()
    expect(height).toBeGreaterThan(1)
    expect(await network.earliestHeight()).toBe(1)
    expect(await follower.waitHeight(height)).toBeGreaterThanOrEqual(height)
    expect(await follower.status()).toMatchObject({ chainId: name, catchingUp: false, votingPower: 0 })
    expect(await follower.earliestHeight()).toBe(1)
    expect(await follower.evmBlockNumber()).toBeGreaterThanOrEqual(1)
    expect(await follower.evmChainId()).toBe(713714)
    expect(await follower.evm('net_version')).toBe('713714')
    expect(await follower.rpc('health')).toEqual({})
    const info = await follower.rest('/cosmos/base/tendermint/v1beta1/node_info')
    expect(info).toHaveProperty('default_node_info.network', name)
  })

  test('default: waits for height resolve to what was seen', async () => {
    const { network, follower } = subject()
    const before = await network.latestHeight()
    expect(await network.waitHeightAdvances(2)).toBeGreaterThanOrEqual(before + 2)
    expect(await follower.waitHeightAdvances()).toBeGreaterThan(1)
    expect(await network.waitHeight(before)).toBeGreaterThanOrEqual(before)
  })

  test('error: a height that is far off times out with its own code', async () => {
    const { network, follower } = subject()
    for (const handle of [network, follower]) {
      await expect(handle.waitHeight(1e9, { timeoutMs: 80 })).rejects.toMatchObject({
        code: 'WAIT_TIMEOUT',
        class: 'timeout',
      })
    }
  })

  test('error: a cancelled wait is no time-out', async () => {
    const cancel = new AbortController()
    const waiting = subject().network.waitHeight(1e9, { signal: cancel.signal })
    setTimeout(() => cancel.abort(), 20)
    await expect(waiting).rejects.toMatchObject({ class: 'cancelled' })
  })

  test('error: what a node does not serve, and what it answers with an error, are told apart', async () => {
    const { network, follower } = subject()
    await expect(network.validators[0]?.evmBlockNumber()).rejects.toMatchObject({
      code: 'CAPABILITY_MISSING',
    })
    await expect(follower.evm('eth_syncing')).rejects.toMatchObject({ code: 'PROBE_FAILED' })
    await expect(follower.rpc('block', { height: '99999999' })).rejects.toMatchObject({
      code: 'PROBE_FAILED',
    })
  })

  test('default: refresh reads the object again', async () => {
    const { network, follower } = subject()
    expect(await network.refresh()).toMatchObject({ kind: 'SeiNetwork', metadata: { name } })
    expect(await follower.refresh()).toMatchObject({ kind: 'SeiNode', spec: { chainId: name } })
  })

  test('behavior: waiting for what is ready passes the gates again', async () => {
    const { network } = subject()
    const traces = await network.waitReady()
    expect(traces.map(({ node }) => node)).toEqual(network.validators.map((node) => node.name))
    for (const { steps } of traces) {
      expect(steps.map(({ state }) => state)).toEqual([
        'passed',
        'passed',
        'passed',
        'passed',
        'not applicable',
        'not applicable',
      ])
    }
  })

  test('default: what is already there can be had by its name', async () => {
    const { client } = subject()
    expect(await (await client.getNetwork(name)).latestHeight()).toBeGreaterThan(1)
    expect(await (await client.getNode(`${name}-rpc-0`)).latestHeight()).toBeGreaterThan(1)
    await expect(client.getNode('nobody')).rejects.toMatchObject({ code: 'KUBE_REQUEST' })
  })

  test('default: a follower is created, gets ready, and is deleted twice', async () => {
    const { client } = subject()
    const node = await client.createNode({ name: `${name}-${side}-extra`, network: name })
    const trace = await node.waitReady()
    expect(trace.steps.every(({ state }) => state === 'passed')).toBe(true)
    expect(await node.evmBlockNumber()).toBeGreaterThan(0)
    await node.delete(permit)
    await expect(node.refresh()).rejects.toMatchObject({ code: 'KUBE_REQUEST' })
  })

  test('error: a bad spec is refused before anything is sent', async () => {
    const { client } = subject()
    await expect(client.createNode({ name: 'x'.repeat(60), network: name })).rejects.toMatchObject({
      code: 'BAD_SPEC',
      class: 'usage',
    })
    await expect(client.createNetwork({ name: 'pacific-1' })).rejects.toMatchObject({ code: 'BAD_SPEC' })
  })

  test('error: endpoints of a node that does not run yet are not made up', async () => {
    const { client } = subject()
    const node = await client.createNode({
      name: `${name}-${side}-stuck`,
      network: name,
      image: 'sei/seid:dev--never-pulls',
    })
    expect(() => node.endpoints).toThrow(/not known yet/)
    await expect(node.waitReady()).rejects.toMatchObject({
      code: 'READINESS_FAILED',
      details: { stuck: [{ node: node.name, gate: 'phase', cause: expect.stringContaining('pull') }] },
    })
    await node.delete(permit)
  })
})
