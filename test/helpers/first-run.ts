import { expect } from 'vitest'
import { tempProject } from './temp-project.ts'

const suite = `
import { test, expect } from 'vitest-environment-sei/test'
test('followers serve the head the validators committed', async ({ network, followers }) => {
  const head = await network.latestHeight()
  for (const node of followers) expect(await node.evmBlockNumber()).toBeGreaterThanOrEqual(head)
})
`

/** Runs the README's config and test on a fresh install: `mode` is what its first line says, `env` what chooses it. */
export async function expectFirstRun(
  mode: string,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await using project = await tempProject({ 'evm.test.ts': suite })
  const { exitCode, output, receipt, events } = await project.run([], env)
  expect(output).toContain(mode)
  expect(exitCode, output).toBe(0)
  expect(receipt?.left).toEqual([])
  expect(receipt?.seals).toMatchObject([{ missing: [] }])
  expect(receipt?.existed.filter(({ kind }) => kind === 'SeiNode')).toHaveLength(6)
  expect(receipt?.deleted).toEqual(receipt?.existed)
  expect(events.filter((event) => event.type === 'gate' && event.state === 'failed')).toEqual([])
}
