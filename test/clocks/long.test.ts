import { beforeAll, describe, expect, test } from 'vitest'
import { playLongScenario, type Played } from '../helpers/long-scenario.ts'
import { distinct } from '../helpers/milestones.ts'

const minutes = 60_000

describe('more than an hour of waiting, by both clocks', () => {
  let virtual: Played
  let real: Played
  beforeAll(async () => {
    const pace = { rate: 200, blockMs: 100 }
    virtual = await playLongScenario({ ...pace, clock: 'virtual' })
    real = await playLongScenario({ ...pace, clock: 'real' })
  }, 10 * minutes)

  test('default: it is more than an hour on both', () => {
    expect(virtual.simulatedMs).toBeGreaterThan(60 * minutes)
    expect(real.simulatedMs).toBeGreaterThan(60 * minutes)
  })

  test('behavior: every step comes out the same', () => {
    expect(virtual.outcomes).toEqual(real.outcomes)
    expect(virtual.outcomes).toContain('phase never met: TASK_FAILED TargetResolveFailed')
    expect(virtual.outcomes).toContain('never caught up: READINESS_TIMEOUT height')
  })

  test('behavior: every object goes through the same states in the same order, and gets the same events', () => {
    expect(virtual.states.size).toBeGreaterThan(30)
    for (const [key, states] of virtual.states) {
      const others = real.states.get(key) ?? []
      // A busy machine joins what lies close together into one report, by the real clock.
      const common = (these: readonly string[], those: readonly string[]): string[] =>
        distinct(these.filter((state) => those.includes(state)))
      // Events are recorded by workers that know nothing of each other: a pod's probes, its restarts. What comes counts.
      if (key.startsWith('events '))
        expect([...new Set(states)].toSorted(), key).toEqual([...new Set(others)].toSorted())
      else expect(common(states, others), key).toEqual(common(others, states))
    }
  })

  test('behavior: the virtual clock leaves no crash out', () => {
    const pod = virtual.states.get('pod long-rpc-1-0') ?? []
    const runs = pod.filter((state) => state.includes(' running')).map((state) => Number(state.split(' ')[1]))
    expect(runs.length).toBeGreaterThan(10)
    expect(runs).toEqual(runs.map((_, index) => index))
  })
})

test('behavior: at the rate of a real cluster the same comes of it', { timeout: 5 * minutes }, async () => {
  const slow = await playLongScenario({ clock: 'virtual', rate: 1, blockMs: 1_000 })
  expect(slow.simulatedMs).toBeGreaterThan(60 * minutes)
  expect(slow.outcomes).toContain('ten crashes: done')
  expect(slow.outcomes).toContain('never caught up: READINESS_TIMEOUT height')
})
