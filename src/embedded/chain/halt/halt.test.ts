import { describe, expect, test } from 'vitest'
import {
  getJson,
  peerOf,
  reaches,
  startChain,
  statusOf,
  type RunningNode,
  type TestChain,
} from '../../../../test/helpers/seid-chain.ts'
import type { SeidExit, SeidFaults } from '../types.ts'

/** One validator is a chain here: what is ordered for it stops the chain. */
function lone(faults: SeidFaults): Promise<TestChain> {
  return startChain({ powers: [10], node: { faults } })
}

async function exitOf(chain: TestChain): Promise<{ exit: SeidExit; node: RunningNode }> {
  const node = chain.nodes.at(-1) as RunningNode
  return { exit: await node.process.exited, node }
}

function again(chain: TestChain, faults: SeidFaults = {}): Promise<RunningNode> {
  return chain.start(0, { home: (chain.nodes[0] as RunningNode).config.home, faults })
}

test.for([0, 1, 2, 75, 85, 137])('behavior: exits-%i-at-5 commits the block first', async (code) => {
  await using chain = await lone({ exit: { code, height: 5 } })
  const { exit, node } = await exitOf(chain)
  expect(exit.exitCode).toBe(code)
  expect(node.config.home.height).toBe(5)
  expect(node.log.some((line) => line.includes('halting node per configuration'))).toBe(code === 0)
  // The same order once more: one more block, then the same end.
  const next = await again(chain, { exit: { code, height: 5 } })
  expect((await next.process.exited).exitCode).toBe(code)
  expect(next.config.home.height).toBe(6)
})

describe('halts on purpose, without an upgrade', () => {
  test.for([
    [70, 'v3', 'UPGRADE "v3" NEEDED at height: 5: '],
    [71, 'v3', 'BINARY UPDATED BEFORE TRIGGER! UPGRADE "v3" - in binary but not executed on chain'],
    [72, 'v3', 'Wrong app version 0, upgrade handler is missing for v3 upgrade plan'],
  ] as const)(
    'behavior: panics-%i-at-5 is a panic with the words of that halt',
    async ([reason, plan, text]) => {
      await using chain = await lone({ halt: { reason, height: 5, plan, isIntent: false } })
      const { exit, node } = await exitOf(chain)
      expect(exit).toEqual({ exitCode: 2 })
      expect(node.log).toContain(`panic: ${text} [recovered, repanicked]`)
      expect(node.config.home.height).toBe(4)
      expect(node.config.home.upgradeInfo).toEqual(
        reason === 70 ? { name: 'v3', height: 5, info: '' } : undefined,
      )
      expect(await (await again(chain, node.config.faults)).process.exited).toEqual({ exitCode: 2 })
      await reaches(await again(chain), 8)
    },
  )

  test.for([70, 71, 72, 75, 85])('behavior: intends-%i-at-5 ends with that code', async (reason) => {
    await using chain = await lone({ halt: { reason, height: 5, plan: '', isIntent: true } })
    expect((await exitOf(chain)).exit).toEqual({ exitCode: reason })
  })

  test('behavior: a height that has passed is the next block', async () => {
    await using chain = await lone({ exit: { code: 0, height: 5 } })
    await exitOf(chain)
    const next = await again(chain, { halt: { reason: 75, height: 2, plan: '', isIntent: true } })
    expect((await next.process.exited).exitCode).toBe(75)
    expect(next.config.home.height).toBe(5)
  })

  test('behavior: with stay-alive it is announced until SIGTERM', async () => {
    await using chain = await lone({
      halt: { reason: 75, height: 5, plan: '', isIntent: true },
      staysAlive: true,
    })
    const node = chain.nodes[0] as RunningNode
    await expect
      .poll(() => getJson(`${node.rpc}/status`), { timeout: 10_000 })
      .toMatchObject({ halt_intent: { reason: 75, height: 5, announced_at: expect.any(String) as string } })
    const { halt_intent } = (await getJson(`${node.rpc}/status`)) as { halt_intent: object }
    expect(Object.keys(halt_intent).sort()).toEqual(['announced_at', 'height', 'reason', 'reason_string'])
    await reachesRest(node)
    node.process.kill('SIGTERM')
    expect(await node.process.exited).toEqual({ exitCode: 75 })
  })

  test('default: a node that has not halted has no such key', async () => {
    await using chain = await lone({})
    await reaches(chain.nodes[0] as RunningNode, 2)
    expect(await getJson(`${(chain.nodes[0] as RunningNode).rpc}/status`)).not.toHaveProperty('halt_intent')
  })
})

