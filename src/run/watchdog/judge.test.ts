import { describe, expect, test } from 'vitest'
import { Attention } from './attention.ts'
import { NetworkJudge, type Suspicion } from './judge.ts'
import { patienceOf } from './patience.ts'
import type { NodeAnswer, NodeSample, Sample } from './sample.ts'

const patience = patienceOf({ simulated: true, blockMs: 100 }, {})
const everyMs = 100

type Say = number | 'silent' | (Partial<NodeAnswer> & { readonly height: number })

function sampleOf(nodes: Readonly<Record<string, Say>>): Sample {
  return {
    slowestMs: 1,
    nodes: Object.entries(nodes).map(([node, say]): NodeSample => {
      const validator = node.startsWith('v')
      if (say === 'silent') return { node, validator, silence: 'connection refused' }
      const given = typeof say === 'number' ? { height: say } : say
      const votingPower = validator ? 10 : 0
      return {
        node,
        validator,
        answer: { hash: `H${given.height}`, catchingUp: false, votingPower, ...given },
      }
    }),
  }
}

/** Looks every 100 ms until something is suspected; the ms of the first suspicion. */
function watch(
  judge: NetworkJudge,
  say: (ms: number) => Readonly<Record<string, Say>>,
  untilMs = 30_000,
): { ms: number; suspicions: Suspicion[] } | undefined {
  for (let ms = 0; ms <= untilMs; ms += everyMs) {
    const suspicions = judge.observe(sampleOf(say(ms)), everyMs)
    if (suspicions.length > 0) return { ms, suspicions }
  }
  return undefined
}

const heightAt = (ms: number): number => 10 + ms / 100

describe('NetworkJudge', () => {
  test('default: nodes that make blocks and follow are nothing', () => {
    const judge = new NetworkJudge(patience)
    expect(
      watch(judge, (ms) => ({ v0: heightAt(ms), v1: heightAt(ms), f0: heightAt(ms) - 1 })),
    ).toBeUndefined()
    expect(judge.blockMs).toBeCloseTo(100)
  })

  test('error: no block for longer than the allowance', () => {
    const found = watch(new NetworkJudge(patience), (ms) => ({
      v0: heightAt(Math.min(ms, 1_000)),
      v1: heightAt(Math.min(ms, 1_000)),
    }))
    expect(found).toMatchObject({ suspicions: [{ cause: 'stall', height: 20 }] })
    expect(found?.ms).toBe(1_000 + patience.stallMs(100) + everyMs)
  })

  test('behavior: slow blocks get twenty of their own times', () => {
    const judge = new NetworkJudge(patience)
    const slow = (ms: number): number => 10 + Math.floor(ms / 1_000)
    expect(watch(judge, (ms) => ({ v0: slow(ms) }), 60_000)).toBeUndefined()
    expect(judge.blockMs).toBeGreaterThan(900)
    const found = watch(judge, () => ({ v0: slow(60_000) }))
    expect(found?.ms).toBeGreaterThan(17_000)
  })

  test('error: a node that stands, or answers no more, while the others go on', () => {
    for (const say of [15, 'silent'] as const) {
      const found = watch(new NetworkJudge(patience), (ms) => ({
        v0: heightAt(ms),
        f0: ms < 500 ? heightAt(ms) : say,
      }))
      expect(found?.suspicions).toMatchObject([{ cause: 'follower', node: 'f0' }])
    }
  })

  test('behavior: a node that is late but moves is none of that', () => {
    const found = watch(new NetworkJudge(patience), (ms) => ({ v0: heightAt(ms), f0: heightAt(ms / 3) }))
    expect(found).toBeUndefined()
  })

  test('error: two hashes at one height, whenever they are seen', () => {
    const found = watch(new NetworkJudge(patience), (ms) => ({
      v0: heightAt(ms),
      v1: { height: heightAt(ms) - 3, hash: ms < 800 ? `H${heightAt(ms) - 3}` : 'OTHER' },
    }))
    expect(found).toMatchObject({ ms: 800, suspicions: [{ cause: 'fork', height: 15 }] })
  })

  test('error: an announced halt, at the first look', () => {
    const found = watch(new NetworkJudge(patience), () => ({
      v0: { height: 39, intent: { reason: 70, height: 40 } },
    }))
    expect(found).toMatchObject({ ms: 0, suspicions: [{ cause: 'halt', node: 'v0', height: 39 }] })
  })

  test('behavior: what is forgiven begins anew', () => {
    const judge = new NetworkJudge(patience)
    watch(judge, () => ({ v0: 10 }), 2_900)
    judge.forgive()
    expect(watch(judge, () => ({ v0: 10 }), 2_900)).toBeUndefined()
    expect(watch(judge, () => ({ v0: 10 }), 500)).toBeDefined()
  })

  test('behavior: the network needs those without whom there is no quorum', () => {
    const judge = new NetworkJudge(patience)
    judge.observe(sampleOf({ v0: 10, v1: 10, v2: 10, v3: 10, f0: 10 }), everyMs)
    expect(judge.needsAnyOf(new Set(['v0']))).toBe(false)
    expect(judge.needsAnyOf(new Set(['v0', 'v1']))).toBe(true)
    expect(judge.needsAnyOf(new Set(['f0']))).toBe(false)
  })
})

describe('Attention', () => {
  test('default: looks in their turn count in full', () => {
    const attention = new Attention({ promptMs: 250 }, 0)
    expect(attention.credit(120, 5, 100)).toBe(120)
  })

  test('behavior: a process that got no turn for a minute saw two intervals of it', () => {
    const attention = new Attention({ promptMs: 250 }, 0)
    expect(attention.credit(60_000, 5, 100)).toBe(205)
  })

  test('behavior: time in which the nodes were slow counts a fifth', () => {
    const attention = new Attention({ promptMs: 250 }, 0)
    expect(attention.credit(1_000, 900, 100)).toBe(200)
  })
})
