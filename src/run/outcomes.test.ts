import { describe, expect, test } from 'vitest'
import { SeiError } from '../errors/sei-error.ts'
import { outcomeOf, Outcomes } from './outcomes.ts'

describe('Outcomes', () => {
  test('default: nothing recorded is a pass', () => {
    expect(new Outcomes().exitCode).toBe(0)
  })

  test.for([
    [['testFailed', 'notReady'], 1],
    [['notReady', 'noVerdict'], 3],
    [['noVerdict', 'nothingRan'], 2],
    [['nothingRan'], 4],
    [['usage', 'testFailed'], 64],
    [['usage', 'cancelled', 'testFailed'], 130],
  ] as const)('behavior: %o ends with %i', ([recorded, code]) => {
    const outcomes = new Outcomes()
    for (const outcome of recorded) outcomes.add(outcome, 'a reason')
    expect(outcomes.exitCode).toBe(code)
  })

  test('behavior: a rerun decides everything anew but what was lost', () => {
    const outcomes = new Outcomes()
    outcomes.add('testFailed', 'a test')
    outcomes.add('notReady', 'a network')
    outcomes.add('noVerdict', 'evidence')
    outcomes.beginRerun()
    expect(outcomes.all).toEqual([{ outcome: 'noVerdict', reason: 'evidence' }])
  })
})

describe('outcomeOf', () => {
  const rows = [
    [new SeiError('late', { class: 'timeout', code: 'READINESS_TIMEOUT' }), 'notReady'],
    [new SeiError('crashed', { class: 'failed', code: 'READINESS_FAILED' }), 'notReady'],
    [new SeiError('bad', { class: 'usage', code: 'BAD_SPEC' }), 'usage'],
    [new SeiError('stopped', { class: 'cancelled', code: 'RUN_CANCELLED' }), 'cancelled'],
    [new SeiError('down', { class: 'infra', code: 'CLUSTER_UNAVAILABLE' }), 'noVerdict'],
    [
      new SeiError('halted', { class: 'failed', code: 'NETWORK_LOST', details: { cause: 'chain' } }),
      'testFailed',
    ],
    [new TypeError('a defect'), 'noVerdict'],
  ] as const
  test.for(rows)('default: %s', ([error, outcome]) => {
    expect(outcomeOf(error)).toBe(outcome)
  })
})
