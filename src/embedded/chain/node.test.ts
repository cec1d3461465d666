import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  evmCall,
  eventually,
  getJson,
  heightOf,
  reaches,
  startChain,
  statusOf,
  type RunningNode,
} from '../../../test/helpers/seid-chain.ts'
import { startSeid } from './node.ts'

const four = [10, 10, 10, 10]

function refuses(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  )
}

function nodeAt(nodes: readonly RunningNode[], index: number): RunningNode {
  const node = nodes[index]
  if (node === undefined) throw new Error(`no node ${index}`)
  return node
}

describe('stop', () => {
  test('default: SIGTERM after the boot closes every listener and exits 0', async () => {
    await using chain = await startChain({ powers: four, node: { config: { 'api.grpc.enable': 'false' } } })
    const node = nodeAt(chain.nodes, 0)
    await eventually(() => getJson(`${node.rest}/cosmos/base/tendermint/v1beta1/syncing`))
    await chain.clock.sleep(30_000)
    node.process.kill('SIGTERM')
    expect(await node.process.exited).toEqual({ exitCode: 0 })
    for (const url of [node.rpc, node.evm, node.rest]) expect(await refuses(url)).toBe(true)
  })

  test('behavior: before the signal handler is installed SIGTERM ends the process its default way', async () => {
    await using chain = await startChain({ powers: four })
    const node = nodeAt(chain.nodes, 0)
    node.process.kill('SIGTERM')
    expect(await node.process.exited).toEqual({ exitCode: 143, signal: 'SIGTERM' })
  })

  test('default: SIGKILL is 137', async () => {
    await using chain = await startChain({ powers: four })
    const node = nodeAt(chain.nodes, 0)
    await reaches(node, 2)
    node.process.kill('SIGKILL')
    expect(await node.process.exited).toEqual({ exitCode: 137, signal: 'SIGKILL' })
    expect(await refuses(node.rpc)).toBe(true)
  })
})

describe('restart', () => {
  test('behavior: on a chain that stands still RPC answers and EVM refuses until the first commit', async () => {
    await using chain = await startChain({ powers: four })
    const [one, two, three] = [1, 2, 3].map((index) => nodeAt(chain.nodes, index))
    if (one === undefined || two === undefined || three === undefined) throw new Error('no nodes')
    await Promise.all(chain.nodes.map((node) => reaches(node, 3)))
    for (const node of [one, two, three]) node.process.kill('SIGKILL')
    await Promise.all([one, two, three].map((node) => node.process.exited))
    const height = one.config.home.height
    const again = await chain.start(1, { home: one.config.home })
    await reaches(again, height)
    expect(await heightOf(again)).toBe(height)
    await eventually(() => getJson(`${again.rest}/cosmos/base/tendermint/v1beta1/syncing`))
    expect(await refuses(again.evm)).toBe(true)
    await chain.start(2, { home: two.config.home })
    await chain.start(3, { home: three.config.home })
    await reaches(again, height + 2)
    expect(await eventually(() => evmCall(again, 'eth_blockNumber'))).toHaveProperty('result')
  })

  test('behavior: all nodes stopped and started go on with the same history', async () => {
    await using chain = await startChain({ powers: four })
    await Promise.all(chain.nodes.map((node) => reaches(node, 3)))
    const before = await getJson(`${nodeAt(chain.nodes, 0).rpc}/block?height=2`)
    const old = chain.nodes.slice()
    for (const node of old) node.process.kill('SIGKILL')
    await Promise.all(old.map((node) => node.process.exited))
    const started = await Promise.all(
      old.map((node, index) => chain.start(index, { home: node.config.home })),
    )
    const first = nodeAt(started, 0)
    await reaches(first, old[0]?.config.home.height ?? 0)
    await reaches(first, (old[0]?.config.home.height ?? 0) + 2)
    expect(await getJson(`${first.rpc}/block?height=2`)).toEqual(before)
  })
})

