// @vitest-environment-options {"tasks": true}
import { describe, expect, test, type NodeHandle } from 'vitest-environment-sei/test'

interface NetInfo {
  peers: { node_id: string }[]
}

/** Ids of the nodes that this one is linked with. */
async function peersOf(node: NodeHandle): Promise<string[]> {
  const { peers } = await node.rpc<NetInfo>('net_info')
  return peers.map((peer) => peer.node_id).toSorted()
}

describe('refresh peers', () => {
  test('each follower finds its peers again, restarts, and keeps following', async ({
    network,
    followers,
    tasks,
  }) => {
    const validators = await Promise.all(network.validators.map(async (node) => (await node.status()).nodeId))
    for (const node of followers) {
      const [head, peers] = await Promise.all([network.latestHeight(), peersOf(node)])
      expect(peers.length).toBeGreaterThanOrEqual(2)

      // Writes the peers into the node's configuration, where the cluster has that task; seid reads it at its next start.
      const found = await tasks.discoverPeers(node)
      expect(found.resolvedPeers.length).toBeGreaterThanOrEqual(network.validators.length)

      const restart = await tasks.restartPod(node)
      expect(restart.podUID.after).not.toBe(restart.podUID.before)
      expect(restart.height).toBeGreaterThanOrEqual(head)

      const after = await peersOf(node)
      expect(after.filter((id) => validators.includes(id)).length).toBeGreaterThanOrEqual(2)
      expect((await node.status()).catchingUp).toBe(false)
    }
  })

  test('the network never stopped for it', async ({ network, followers }) => {
    const head = await network.waitHeightAdvances(3)
    const heights = await Promise.all(followers.map((node) => node.waitHeight(head)))
    for (const height of heights) expect(height).toBeGreaterThanOrEqual(head)
  })

  test('all followers can do it at once, and a quorum of them is enough', async ({ followers, tasks }) => {
    const { succeeded } = await tasks.each(followers, (node) => tasks.restartSeid(node), {
      require: { quorum: 1 },
    })
    expect(succeeded.length).toBeGreaterThanOrEqual(1)
    for (const { value } of succeeded)
      expect(value.restartCount.after).toBeGreaterThan(value.restartCount.before)
  })
})
