import { expect, test } from 'vitest'

import type { Conditioned } from '../../../contract/crds/head/shared.ts'
import { setCondition } from './conditions.ts'

const first = new Date('2026-11-21T12:00:00.999Z')
const later = new Date('2026-11-21T13:00:00Z')

test('default: the transition time moves with the status alone', () => {
  const holder: Conditioned = {}
  const ready = { type: 'Ready', status: 'False', reason: 'A', message: 'a' } as const
  setCondition(holder, ready, first)
  setCondition(holder, { ...ready, reason: 'B', message: 'b', observedGeneration: 2 }, later)
  expect(holder.conditions).toEqual([
    {
      type: 'Ready',
      status: 'False',
      reason: 'B',
      message: 'b',
      observedGeneration: 2,
      lastTransitionTime: '2026-11-21T12:00:00Z',
    },
  ])
  setCondition(holder, { ...ready, status: 'True' }, later)
  expect(holder.conditions?.[0]?.lastTransitionTime).toBe('2026-11-21T13:00:00Z')
})

test('behavior: conditions keep the order in which they came', () => {
  const holder: Conditioned = {}
  for (const type of ['B', 'A', 'B'])
    setCondition(holder, { type, status: 'True', reason: 'R', message: '' }, first)
  expect(holder.conditions?.map((condition) => condition.type)).toEqual(['B', 'A'])
})
