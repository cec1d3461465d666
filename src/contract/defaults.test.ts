import { describe, expect, test } from 'vitest'
import { defaults, readinessBudget, readinessBudgets, slowerBlocksMs } from './defaults.ts'

describe('readinessBudget', () => {
  test('default: the table holds at the default pace, and at any pace of a real cluster', () => {
    expect(readinessBudget('embedded')).toEqual(readinessBudgets.embedded)
    expect(readinessBudget('k8s', { rate: 1, blockMs: 60_000 })).toEqual(readinessBudgets.k8s)
  })

  test('behavior: a cluster of simulated nodes gets their budgets, whatever the mode it was found by', () => {
    expect(readinessBudget('k8s', { simulated: true })).toEqual(readinessBudgets.envtest)
    expect(readinessBudget('embedded', { simulated: true })).toEqual(readinessBudgets.embedded)
  })

  test('behavior: a slower clock stretches everything, a faster one nothing', () => {
    const { embeddedRate } = defaults
    const { phaseMs, gateMs } = readinessBudgets.embedded
    expect(readinessBudget('embedded', { rate: embeddedRate / 4 })).toMatchObject({
      phaseMs: 4 * phaseMs,
      gateMs: 4 * gateMs,
    })
    expect(readinessBudget('embedded', { rate: 1_000 })).toEqual(readinessBudgets.embedded)
  })

  test('behavior: a gate outlasts several slow blocks', () => {
    const { gateMs } = readinessBudget('envtest', { blockMs: 10_000 })
    expect(gateMs / 4).toBeGreaterThan(2 * 10_000)
    expect(slowerBlocksMs({ blockMs: 10 })).toBe(0)
  })
})
