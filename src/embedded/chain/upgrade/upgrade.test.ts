import { describe, expect, test } from 'vitest'
import {
  getJson,
  reaches,
  startChain,
  statusOf,
  type RunningNode,
  type TestChain,
} from '../../../../test/helpers/seid-chain.ts'
import { quickVotes, scheduleUpgrade } from '../../../../test/helpers/seid-tx.ts'
import type { SeidExit } from '../types.ts'
import { upgradeInfoFile } from './info-file.ts'

const four = [10, 10, 10, 10]

function start(image: string, faults = {}): Promise<TestChain> {
  return startChain({ powers: four, overrides: quickVotes, node: { image, faults } })
}

function first(chain: TestChain): RunningNode {
  return chain.nodes[0] as RunningNode
}

/** Starts a validator again on its volume. */
function restart(chain: TestChain, index: number, image: string, faults = {}): Promise<RunningNode> {
  const { home } = (chain.nodes[index] as RunningNode).config
  return chain.start(index, { home, image, faults })
}

function exitsOf(nodes: readonly RunningNode[]): Promise<SeidExit[]> {
  return Promise.all(nodes.map(({ process }) => process.exited))
}

async function halted(chain: TestChain, name: string, info?: string): Promise<number> {
  await reaches(first(chain), 3)
  const height = await scheduleUpgrade(first(chain), {
    name,
    inBlocks: 200,
    ...(info === undefined ? {} : { info }),
  })
  await exitsOf(chain.nodes)
  return height
}

describe('an upgrade that the binary has no handler for', () => {
  test('default: all exit 2 before its block, with the line, the panic and the file; the right image goes on', async () => {
    await using chain = await start('sei/seid:v2')
    const height = await halted(chain, 'v3', 'info text')
    const line = `UPGRADE "v3" NEEDED at height: ${height}: info text`
    for (const { process, config, log } of chain.nodes) {
      expect(await process.exited).toEqual({ exitCode: 2 })
      expect(config.home).toMatchObject({ height: height - 1, storedHeight: height })
      expect(upgradeInfoFile(config.home)).toBe(`{"name":"v3","height":${height},"info":"info text"}`)
      expect(log).toContain(line)
      expect(log).toContain(`panic: ${line} [recovered, repanicked]`)
    }
    const again = await restart(chain, 0, 'sei/seid:v2')
    expect(await again.process.exited).toEqual({ exitCode: 2 })
    expect(again.log).toContain(line)
    expect(again.log.some((text) => text.includes('Completed ABCI Handshake'))).toBe(false)

    const swapped = await Promise.all([0, 1, 2, 3].map((index) => restart(chain, index, 'sei/seid:v3')))
    for (const node of swapped) await reaches(node, height + 10)
    const [node] = swapped as [RunningNode]
    expect(await getJson(`${node.rest}/cosmos/upgrade/v1beta1/applied_plan/v3`)).toEqual({
      height: String(height),
    })
    expect(await getJson(`${node.rest}/cosmos/upgrade/v1beta1/current_plan`)).toEqual({ plan: null })
    expect(await getJson(`${node.rpc}/status`)).toMatchObject({ application_info: { version: '1' } })
    expect(node.config.home.storedHeight).toBeUndefined()
    expect(swapped.flatMap(({ log }) => log).some((text) => text.includes('msg="applying upgrade"'))).toBe(
      true,
    )
  })

  test('behavior: those who have it go on without the others while they hold a quorum', async () => {
    await using chain = await startChain({
      powers: [10, 10, 10, 5],
      overrides: quickVotes,
      node: { image: 'sei/seid:v2' },
    })
    await reaches(first(chain), 3)
    const info = '{"upgradeType":"minor"}'
    const height = await scheduleUpgrade(first(chain), { name: 'v3', inBlocks: 600, info })
    // A minor upgrade's binary may run early.
    const early = []
    for (const index of [0, 1, 2]) {
      chain.nodes[index]?.process.kill('SIGKILL')
      await chain.nodes[index]?.process.exited
      early.push(await restart(chain, index, 'sei/seid:v3'))
    }
    await Promise.all(early.map((node) => reaches(node, height + 5)))
    expect(await (chain.nodes[3] as RunningNode).process.exited).toEqual({ exitCode: 2 })
    expect((chain.nodes[3] as RunningNode).config.home.height).toBe(height - 1)
  })

  test('behavior: ordered survivors stay at H−1, serve, and show too few precommits', async () => {
    await using chain = await startChain({
      powers: four,
      overrides: quickVotes,
      node: { image: 'sei/seid:v2' },
    })
    for (const index of [1, 2]) {
      chain.nodes[index]?.process.kill('SIGKILL')
      await chain.nodes[index]?.process.exited
    }
    const survivors = [
      await restart(chain, 1, 'sei/seid:v2', { survivesUpgrade: true }),
      await restart(chain, 2, 'sei/seid:v2', { survivesUpgrade: true }),
    ]
    await reaches(survivors[0] as RunningNode, 3)
    const height = await scheduleUpgrade(first(chain), { name: 'v-next', inBlocks: 200 })
    expect(await exitsOf([chain.nodes[0], chain.nodes[3]] as RunningNode[])).toEqual([
      { exitCode: 2 },
      { exitCode: 2 },
    ])
    for (const node of survivors) {
      expect(await statusOf(node)).toMatchObject({
        sync_info: { latest_block_height: String(height - 1), catching_up: false },
      })
      expect(await getJson(`${node.rest}/cosmos/upgrade/v1beta1/current_plan`)).toMatchObject({
        plan: { height: String(height) },
      })
      expect(await getJson(`${node.rpc}/consensus_state`)).toMatchObject({
        round_state: {
          'height/round/step': `${height}/0/6`,
          height_vote_set: [
            {
              prevotes_bit_array: expect.stringMatching(/ 30\/40 = 0\.75$/) as string,
              precommits_bit_array: expect.stringMatching(/ 20\/40 = 0\.50$/) as string,
            },
            {},
          ],
        },
      })
    }
  })
})

