import { describe, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { nextChange } from './changes.ts'
import { probe, type ProbeTarget } from './probes.ts'
import { createGate, type Gate } from './sidecar/gate.ts'
import { nextTickMs, simulatedNowMs } from './simulated-time.ts'

const clock = createClock(1_000)

function observed(gate: Gate): ProbeTarget & { asked: number } {
  const target = {
    asked: 0,
    check: () => {
      target.asked += 1
      return gate.isOpen() ? undefined : 'closed'
    },
    onChange: gate.onChange,
  }
  return target
}

/** Resolves to the first `count` results of a probe. */
async function results(
  target: ProbeTarget,
  count: number,
  act?: (seen: string[]) => void,
): Promise<string[]> {
  const stop = new AbortController()
  const seen: string[] = []
  const { promise, resolve } = Promise.withResolvers<string[]>()
  const add = (result: string): void => {
    seen.push(result)
    act?.(seen)
    if (seen.length === count) resolve([...seen])
  }
  const over = probe({
    clock,
    spec: { periodSeconds: 5, failureThreshold: 2 },
    target,
    signal: stop.signal,
    onPass: () => add('pass'),
    onFail: (message, decided) => add(decided ? `${message}!` : message),
  })
  const first = await promise
  stop.abort()
  await over
  return first
}

describe('probe', () => {
  test('behavior: a polled target is asked each period, and decides at the threshold', async () => {
    let asked = 0
    const check = async (): Promise<string | undefined> => ((asked += 1) < 4 ? 'refused' : undefined)
    expect(await results({ check }, 4)).toEqual(['refused', 'refused!', 'refused!', 'pass'])
  })

  test('behavior: a target that tells of changes is not asked in between', async () => {
    const gate = createGate()
    const target = observed(gate)
    setTimeout(() => gate.set(true), 60)
    expect(await results(target, 2)).toEqual(['closed', 'pass'])
    // Twelve periods passed before the gate opened: looks happen at the first tick, around the wait, and after it.
    expect(target.asked).toBeLessThanOrEqual(5)
  })

  test('behavior: after passing, only failures up to the threshold count', async () => {
    const gate = createGate()
    gate.set(true)
    const seen = await results(observed(gate), 3, (seen) => {
      if (seen.length === 1) setTimeout(() => gate.set(false), 1)
    })
    expect(seen).toEqual(['pass', 'closed', 'closed!'])
  })
})

test('behavior: a change that comes after the abort is not waited for', async () => {
  const stop = new AbortController()
  stop.abort(new Error('over'))
  await expect(nextChange(createGate().onChange, stop.signal)).rejects.toThrow('over')
})

test('behavior: ticks keep to their series', () => {
  expect([0, 5, 6, 10, 11].map((now) => nextTickMs(now, 5, 5))).toEqual([5, 5, 10, 10, 15])
  expect(simulatedNowMs(createClock(10))).toBeGreaterThan(0)
})
