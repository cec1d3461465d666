import { describe, expect, test } from 'vitest'
import { faultsFor, ordinalOf, parseFaults } from './faults.ts'

describe('parseFaults', () => {
  test('default: an image without a suffix orders nothing', () => {
    for (const image of [
      'sei/seid:dev',
      'seid',
      'localhost:5000/sei/seid',
      'sei/seid@sha256:ab--crash-loops',
    ])
      expect(parseFaults(image)).toEqual({ faults: [], unknown: [] })
  })

  test('behavior: suffixes repeat, and each may name one ordinal', () => {
    expect(parseFaults('reg:5000/sei/seid:dev--never-caught-up--crash-loops.on-2').faults).toEqual([
      { name: 'never-caught-up' },
      { name: 'crash-loops', ordinal: 2 },
    ])
  })

  test('behavior: the annotation takes the same words, separated by commas, and adds to the image', () => {
    expect(parseFaults('sei/seid:dev--status-flaps', ' halts-at-12.on-0 , unschedulable,').faults).toEqual([
      { name: 'status-flaps' },
      { name: 'halts-at', height: 12, ordinal: 0 },
      { name: 'unschedulable' },
    ])
  })

  test('error: a word that is no fault is reported, not ignored', () => {
    expect(parseFaults('sei/seid:dev--crash-loop', 'halts-at-,never-pulls.on-x').unknown).toEqual([
      'crash-loop',
      'halts-at-',
      'never-pulls.on-x',
    ])
  })
})

describe('faultsFor', () => {
  const { faults } = parseFaults('sei/seid:dev--crash-loops.on-2--halts-at-5--evm-never-binds.on-1')

  test('behavior: an order with an ordinal hits that node alone', () => {
    expect(faultsFor(faults, 2)).toMatchObject({
      crashLoops: true,
      seid: { haltAtHeight: 5, evmNeverBinds: false },
    })
    expect(faultsFor(faults, 1)).toMatchObject({ crashLoops: false, seid: { evmNeverBinds: true } })
    expect(faultsFor(faults, undefined)).toMatchObject({ crashLoops: false, seid: { haltAtHeight: 5 } })
  })

  test('behavior: without an order for a height the key is absent, so that no default halts the chain', () => {
    expect('haltAtHeight' in faultsFor([], 0).seid).toBe(false)
  })

  test('behavior: the ordinal is the last part of the node name', () => {
    expect([ordinalOf('net-0'), ordinalOf('net-rpc-12'), ordinalOf('observer')]).toEqual([0, 12, undefined])
  })
})