/** From here on signals are handled. */
async function reachesRest(node: RunningNode): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(`${node.rest}/node_info`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 10_000 },
    )
    .toBe(200)
  await new Promise((resolve) => setTimeout(resolve, 100))
}

describe('halts that nobody asked for', () => {
  test('behavior: a zombie serves, its block store one above its application; its next start fails', async () => {
    await using chain = await startChain({ powers: [10, 10, 10, 10] })
    chain.nodes[3]?.process.kill('SIGKILL')
    await chain.nodes[3]?.process.exited
    const { home } = (chain.nodes[3] as RunningNode).config
    const faults = { zombieAtHeight: home.height + 60 }
    const node = await chain.start(3, { home, faults })
    const height = String(faults.zombieAtHeight)
    await expect
      .poll(() => statusOf(node), { timeout: 10_000 })
      .toMatchObject({ sync_info: { latest_block_height: height } })
    await reaches(chain.nodes[0] as RunningNode, faults.zombieAtHeight + 5)
    expect(await statusOf(node)).toMatchObject({
      sync_info: { latest_block_height: height, catching_up: false },
    })
    expect(await getJson(`${node.rpc}/abci_info`)).toMatchObject({
      response: { last_block_height: String(faults.zombieAtHeight - 1) },
    })
    expect(node.log.some((line) => line.includes('failed to apply block'))).toBe(true)
    node.process.kill('SIGKILL')
    await node.process.exited
    const next = await chain.start(3, { home, faults })
    expect(await next.process.exited).toEqual({ exitCode: 1 })
    expect(next.log.at(-1)).toMatch(/^error creating node: error during handshake/)
    await reaches(await chain.start(3, { home }), faults.zombieAtHeight + 5)
  })

  test('behavior: another app hash is a panic, each time', async () => {
    await using chain = await lone({ appHashDiffersAtHeight: 5 })
    const { exit, node } = await exitOf(chain)
    expect(exit).toEqual({ exitCode: 2 })
    expect(
      node.log.some((line) =>
        line.startsWith('panic: +2/3 committed an invalid block: wrong Block.Header.AppHash'),
      ),
    ).toBe(true)
    expect(node.config.home).toMatchObject({ height: 4 })
    expect(node.config.home.storedHeight).toBeUndefined()
  })

  test('behavior: a fork has other hashes from its height on', async () => {
    await using chain = await startChain({ powers: [10, 10, 10, 10] })
    const [{ config }] = chain.nodes as unknown as [RunningNode]
    const forked = await chain.start(4, {
      faults: { forkAtHeight: 5 },
      persistentPeers: config.genesis.validators.map((_, index) => peerOf(index)),
    })
    await reaches(forked, 6)
    const hashes = (height: number): Promise<string[]> =>
      Promise.all(
        [chain.nodes[0] as RunningNode, forked].map(async ({ rpc }) => {
          const { block_id } = (await getJson(`${rpc}/block?height=${height}`)) as {
            block_id: { hash: string }
          }
          return block_id.hash
        }),
      )
    expect(new Set(await hashes(4)).size).toBe(1)
    expect(new Set(await hashes(5)).size).toBe(2)
  })

  test('behavior: freezes-at-6 keeps serving at 5', async () => {
    await using chain = await lone({ freezeAtHeight: 6 })
    const node = chain.nodes[0] as RunningNode
    await reaches(node, 5)
    await expect
      .poll(() => node.log.some((line) => line.includes('Consensus frozen before configured height')))
      .toBe(true)
    expect(await statusOf(node)).toMatchObject({
      sync_info: { latest_block_height: '5', catching_up: false },
    })
  })
})