describe('faults', () => {
  test('behavior: neverCaughtUp shows on RPC and REST while the node follows', async () => {
    await using chain = await startChain({ powers: four })
    const node = await chain.start(4, { faults: { neverCaughtUp: true } })
    await reaches(node, 3)
    expect(await statusOf(node)).toMatchObject({ sync_info: { catching_up: true } })
    const syncing = await eventually(() => getJson(`${node.rest}/cosmos/base/tendermint/v1beta1/syncing`))
    expect(syncing).toEqual({ syncing: true })
  })

  test('behavior: evmNeverBinds leaves the rest up', async () => {
    await using chain = await startChain({ powers: four })
    const node = await chain.start(4, { faults: { evmNeverBinds: true } })
    await reaches(node, 3)
    await eventually(() => getJson(`${node.rest}/cosmos/base/tendermint/v1beta1/syncing`))
    expect(await refuses(node.evm)).toBe(true)
  })

  test('behavior: statusFlaps shows every other time a node back at height 1', async () => {
    await using chain = await startChain({ powers: four })
    const node = await chain.start(4, { faults: { statusFlaps: true } })
    await eventually(async () => Number((await statusOf(node)).sync_info.latest_block_height) > 2)
    const seen = [await statusOf(node), await statusOf(node), await statusOf(node), await statusOf(node)]
    const back = seen.map(({ sync_info }) => sync_info.latest_block_height === '1' && sync_info.catching_up)
    expect([
      [false, true, false, true],
      [true, false, true, false],
    ]).toContainEqual(back)
  })

  test('behavior: haltAtHeight stops the chain there, with every server up', async () => {
    await using chain = await startChain({ powers: four, node: { faults: { haltAtHeight: 4 } } })
    const node = nodeAt(chain.nodes, 2)
    await reaches(node, 4)
    await chain.clock.sleep(20_000)
    expect(await statusOf(node)).toMatchObject({
      sync_info: { latest_block_height: '4', catching_up: false },
    })
    expect(await evmCall(node, 'eth_blockNumber')).toMatchObject({ result: '0x4' })
    expect(await getJson(`${node.rpc}/consensus_state`)).toMatchObject({
      round_state: { 'height/round/step': '5/0/8' },
    })
  })
})

describe('configured halts', () => {
  test('behavior: halt-height commits its block, then exits', async () => {
    await using chain = await startChain({ powers: four })
    const node = await chain.start(4, { config: { 'chain.halt_height': '4' } })
    const { exitCode } = await node.process.exited
    expect([0, 130]).toContain(exitCode)
    expect(node.config.home.height).toBeGreaterThanOrEqual(4)
    expect(node.log.join('\n')).toContain('halting node per configuration')
  })

  test('behavior: freeze-height stays up one block short, and does not start again', async () => {
    await using chain = await startChain({ powers: four })
    const node = await chain.start(4, { config: { 'chain.freeze_height': '5' } })
    await reaches(node, 4)
    await reaches(nodeAt(chain.nodes, 0), 8)
    expect(await heightOf(node)).toBe(4)
    expect(node.log.join('\n')).toContain('Consensus frozen before configured height')
    node.process.kill('SIGKILL')
    await node.process.exited
    const again = await chain.start(4, {
      home: { ...node.config.home, height: 5 },
      config: { 'chain.freeze_height': '5' },
    })
    expect(await again.process.exited).toEqual({ exitCode: 1 })
  })
})

describe('ports', () => {
  test('error: an RPC port that is taken is exit 1, an EVM port exit 2', async () => {
    await using chain = await startChain({ powers: four })
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const { config } = nodeAt(chain.nodes, 0)
    const start = async (listener: 'rpc' | 'evm'): Promise<number> => {
      const listen = { host: '127.0.0.1', [listener]: port }
      const home = { nodeId: listener.padEnd(40, '0'), height: 0 }
      const { exited } = startSeid({
        clock: chain.clock,
        transport: chain.hub,
        log: () => undefined,
        config: { ...config, mode: 'full', home, listen },
      })
      return (await exited).exitCode
    }
    expect(await start('rpc')).toBe(1)
    expect(await start('evm')).toBe(2)
    await new Promise((resolve) => taken.close(resolve))
  })
})

test("behavior: logs at the controller's level hold no info lines", async () => {
  await using chain = await startChain({ powers: four, node: { config: { 'logging.level': 'error' } } })
  const quiet = nodeAt(chain.nodes, 0)
  await reaches(quiet, 3)
  expect(quiet.log).toEqual([])
})
