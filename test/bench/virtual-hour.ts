import { playLongScenario } from '../helpers/long-scenario.ts'
import { createClient } from '../../src/client/client.ts'
import { startEmbedded } from '../../src/clusters/embedded.ts'
import type { Benchmark, Figure } from './benchmark.ts'

const hourMs = 3_600_000
const goalMs = 20_000

/** What an hour of scenario time takes by a virtual clock: waits of all kinds, and one in which nothing is waited for but time. */
export const virtualHour: Benchmark = {
  name: 'virtual-hour',
  async run({ note }) {
    return [await waits(200, 100), await waits(1, 1_000), await idle(note)]
  },
}

async function waits(rate: number, blockMs: number): Promise<Figure> {
  const { simulatedMs, wallMs } = await playLongScenario({ clock: 'virtual', rate, blockMs })
  const value = (wallMs * hourMs) / simulatedMs
  return { name: `an hour of waits, clock ×${rate}`, value, unit: 'ms', goal: goalMs }
}

/** Four validators and two followers, a block each second. */
async function idle(note: (text: string) => void): Promise<Figure> {
  const cluster = await startEmbedded({ clock: 'virtual', rate: 1, blockMs: 1_000 })
  const client = createClient(cluster)
  try {
    const network = await client.createNetwork({ name: 'idle', validators: 4 })
    await network.waitReady()
    await Promise.all(
      [0, 1].map(async (n) =>
        (await client.createNode({ name: `idle-rpc-${n}`, network: 'idle' })).waitReady(),
      ),
    )
    const began = performance.now()
    const height = await network.latestHeight()
    await client.advance(hourMs)
    const value = performance.now() - began
    note(`  ${(await network.latestHeight()) - height} blocks in the idle hour`)
    return { name: 'an idle hour of six nodes, clock ×1', value, unit: 'ms', goal: goalMs }
  } finally {
    client.close()
    await cluster.close()
  }
}
