import { describe, expect, test } from 'vitest'
import { decideOutcome, exitCodes, type Outcome } from './exit-codes.ts'

describe('decideOutcome', () => {
  test('default: nothing special happened', () => {
    expect(exitCodes[decideOutcome([])]).toBe(0)
  })

  test.for([
    [['passed', 'nothingRan'], 4],
    [['nothingRan', 'noVerdict'], 2],
    [['noVerdict', 'notReady'], 3],
    [['notReady', 'testFailed', 'noVerdict'], 1],
    [['testFailed', 'usage'], 64],
    [['usage', 'testFailed', 'cancelled', 'passed'], 130],
  ] as const)('behavior: of %j the exit code is %i, in any order', ([outcomes, code]) => {
    const reversed: Outcome[] = outcomes.toReversed()
    expect(exitCodes[decideOutcome(outcomes)]).toBe(code)
    expect(exitCodes[decideOutcome(reversed)]).toBe(code)
  })
})
