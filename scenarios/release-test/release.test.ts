import { describe, expect, test } from 'vitest-environment-sei/test'

interface NodeInfo {
  default_node_info: { network: string }
}

interface LatestBlock {
  block: { header: { chain_id: string; height: string } }
}

describe('release test', () => {
  test('every follower names the chain of its network', async ({ network, followers }) => {
    expect(followers.length).toBeGreaterThan(0)
    for (const node of followers) {
      const [status, info, evmChainId] = await Promise.all([
        node.status(),
        node.rest<NodeInfo>('/cosmos/base/tendermint/v1beta1/node_info'),
        node.evmChainId(),
      ])
      expect(status.chainId).toBe(network.chainId)
      expect(info.default_node_info.network).toBe(network.chainId)
      expect(evmChainId).toBe(713714)
    }
  })

  test('heights over RPC, EVM and REST agree across followers', async ({ network, followers }) => {
    const height = (await network.latestHeight()) + 1
    for (const node of followers) {
      await node.waitHeight(height)
      const [rpc, evm, rest] = await Promise.all([
        node.latestHeight(),
        node.evmBlockNumber(),
        node.rest<LatestBlock>('/cosmos/base/tendermint/v1beta1/blocks/latest'),
      ])
      const heights = [rpc, evm, Number(rest.block.header.height)]
      // The three listeners are asked one after another, and a block may come in between.
      expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(1)
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(height - 1)
    }
  })

  test('followers serve the block that the validators committed', async ({ network, followers }) => {
    const height = await network.latestHeight()
    const hashOf = async (node: (typeof followers)[number]): Promise<string> => {
      await node.waitHeight(height)
      const block = await node.rpc<{ block_id: { hash: string } }>('block', { height: String(height) })
      return block.block_id.hash
    }
    const hashes = await Promise.all([...network.validators, ...followers].map(hashOf))
    expect(new Set(hashes).size).toBe(1)
  })

  test('blocks keep coming', async ({ network }) => {
    const before = await network.latestHeight()
    expect(await network.waitHeightAdvances(5)).toBeGreaterThanOrEqual(before + 5)
  })

  test('a follower added later catches up', async ({ network, sei }) => {
    const node = await sei.createNode({ name: `${network.name}-late`, network: network.name })
    const trace = await node.waitReady()
    expect(trace.steps.map(({ gate, state }) => `${gate} ${state}`)).toEqual([
      'phase passed',
      'rpc passed',
      'height passed',
      'advancing passed',
      'evm passed',
      'rest passed',
    ])
    const head = await network.latestHeight()
    expect(await node.waitHeight(head)).toBeGreaterThanOrEqual(head)
    expect((await node.status()).catchingUp).toBe(false)
  })

  test('a follower in another namespace wires to its network', async ({ network, sei }) => {
    const node = await sei.createNode({
      name: `${network.name}-away`,
      namespace: `${network.namespace}-away`,
      network: network.name,
      networkNamespace: network.namespace,
    })
    await node.waitReady()
    const { status } = await node.refresh()
    const peers = status?.resolvedPeers ?? []
    for (const validator of network.validators) {
      expect(peers.some((peer) => peer.includes(`.${validator.name}.${network.namespace}.svc`))).toBe(true)
    }
    expect((await node.status()).chainId).toBe(network.chainId)
  })
})
