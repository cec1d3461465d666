import { expect, test } from 'vitest'

import { networkPhase, type PhaseFacts } from './phase.ts'

const facts: PhaseFacts = {
  paused: false,
  planInProgress: false,
  ceremonyFailed: false,
  replicas: 2,
  children: ['Running', 'Running'],
}

test.for<[string, Partial<PhaseFacts>, string]>([
  ['all children run', {}, 'Ready'],
  ['paused wins over everything', { paused: true, planInProgress: true, ceremonyFailed: true }, 'Paused'],
  ['a plan wins over a failed ceremony', { planInProgress: true, ceremonyFailed: true }, 'Initializing'],
  ['a failed ceremony wins over children that run', { ceremonyFailed: true }, 'Failed'],
  ['no children', { children: [] }, 'Pending'],
  ['one child to go', { children: ['Running', 'Initializing'] }, 'Initializing'],
  ['children without a phase', { children: ['', ''] }, 'Initializing'],
  ['one failed, one runs', { children: ['Failed', 'Running'] }, 'Degraded'],
  ['one failed, one initialises', { children: ['Failed', 'Initializing'] }, 'Initializing'],
  ['all failed', { children: ['Failed', 'Failed'] }, 'Failed'],
  ['a child too few', { children: ['Running'] }, 'Initializing'],
])('default: phase when %s', ([, change, phase]) => {
  expect(networkPhase({ ...facts, ...change })).toBe(phase)
})
