import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as client from '../../src/client.ts'
import type { SeiClient } from '../../src/contract/handles.ts'
import { createProject } from '../helpers/project.ts'
import { median, type Benchmark } from './benchmark.ts'

const repetitions = 5
const many = 16
const network = 'fleet'

/** Sixteen followers beside one, both on a network that is ready: from the first apply until the last gate has passed. */
export const fleet: Benchmark = {
  name: 'fleet',
  async run({ packed }) {
    await using project = await createProject(packed)
    const door = join(project.root, 'node_modules/vitest-environment-sei/dist/src/client.js')
    const { open } = (await import(pathToFileURL(door).href)) as typeof client
    await using opened = await open({ mode: 'embedded' })
    const ready = await opened.createNetwork({ name: network, validators: 4 })
    await ready.waitReady()
    await provisioningMs(opened, 1)
    const oneMs: number[] = []
    const manyMs: number[] = []
    for (let count = 0; count < repetitions; count += 1) {
      oneMs.push(await provisioningMs(opened, 1))
      manyMs.push(await provisioningMs(opened, many))
    }
    return [
      { name: `fleet of ${many} to one`, value: median(manyMs) / median(oneMs), unit: '×', goal: 1.3 },
      { name: 'one follower', value: median(oneMs), unit: 'ms', goal: null },
      { name: `${many} followers`, value: median(manyMs), unit: 'ms', goal: null },
    ]
  },
}

async function provisioningMs(opened: SeiClient, count: number): Promise<number> {
  const startedAt = performance.now()
  const followers = await Promise.all(
    Array.from({ length: count }, async (_, ordinal) => {
      const node = await opened.createNode({ name: `${network}-rpc-${ordinal}`, network })
      await node.waitReady()
      return node
    }),
  )
  const elapsedMs = performance.now() - startedAt
  await Promise.all(followers.map((node) => node.delete({ kind: 'waiver', reason: 'a benchmark' })))
  return elapsedMs
}