describe('the other two halts', () => {
  test('behavior: a binary that is too new exits 2 at its first block, and the old one goes on', async () => {
    await using chain = await start('sei/seid:v2')
    await reaches(first(chain), 3)
    await scheduleUpgrade(first(chain), { name: 'v3', inBlocks: 100_000 })
    for (const { process } of chain.nodes) process.kill('SIGKILL')
    await exitsOf(chain.nodes)
    const eager = await Promise.all(
      [0, 1, 2, 3].map((index) => restart(chain, index, 'sei/seid:v2', { upgradeHandlers: ['v3'] })),
    )
    expect(await exitsOf(eager)).toEqual(four.map(() => ({ exitCode: 2 })))
    const text = 'BINARY UPDATED BEFORE TRIGGER! UPGRADE "v3" - in binary but not executed on chain'
    expect(eager[0]?.log).toContain(`panic: ${text} [recovered, repanicked]`)
    expect(eager[0]?.config.home.upgradeInfo).toBeUndefined()
    const reverted = await Promise.all([0, 1, 2, 3].map((index) => restart(chain, index, 'sei/seid:v2')))
    await reaches(reverted[0] as RunningNode, (eager[0]?.config.home.height ?? 0) + 5)
  })

  test('behavior: an image from before an applied upgrade exits 2 at its first block', async () => {
    await using chain = await start('sei/seid:v2')
    const height = await halted(chain, 'v3')
    const upgraded = await Promise.all([0, 1, 2, 3].map((index) => restart(chain, index, 'sei/seid:v3')))
    await reaches(upgraded[0] as RunningNode, height + 3)
    upgraded[3]?.process.kill('SIGKILL')
    await upgraded[3]?.process.exited
    const old = await restart(chain, 3, 'sei/seid:v2')
    expect(await old.process.exited).toEqual({ exitCode: 2 })
    expect(old.log).toContain(
      'panic: Wrong app version 0, upgrade handler is missing for v3 upgrade plan [recovered, repanicked]',
    )
  })
})

describe('the proposed contract', () => {
  test('behavior: the exit code is the reason', async () => {
    await using chain = await start('sei/seid:v2', { haltContract: true })
    const height = await halted(chain, 'v3')
    expect(await exitsOf(chain.nodes)).toEqual(four.map(() => ({ exitCode: 70 })))
    expect(first(chain).log).toContain(`UPGRADE "v3" NEEDED at height: ${height}: `)
    expect(first(chain).log.some((line) => line.startsWith('panic:'))).toBe(false)
    expect(upgradeInfoFile(first(chain).config.home)).toBe(`{"name":"v3","height":${height}}`)
    expect(await (await restart(chain, 0, 'sei/seid:v2', { haltContract: true })).process.exited).toEqual({
      exitCode: 70,
    })
  })

  test.for([
    ['numbers', false],
    ['strings', true],
  ] as const)('behavior: a node that stays alive announces its halt in %s', async ([, haltStrings]) => {
    await using chain = await start('sei/seid:v2', {
      haltContract: true,
      staysAlive: true,
      haltNull: true,
      haltStrings,
    })
    const node = first(chain)
    await reaches(node, 3)
    expect(await getJson(`${node.rpc}/status`)).toMatchObject({ halt_intent: null })
    const height = await scheduleUpgrade(node, { name: 'v3', inBlocks: 200, info: '{}' })
    await expect
      .poll(() => getJson(`${node.rpc}/status`), { timeout: 10_000 })
      .toMatchObject({
        sync_info: { latest_block_height: String(height - 1), catching_up: false },
        halt_intent: {
          reason: haltStrings ? '70' : 70,
          reason_string: 'upgrade_required',
          plan_name: 'v3',
          height: haltStrings ? String(height) : height,
          info: '{}',
          announced_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        },
      })
    node.process.kill('SIGTERM')
    expect(await node.process.exited).toEqual({ exitCode: 70 })
  })
})
