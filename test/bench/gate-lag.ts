import { waitReadiness } from '../../src/probe/readiness.ts'
import { percentile, type Benchmark } from './benchmark.ts'
import { imitateSeid, type ReadinessPlan } from './imitated-seid.ts'

const nodesAtOnce = 8
const waves = 15
const seed = 20_260_731
const budget = { phaseMs: 10_000, gateMs: 10_000 }

/** How long after a node is truly ready its gates pass, over nodes that get ready at random moments behind real HTTP. */
export const gateLag: Benchmark = {
  name: 'gate-lag',
  async run({ note }) {
    note(`  ${nodesAtOnce * waves} moments, seed ${seed}`)
    const random = createRandom(seed)
    const lags: number[] = []
    for (let wave = 0; wave < waves; wave += 1) {
      const plans = Array.from({ length: nodesAtOnce }, () => randomPlan(random))
      lags.push(...(await Promise.all(plans.map(measureLag))))
    }
    return [
      { name: 'gate lag, p50', value: percentile(lags, 50), unit: 'ms', goal: 50 },
      { name: 'gate lag, p95', value: percentile(lags, 95), unit: 'ms', goal: 250 },
    ]
  },
}

async function measureLag(plan: ReadinessPlan): Promise<number> {
  const seid = await imitateSeid(plan)
  try {
    const target = {
      node: 'imitated',
      role: 'node',
      endpoints: () => Promise.resolve(seid.endpoints),
    } as const
    await waitReadiness([target], { budget })
    const lag = performance.now() - (await seid.trulyReady)
    if (lag < 0) throw new Error(`the gate passed ${-lag} ms too early: ${JSON.stringify(plan)}`)
    return lag
  } finally {
    await seid.close()
  }
}

function randomPlan(random: () => number): ReadinessPlan {
  const within = (from: number, to: number): number => from + random() * (to - from)
  return {
    rpcMs: within(0, 1_000),
    evmMs: within(0, 1_500),
    restMs: within(0, 1_500),
    caughtUpMs: within(0, 1_500),
    blockMs: within(50, 400),
  }
}

/** Mulberry32: small, and the same everywhere for the same seed. */
function createRandom(from: number): () => number {
  let state = from
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
