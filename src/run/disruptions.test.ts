import { describe, expect, test } from 'vitest'
import { createDisruptions, type DisruptionKind, type Incident } from './disruptions.ts'

const network = 'net'
const exit = (node: string, kind: NonNullable<Incident['halt']>['kind']): Incident => ({
  network,
  node,
  cause: 'exit',
  halt: { kind },
})

describe('createDisruptions', () => {
  test('default: nothing is expected', () => {
    const disruptions = createDisruptions()
    expect(disruptions.explaining(exit('net-0', 'stopped'))).toBeUndefined()
    expect(disruptions.of(network)).toEqual([])
  })

  test('behavior: a window explains its node and its network alone, until it is closed', () => {
    const disruptions = createDisruptions()
    const window = disruptions.open({ network, node: 'net-0', kind: 'task', reason: 'restartPod' })
    expect(disruptions.explaining(exit('net-0', 'stopped'))).toBe(window)
    expect(disruptions.explaining(exit('net-1', 'stopped'))).toBeUndefined()
    expect(disruptions.explaining({ ...exit('net-0', 'stopped'), network: 'other' })).toBeUndefined()
    window.close()
    window.close()
    expect(disruptions.explaining(exit('net-0', 'stopped'))).toBeUndefined()
  })

  test.for<[DisruptionKind, NonNullable<Incident['halt']>['kind'], boolean]>([
    ['task', 'stopped', true],
    ['task', 'killed', true],
    ['task', 'crash', false],
    ['task', 'upgrade-required', false],
    ['image', 'crash', false],
    ['pause', 'stopped', true],
    ['fault', 'killed', true],
    ['fault', 'crash', false],
    ['deletion', 'stopped', true],
    ['upgrade', 'upgrade-required', true],
    ['upgrade', 'downgrade', false],
    ['upgrade', 'crash', false],
    ['user', 'crash', true],
    ['user', 'upgrade-required', false],
  ])('behavior: whether a window of kind %s explains an exit by %s: %s', ([kind, halt, explained]) => {
    const disruptions = createDisruptions()
    disruptions.open({ network, kind, reason: 'a test' })
    expect(disruptions.explaining(exit('net-0', halt)) !== undefined).toBe(explained)
  })

  test('behavior: a fork is never expected', () => {
    const disruptions = createDisruptions()
    disruptions.open({ network, kind: 'user', reason: 'a test' })
    expect(disruptions.explaining({ network, cause: 'fork' })).toBeUndefined()
    expect(disruptions.explaining({ network, cause: 'stall' })).toBeDefined()
  })

  test('behavior: a halt that is named counts only at its height and for its plan', () => {
    const disruptions = createDisruptions()
    disruptions.open({
      network,
      kind: 'user',
      reason: 'expectHalt',
      halts: { kinds: ['upgrade-required'], height: 40, planName: 'v2' },
    })
    const halt = (height: number, planName: string): Incident => ({
      network,
      node: 'net-0',
      cause: 'halt',
      halt: { kind: 'upgrade-required', height, planName },
    })
    expect(disruptions.explaining(halt(40, 'v2'))).toBeDefined()
    expect(disruptions.explaining(halt(41, 'v2'))).toBeUndefined()
    expect(disruptions.explaining(halt(40, 'v3'))).toBeUndefined()
  })

  test('behavior: listeners hear of each opening and closing, once', () => {
    const disruptions = createDisruptions()
    const heard: string[] = []
    const stop = disruptions.subscribe((change, { window }) => heard.push(`${change} ${window.reason}`))
    const first = disruptions.open({ network, kind: 'fault', reason: 'one' })
    first.close()
    first.close()
    stop()
    disruptions.open({ network, kind: 'fault', reason: 'two' })
    expect(heard).toEqual(['opened one', 'closed one'])
  })
})
