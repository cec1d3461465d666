// @vitest-environment-options {"tasks": true, "followers": {"count": 10, "image": "sei/seid:v6.6.0"}, "network": {"image": "sei/seid:v6.6.0--survives-upgrade.on-3", "config": {"tx_index.indexer": "kv", "api.rest.enable": "true"}, "genesis": {"gov.voting_params.voting_period": "60s"}}}
import {
  afterAll,
  describe,
  expect,
  test,
  type HaltVerdict,
  type NetworkHandle,
  type NodeHandle,
} from 'vitest-environment-sei/test'
import { cells, type Cell } from './cells.ts'

/** Plan of the ordered halts; the option `halts.images` of this project's config says which image has it. */
const plan = 'v9.0.0'
const planImage = 'sei/seid:v9.0.0'
const healthy = 'sei/seid:v6.6.0'

interface Row {
  readonly cell: string
  readonly reason: string
  readonly source: string
  readonly action: string
}

const rows: Row[] = []

/** A node goes back to what it ran last, so that comes before swaps; a paused one stays so, and comes last. */
const order: readonly Cell['action'][] = ['none', 'roll-back', 'swap', 'pause']
const ordered = cells.toSorted((a, b) => order.indexOf(a.action) - order.indexOf(b.action))

describe('halt matrix', () => {
  test('every cell has its reason, its source and its action', async ({ network, followers, tasks }) => {
    const queue = [...ordered]
    const healAndTake = async (node: NodeHandle): Promise<void> => {
      for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
        const { spec } = await node.refresh()
        if (spec.paused === true) {
          queue.unshift(cell)
          return
        }
        if (spec.image !== healthy) await tasks.updateImage(node, healthy)
        rows.push(await haltOnce(node, cell))
      }
    }
    const haltOnce = async (node: NodeHandle, cell: Cell): Promise<Row> => {
      await using halt = await network.expectHalt({ reason: cell.kind, node: node.name, timeoutMs: 60_000 })
      // At the first block that it executes. The task alone: a node that halts at once proves nothing.
      const image = `${healthy}--${cell.words(1, plan)}`
      const { name } = node
      await tasks.run({ kind: 'UpdateNodeImage', target: { nodeRef: { name } }, updateNodeImage: { image } })
      const verdict = await halt.verdict()
      expect(verdict.kind, cell.name).toBe(cell.kind)
      expect(cell.sources, cell.name).toContain(verdict.source)
      const action = await actionOn(node, cell, image)
      expect(action, cell.name).toBe(cell.action)
      if (action === 'swap' || action === 'roll-back') await healed(node, network)
      return rowOf(cell, verdict, action)
    }
    await Promise.all(followers.map(healAndTake))
    expect(rows).toHaveLength(cells.length)
  }, 600_000)

  test('a validator that survives the upgrade of its network counts as halted for it', async ({
    network,
    tasks,
  }) => {
    // No image is named for this plan: nobody heals the network before the survivor is found out.
    const upgradeName = 'v9.1.0'
    const [first, , , survivor] = network.validators
    if (first === undefined || survivor === undefined) throw new Error('this needs four validators')
    const upgradeHeight = (await network.latestHeight()) + 150
    const { proposalId } = await tasks.govUpgrade(first, { upgradeName, upgradeHeight })
    await tasks.each(network.validators, (node) => tasks.govVote(node, { proposalId }))
    // The others die with a word on stderr; this one has to be told by the chain.
    await using _ = await network.expectHalt({ reason: 70, planName: upgradeName })
    await using halt = await network.expectHalt({
      reason: 70,
      planName: upgradeName,
      node: survivor.name,
      timeoutMs: 120_000,
    })
    const verdict = await halt.verdict()
    expect(verdict).toMatchObject({ kind: 'upgrade-required', source: 'chain', node: survivor.name })
    await tasks.updateImage(network, `sei/seid:${upgradeName}`)
    expect(await network.waitHeight(upgradeHeight + 5)).toBeGreaterThan(upgradeHeight)
    rows.push(rowOf({ name: 'a survivor at H−1' }, verdict, 'none'))
  }, 300_000)
})

/** What the halt supervisor did, as it shows in the object: it has a moment to begin. */
async function actionOn(node: NodeHandle, { action }: Cell, halted: string): Promise<Row['action']> {
  const by = performance.now() + (action === 'none' ? 500 : 20_000)
  for (;;) {
    const { spec } = await node.refresh()
    if (spec.paused === true) return 'pause'
    if (spec.image === planImage) return 'swap'
    if (spec.image !== halted) return 'roll-back'
    if (performance.now() > by) return 'none'
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The old pod still says that it halted; its successor follows the network and passes every gate. */
async function healed(node: NodeHandle, network: NetworkHandle): Promise<void> {
  await node.waitHeight((await network.latestHeight()) + 2, { timeoutMs: 60_000 })
  await node.waitReady({ timeoutMs: 60_000 })
}

function rowOf(cell: Pick<Cell, 'name'>, verdict: HaltVerdict, action: string): Row {
  return {
    cell: cell.name,
    reason: `${verdict.kind}${verdict.reason === undefined ? '' : ` (${verdict.reason})`}`,
    source: `${verdict.source}, ${verdict.certainty}`,
    action,
  }
}

afterAll(() => {
  const lines = rows
    .toSorted((a, b) => a.cell.localeCompare(b.cell, 'en', { numeric: true }))
    .map(({ cell, reason, source, action }) => [cell, reason, source, action])
  const widths = [0, 1, 2, 3].map((at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  const show = (line: readonly string[]): string =>
    line.map((text, at) => text.padEnd(widths[at] ?? 0)).join('  ')
  console.log([`halt matrix, ${rows.length} of ${cells.length + 1} cells`, ...lines.map(show)].join('\n'))
})
