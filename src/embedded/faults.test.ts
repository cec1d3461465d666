import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { faultNames, faultsFor, ordinalOf, parseFaults } from './faults.ts'

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

  test('behavior: words with arguments', () => {
    const { faults, unknown } = parseFaults(
      'sei/seid:v2--has-v6.7.on-1--has-v-next--exits-75-at-20--intends-71-at-9-for-v3--panics-70-at-5--zombie-at-7',
    )
    expect(unknown).toEqual([])
    expect(faults).toEqual([
      { name: 'has', plan: 'v6.7', ordinal: 1 },
      { name: 'has', plan: 'v-next' },
      { name: 'exits', code: 75, height: 20 },
      { name: 'intends', code: 71, height: 9, plan: 'v3' },
      { name: 'panics', code: 70, height: 5 },
      { name: 'zombie-at', height: 7 },
    ])
  })

  test('error: a word that is no fault is reported, not ignored', () => {
    const words = ['crash-loop', 'halts-at-', 'never-pulls.on-x', 'exits-256-at-1', 'panics-75-at-1', 'has-']
    expect(parseFaults('sei/seid:dev', words.join()).unknown).toEqual(words)
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

  test('behavior: upgrades and heights add up, and of other words with arguments the first counts', () => {
    const { seid } = faultsFor(
      parseFaults('a:b--has-v1--has-v2--exits-2-at-5--exits-3-at-6--intends-72-at-8--skips-upgrade-at-4')
        .faults,
      0,
    )
    expect(seid).toMatchObject({
      upgradeHandlers: ['v1', 'v2'],
      skippedUpgrades: [4],
      exit: { code: 2, height: 5 },
      halt: { reason: 72, height: 8, plan: '', isIntent: true },
    })
  })

  test('behavior: without an order for a height the key is absent, so that no default halts the chain', () => {
    expect('haltAtHeight' in faultsFor([], 0).seid).toBe(false)
  })

  test('behavior: the ordinal is the last part of the node name', () => {
    expect([ordinalOf('net-0'), ordinalOf('net-rpc-12'), ordinalOf('observer')]).toEqual([0, 12, undefined])
  })
})

test('default: docs/faults.md has a row for every word', () => {
  const page = readFileSync(new URL('../../docs/faults.md', import.meta.url), 'utf8')
  const withArguments = [
    'has-<name>',
    'skips-upgrade-at-<H>',
    'exits-<code>-at-<H>',
    'intends-<reason>-at-<H>[-for-<plan>]',
    'panics-<reason>-at-<H>[-for-<plan>]',
    'zombie-at-<H>',
    'app-hash-differs-at-<H>',
    'forks-at-<H>',
    'freezes-at-<F>',
    'halts-at-<N>',
  ]
  for (const word of [...faultNames, ...withArguments]) expect(page).toContain(`| \`${word}\` |`)
})
