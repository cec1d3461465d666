import { describe, expect, test } from 'vitest'
import { firstHalt } from './decide.ts'
import type { Binary } from './handlers.ts'
import { UpgradePlans } from './plans.ts'

function binary(names: readonly string[], skips: readonly number[] = []): Binary {
  return { upTo: [], names, skips, survives: false, forksAt: Number.POSITIVE_INFINITY }
}

/** A chain at 50 that voted `v3` in block 10 for block 40, which the first node to get there applied. */
function applied(): UpgradePlans {
  const plans = scheduled('')
  plans.close(40)
  plans.executed(40, 40, binary(['v3']))
  return plans
}

function scheduled(info: string): UpgradePlans {
  const plans = new UpgradePlans()
  plans.schedule({ name: 'v3', height: 40, info }, 10)
  return plans
}

function halt(
  plans: UpgradePlans,
  names: readonly string[],
  from: number,
  to = from,
): [number, number] | undefined {
  const found = firstHalt(plans, binary(names), { from, to, isFirst: true })
  return found?.upgrade === undefined ? undefined : [found.block, found.upgrade.reason]
}

describe('a pending plan', () => {
  test.for([
    ['not known yet', [], 1, 10, undefined],
    ['not known yet, handler or not', ['v3'], 1, 10, undefined],
    ['not due', [], 11, 39, undefined],
    ['due', [], 40, 40, [40, 70]],
    ['due within the blocks', [], 1, 60, [40, 70]],
    ['due and overdue', [], 45, 60, [45, 70]],
    ['the handler is there before it', ['v3'], 11, 11, [11, 71]],
    ['the handler is there before it, somewhere within', ['v3'], 1, 60, [11, 71]],
    ['the handler is there at it', ['v3'], 40, 60, undefined],
  ] as const)('default: %s', ([, names, from, to, expected]) => {
    expect(halt(scheduled(''), names, from, to)).toEqual(expected)
  })

  test('behavior: a minor one lets its binary run early, and still needs it in time', () => {
    const plans = scheduled('{"upgradeType":"MINOR"}')
    expect(halt(plans, ['v3'], 11, 60)).toBeUndefined()
    expect(halt(plans, [], 11, 60)).toEqual([40, 70])
  })

  test('behavior: a skipped height passes it over, a cancelled plan is none', () => {
    const blocks = { from: 40, to: 40, isFirst: true }
    expect(firstHalt(scheduled(''), binary([], [40]), blocks)).toBeUndefined()
    const cancelled = scheduled('')
    cancelled.cancel(20)
    expect(halt(cancelled, [], 40)).toBeUndefined()
    expect(halt(cancelled, ['v3'], 21)).toBeUndefined()
    expect(cancelled.appVersion(50)).toBe(0)
  })

  test('behavior: a later one takes its place', () => {
    const plans = scheduled('')
    plans.schedule({ name: 'v4', height: 45, info: '' }, 20)
    expect(plans.pendingAt(19)?.name).toBe('v3')
    expect(halt(plans, [], 30, 60)).toEqual([45, 70])
  })
})

describe('an applied one', () => {
  test('default: each height has its own answer', () => {
    const plans = applied()
    expect([9, 10, 39, 40].map((height) => plans.pendingAt(height)?.name)).toEqual([
      undefined,
      'v3',
      'v3',
      undefined,
    ])
    expect([39, 40, 50].map((height) => plans.appVersion(height))).toEqual([0, 1, 1])
    expect([39, 40].map((height) => plans.appliedHeight('v3', height))).toEqual([0, 40])
  })

  test('behavior: a binary from before it halts at its first block, and only there', () => {
    expect(halt(applied(), [], 51)).toEqual([51, 72])
    expect(halt(applied(), ['v3'], 51)).toBeUndefined()
    expect(firstHalt(applied(), binary([]), { from: 51, to: 51, isFirst: false })).toBeUndefined()
  })

  test('behavior: passed over by the first node, it was never applied', () => {
    const plans = scheduled('')
    plans.close(40)
    plans.executed(40, 40, binary([], [40]))
    expect(plans.appVersion(50)).toBe(0)
    expect(halt(plans, [], 51)).toBeUndefined()
  })
})
