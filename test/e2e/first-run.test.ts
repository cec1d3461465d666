import { expect, test } from 'vitest'
import { tempProject } from '../helpers/temp-project.ts'

const suite = `
import { test, expect } from 'vitest-environment-sei/test'
test('followers serve the head the validators committed', async ({ network, followers }) => {
  const head = await network.latestHeight()
  for (const node of followers) expect(await node.evmBlockNumber()).toBeGreaterThanOrEqual(head)
})
`

test('default: the config and test of the README pass on a fresh install', async () => {
  await using project = await tempProject({ 'evm.test.ts': suite })
  const { exitCode, output, receipt, events } = await project.run()
  expect(output).toContain('mode embedded, simulated (from default)')
  expect(exitCode, output).toBe(0)
  expect(receipt?.left).toEqual([])
  expect(receipt?.seals).toMatchObject([{ missing: [] }])
  expect(receipt?.existed.filter(({ kind }) => kind === 'SeiNode')).toHaveLength(6)
  expect(receipt?.deleted).toEqual(receipt?.existed)
  expect(events.filter((event) => event.type === 'gate' && event.state === 'failed')).toEqual([])
})
