import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as client from '../../src/client.ts'
import { defaults } from '../../src/contract/defaults.ts'
import type { SeiClient } from '../../src/contract/handles.ts'
import { createProject } from '../helpers/project.ts'
import { median, type Benchmark } from './benchmark.ts'

const repetitions = 3
const many = 16
const network = 'fleet'

/**
 * The clock at which the goal is held: a follower then takes about two seconds, nearly all of it waiting, as on a real cluster, and
 * the figure says whether many wait at the same time. At the default clock nothing waits long: there the figure says
 * how fast one processor simulates sixteen nodes, and is shown without a goal.
 */
const waitingRate = 10

/** Sixteen followers beside one, both on a network that is ready: from the first apply until the last gate has passed. */
export const fleet: Benchmark = {
  name: 'fleet',
  async run({ packed }) {
    await using project = await createProject(packed)
    const door = join(project.root, 'node_modules/vitest-environment-sei/dist/src/client.js')
    const { open } = (await import(pathToFileURL(door).href)) as typeof client
    const waiting = await measureAt(open, waitingRate)
    const fast = await measureAt(open, defaults.embeddedRate)
    return [
      { name: `fleet of ${many} to one, clock ×${waitingRate}`, value: waiting.ratio, unit: '×', goal: 1.3 },
      {
        name: `fleet of ${many} to one, clock ×${defaults.embeddedRate}`,
        value: fast.ratio,
        unit: '×',
        goal: null,
      },
      { name: 'one follower', value: fast.oneMs, unit: 'ms', goal: null },
      { name: `${many} followers`, value: fast.manyMs, unit: 'ms', goal: null },
    ]
  },
}

interface Measured {
  readonly ratio: number
  readonly oneMs: number
  readonly manyMs: number
}

async function measureAt(open: typeof client.open, rate: number): Promise<Measured> {
  await using opened = await open({ mode: 'embedded', embedded: { rate } })
  const ready = await opened.createNetwork({ name: network, validators: 4 })
  await ready.waitReady()
  await provisioningMs(opened, 1)
  const one: number[] = []
  const all: number[] = []
  for (let count = 0; count < repetitions; count += 1) {
    one.push(await provisioningMs(opened, 1))
    all.push(await provisioningMs(opened, many))
  }
  const [oneMs, manyMs] = [median(one), median(all)]
  return { ratio: manyMs / oneMs, oneMs, manyMs }
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
