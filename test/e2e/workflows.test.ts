import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SimulatedCluster } from '../../src/clusters/simulated.ts'
import type { SeiNetwork } from '../../src/contract/crds/head/seinetwork.ts'
import type { SeiNodeTaskWorkflow } from '../../src/contract/crds/head/seinodetaskworkflow.ts'
import { seiNetworks, seiNodes, seiNodeTaskWorkflows } from '../../src/contract/kinds.ts'
import { startHome } from '../helpers/home.ts'
import { follower, network, until } from '../helpers/sei-objects.ts'

/** A workflow on a follower of a live network, whose validators keep snapshots. */

let cluster: SimulatedCluster
beforeAll(async () => {
  cluster = await startHome()
})
afterAll(() => cluster?.close())

interface Sync {
  readonly latest_block_height: string
  readonly earliest_block_height: string
  readonly catching_up: boolean
}

async function syncOf(node: string): Promise<Sync> {
  const url = await cluster.reach(`http://${node}.default.svc:26657/status`)
  const { sync_info } = (await (await fetch(url)).json()) as { sync_info: Sync }
  return sync_info
}

test('default: state sync starts a follower over, from a snapshot of its peers', async () => {
  const { kube } = cluster
  const configOverrides = { ...network('').spec.configOverrides, 'storage.snapshot_interval': '10' }
  await kube.create(seiNetworks, network('net', { replicas: 3, configOverrides }))
  await kube
    .watch<SeiNetwork>(seiNetworks)
    .waitFor((items) => items.find(({ status }) => status?.phase === 'Ready'))
  await kube.create(seiNodes, follower('net-rpc-0', 'net'))
  const before = await until(
    () => syncOf('net-rpc-0'),
    (sync) => !sync.catching_up && Number(sync.latest_block_height) > 20,
  )
  expect(before.earliest_block_height).toBe('1')

  const workflow: SeiNodeTaskWorkflow = {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNodeTaskWorkflow',
    metadata: { name: 'sync', namespace: 'default' },
    spec: {
      kind: 'StateSync',
      target: { nodeRef: { name: 'net-rpc-0' } },
      stateSync: { rpcServers: ['net-0.default.svc:26657', 'net-1.default.svc:26657'] },
    },
  }
  await kube.create(seiNodeTaskWorkflows, workflow)
  const done = await kube
    .watch<SeiNodeTaskWorkflow>(seiNodeTaskWorkflows)
    .waitFor((items) =>
      items.find(({ status }) => status?.phase === 'Complete' || status?.phase === 'Failed'),
    )
  expect(done.status?.phase, JSON.stringify(done.status)).toBe('Complete')
  // Complete means that the node was let go: it catches up after that.
  const after = await until(
    () => syncOf('net-rpc-0'),
    (sync) =>
      !sync.catching_up &&
      Number(sync.earliest_block_height) > 1 &&
      Number(sync.latest_block_height) > Number(before.latest_block_height),
  )
  expect(Number(after.earliest_block_height) % 10).toBe(0)
})
