/** Every fixture as a user's test uses it; run by fixtures.test.ts in a project of its own. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { request } from 'undici'
import { createPublicClient, createWalletClient, defineChain, http, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, isUsage, test } from 'vitest-environment-sei/test'
import { WebSocket as WsSocket } from 'ws'

const waiver = { kind: 'waiver', reason: 'the test is about deletion' } as const

describe('network', () => {
  test('heights, validators and the object behind it', async ({ network }) => {
    expect(network.signal.aborted).toBe(false)
    expect(network.validators).toHaveLength(4)
    const [validator] = network.validators
    if (validator === undefined) throw new Error('no validator')
    expect(validator).toMatchObject({
      name: `${network.name}-0`,
      role: 'validator',
      chainId: network.chainId,
    })
    const head = await network.latestHeight()
    expect(await network.waitHeight(head + 2)).toBeGreaterThanOrEqual(head + 2)
    expect(await network.waitHeightAdvances(2)).toBeGreaterThanOrEqual(head + 4)
    expect(await network.earliestHeight()).toBe(1)
    expect(await validator.status()).toMatchObject({ chainId: network.chainId, catchingUp: false })
    expect(await validator.rpc<{ n_peers: string }>('net_info')).toHaveProperty('n_peers')
    expect((await network.refresh()).status?.phase).toBe('Ready')
    expect(network.object?.spec.replicas).toBe(4)
    const traces = await network.waitReady()
    expect(traces.map(({ node }) => node)).toEqual(network.validators.map(({ name }) => name))
  })

  test('a wait that cannot end says so within its own time', async ({ network }) => {
    const waiting = network.waitHeight(1_000_000, { timeoutMs: 100 })
    await expect(waiting).rejects.toMatchObject({ class: 'timeout', code: 'WAIT_TIMEOUT' })
    const stop = AbortSignal.abort()
    await expect(network.waitHeight(1_000_000, { signal: stop })).rejects.toMatchObject({
      class: 'cancelled',
    })
  })
})

describe('followers', () => {
  test('are caught up and serve RPC, EVM and REST', async ({ network, followers }) => {
    expect(followers.map(({ name }) => name)).toEqual([`${network.name}-rpc-0`, `${network.name}-rpc-1`])
    const head = await network.latestHeight()
    for (const node of followers) {
      expect(node).toMatchObject({ role: 'node', chainId: network.chainId })
      expect((await node.status()).catchingUp).toBe(false)
      expect(await node.waitHeight(head)).toBeGreaterThanOrEqual(head)
      expect(await node.evmBlockNumber()).toBeGreaterThanOrEqual(head)
      expect(await node.evm<string>('net_version')).toBe(String(await node.evmChainId()))
      const info = await node.rest<{ default_node_info: { network: string } }>(
        '/cosmos/base/tendermint/v1beta1/node_info',
      )
      expect(info.default_node_info.network).toBe(network.chainId)
    }
    await expect(followers[0]?.evm('eth_nonsense')).rejects.toMatchObject({ code: 'PROBE_FAILED' })
  })
})

describe('endpoints', () => {
  test('answer undici and a child process', async ({ endpoints, network }) => {
    const { body } = await request(`${endpoints.tendermintRpc}/status`)
    expect(await body.json()).toMatchObject({ node_info: { network: network.chainId } })
    const script = `fetch(process.argv[1], { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1,
      method: 'eth_blockNumber', params: [] }) }).then((r) => r.json()).then((j) => console.log(j.result))`
    expect(endpoints.evmJsonRpcList).toHaveLength(2)
    for (const url of endpoints.evmJsonRpcList) {
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, url])
      expect(Number(stdout)).toBeGreaterThan(0)
    }
    const rest = await fetch(`${endpoints.tendermintRest}/cosmos/base/tendermint/v1beta1/blocks/latest`)
    expect(rest.status).toBe(200)
    expect(endpoints.validators).toHaveLength(4)
    expect(endpoints.followers).toHaveLength(2)
    expect(Object.keys(network.endpoints.nodes)).toEqual(network.validators.map(({ name }) => name))
  })

  test('new heads arrive over a WebSocket, of ws and of Node', async ({ endpoints }) => {
    for (const Socket of [WsSocket, WebSocket]) {
      const socket = new Socket(endpoints.evmWs ?? '') as WebSocket
      const heads: number[] = []
      await new Promise<void>((resolve, reject) => {
        socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${endpoints.evmWs}`)))
        socket.addEventListener('open', () => {
          socket.send(
            JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }),
          )
        })
        socket.addEventListener('message', ({ data }) => {
          const { params } = JSON.parse(String(data)) as { params?: { result: { number: string } } }
          if (params !== undefined) heads.push(Number(params.result.number))
          if (heads.length === 3) resolve()
        })
      })
      socket.close()
      const [first = 0] = heads
      // One more may have come while the socket was closing.
      expect(heads.slice(0, 3)).toEqual([first, first + 1, first + 2])
    }
  })

  test('published are Service URLs, verbatim from the status', async ({ endpoints, network, followers }) => {
    expect(endpoints.published.network).toEqual((await network.refresh()).status?.endpoints)
    expect(JSON.stringify(endpoints.published.network)).toContain(`${network.name}-internal.`)
    for (const node of followers) {
      expect(endpoints.published.followers[node.name]).toEqual((await node.refresh()).status?.endpoint)
      expect(endpoints.published.followers[node.name]?.evmJsonRpc).toMatch(
        new RegExp(`^http://${node.name}\\..*svc.*:8545$`),
      )
    }
  })
})

describe('sei', () => {
  test('makes a node that catches up, gives it again, deletes it', async ({ sei, network }) => {
    expect(sei).toMatchObject({
      mode: expect.stringMatching(/^e/),
      simulated: true,
      namespace: network.namespace,
    })
    const made = await sei.createNode({ name: `${network.name}-more`, network: network.chainId })
    expect(() => made.endpoints).toThrow(/waitReady/)
    expect((await made.waitReady()).node).toBe(made.name)
    // Applied again by the file that made it, as a rerun would.
    await sei.createNode({ name: made.name, network: network.chainId })
    const again = await sei.getNode(made.name)
    expect(again.endpoints).toEqual(made.endpoints)
    expect(await again.latestHeight()).toBeGreaterThan(1)
    await made.delete(waiver)
    await again.delete(waiver).catch((error: unknown) => expect(isUsage(error)).toBe(true))
    await expect(sei.getNode(made.name)).rejects.toThrow(/not found/)
  }, 30_000)

  test('makes a second network beside the first', async ({ sei, network }) => {
    const second = await sei.createNetwork({ name: `${network.name}-b`, validators: 1 })
    await second.waitReady()
    expect(second.chainId).not.toBe(network.chainId)
    expect(await second.latestHeight()).toBeGreaterThan(0)
    expect((await sei.getNetwork(second.name)).validators).toHaveLength(1)
    await second.delete(waiver)
    await expect(sei.getNetwork(second.name)).rejects.toThrow(/not found/)
    expect(await network.waitHeightAdvances(1)).toBeGreaterThan(0)
  }, 30_000)

  test('refuses what cannot work, before anything is sent', async ({ sei, network }) => {
    const bad = { class: 'usage', code: 'BAD_SPEC' }
    await expect(sei.createNode({ name: 'Upper_Case', network: network.chainId })).rejects.toMatchObject(bad)
    await expect(sei.createNetwork({ name: 'two', validators: 2 })).rejects.toMatchObject(bad)
    await expect(sei.createNetwork({ name: 'pacific-1' })).rejects.toMatchObject(bad)
    const taken = { class: 'usage', message: expect.stringContaining('exists already, created by this run') }
    await expect(sei.createNetwork({ name: network.name })).rejects.toMatchObject(taken)
    const name = `${network.name}-rpc-0`
    await expect(sei.createNode({ name, network: network.chainId })).rejects.toMatchObject(taken)
    // @ts-expect-error a network is deleted with a seal or a waiver, never without
    await expect(network.delete()).rejects.toMatchObject({ class: 'usage' })
    await expect(network.delete({ kind: 'waiver', reason: '' })).rejects.toMatchObject({ class: 'usage' })
    expect(await network.waitHeightAdvances(1)).toBeGreaterThan(0)
  })
})

describe('admin', () => {
  test('is funded on both sides, and its key signs', async ({ admin, endpoints, followers }) => {
    const [node] = followers
    if (node === undefined) throw new Error('no follower')
    const { balances } = await node.rest<{ balances: { denom: string; amount: string }[] }>(
      `/cosmos/bank/v1beta1/balances/${admin.address}`,
    )
    expect(BigInt(balances.find(({ denom }) => denom === 'usei')?.amount ?? 0)).toBeGreaterThan(0n)

    const account = privateKeyToAccount(admin.privateKey())
    expect(account.address.toLowerCase()).toBe(admin.evmAddress.toLowerCase())
    const transport = http(endpoints.evmJsonRpc)
    const reader = createPublicClient({ transport, pollingInterval: 20 })
    expect(await reader.getBalance(account)).toBeGreaterThan(parseEther('1'))
    const chain = defineChain({
      id: await reader.getChainId(),
      name: 'own',
      nativeCurrency: { name: 'SEI', symbol: 'SEI', decimals: 18 },
      rpcUrls: { default: { http: [endpoints.evmJsonRpc ?? ''] } },
    })
    const signer = createWalletClient({ account, chain, transport })
    const to = '0x00000000000000000000000000000000000051e1'
    const hash = await signer.sendTransaction({ to, value: parseEther('1') })
    const receipt = await reader.waitForTransactionReceipt({ hash })
    expect(receipt.status).toBe('success')
    await followers[1]?.waitHeight(Number(receipt.blockNumber))
    const other = createPublicClient({ transport: http(endpoints.evmJsonRpcList[1]) })
    expect(await other.getBalance({ address: to })).toBe(parseEther('1'))
  })
})
