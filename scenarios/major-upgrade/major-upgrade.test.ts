// @vitest-environment-options {"tasks": true, "network": {"image": "sei/seid:v6.6.0", "config": {"tx_index.indexer": "kv", "api.rest.enable": "true"}, "genesis": {"gov.voting_params.voting_period": "60s"}}}
import { createPublicClient, createWalletClient, defineChain, http, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest-environment-sei/test'

const upgradeName = process.env['SEI_UPGRADE_NAME'] ?? 'v6.7.0'
const image = process.env['SEI_POST_UPGRADE_IMG'] ?? 'sei/seid:v6.7.0'

/** A holder of its own, made before the upgrade: what it has must be there after it. */
const key = generatePrivateKey()
const holder = privateKeyToAccount(key)
const funds = parseEther('2')

describe('major upgrade', () => {
  test('a key is made and funded before the upgrade', async ({ admin, endpoints, followers }) => {
    const { wallet, reader } = await evmOf(endpoints.evmJsonRpc, followers[0], admin.privateKey())
    const hash = await wallet.sendTransaction({ to: holder.address, value: funds })
    expect((await reader.waitForTransactionReceipt({ hash })).status).toBe('success')
    expect(await reader.getBalance({ address: holder.address })).toBe(funds)
  })

  test('validators vote the upgrade, halt at its height, and go on with the new image', async ({
    network,
    followers,
    tasks,
  }) => {
    const result = await tasks.networkUpgrade(network, { upgradeName, image, followers })
    expect(result.votes).toHaveLength(network.validators.length)
    expect(result.appliedHeight).toBe(result.plan.height)
    for (const node of [...network.validators, ...followers])
      expect(result.heights[node.name]).toBeGreaterThanOrEqual(result.plan.height + 10)
  }, 180_000)

  test('every node runs the new image and has the same chain', async ({ network, followers }) => {
    const nodes = [...network.validators, ...followers]
    const objects = await Promise.all(nodes.map((node) => node.refresh()))
    expect(new Set(objects.map(({ spec }) => spec.image))).toEqual(new Set([image]))
    const height = await network.latestHeight()
    const hashes = await Promise.all(
      nodes.map(async (node) => {
        await node.waitHeight(height)
        const { block_id } = await node.rpc<{ block_id: { hash: string } }>('block', {
          height: String(height),
        })
        return block_id.hash
      }),
    )
    expect(new Set(hashes).size).toBe(1)
  })

  test('what the holder had is there, and can be spent', async ({ admin, endpoints, followers }) => {
    const { wallet, reader } = await evmOf(endpoints.evmJsonRpc, followers[0], key)
    expect(await reader.getBalance({ address: holder.address })).toBe(funds)
    const hash = await wallet.sendTransaction({ to: toHex(admin.evmAddress), value: parseEther('1') })
    expect((await reader.waitForTransactionReceipt({ hash })).status).toBe('success')
  })
})

async function evmOf(
  url: string | undefined,
  node: { evmChainId(): Promise<number> } | undefined,
  privateKey: `0x${string}`,
) {
  if (url === undefined || node === undefined)
    throw new Error('this scenario needs a follower that serves EVM')
  const chain = defineChain({
    id: await node.evmChainId(),
    name: 'sei',
    nativeCurrency: { name: 'Sei', symbol: 'SEI', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  })
  const transport = http(url)
  return {
    wallet: createWalletClient({ account: privateKeyToAccount(privateKey), chain, transport }),
    reader: createPublicClient({ chain, transport, pollingInterval: 50 }),
  }
}

function toHex(address: string): `0x${string}` {
  return address as `0x${string}`
}
