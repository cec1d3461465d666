import { expect, test } from 'vitest'
import type { WorkflowNode } from '../../contract/crds/chaos-mesh/workflownode.ts'
import { chaosMeshKeys } from '../../contract/labels.ts'
import type { Pod } from '../../contract/objects.ts'
import type { Fate } from '../verdict/objects.ts'
import { markLate } from './late.ts'

const step = { template: 'test', role: 'step', container: 'main', deadlineMs: 60_000, position: 0 } as const

const node: WorkflowNode = {
  apiVersion: 'chaos-mesh.org/v1alpha1',
  kind: 'WorkflowNode',
  metadata: { name: 'test-abcde', uid: 'n' },
  spec: { templateName: 'test', workflowName: 'w', type: 'Task', startTime: '2026-11-21T12:00:00Z' },
}

/** Fates of a run whose one container ended with 0 so many seconds after its node began. */
function fatesAfter(seconds: number | undefined, rate: number, role: 'step' | 'gate' = 'step'): Fate[] {
  const finishedAt =
    seconds === undefined ? undefined : new Date(Date.UTC(2026, 10, 21, 12, 0, seconds)).toISOString()
  const state =
    finishedAt === undefined
      ? { running: {} }
      : { terminated: { exitCode: 0, reason: 'Completed', finishedAt } }
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', uid: 'p', labels: { [chaosMeshKeys.controlledBy]: 'test-abcde' } },
    spec: { containers: [] },
    status: { containerStatuses: [{ name: 'main', image: 'i', ready: false, restartCount: 0, state }] },
  }
  const fates = new Map<string, Fate>()
  markLate({ nodes: [node], pods: [pod], fates }, [{ ...step, role }], rate)
  return [...fates.values()]
}

test('default: who ended with 0 after its deadline was late, whoever noticed', () => {
  expect(fatesAfter(65, 1)).toEqual([
    { at: '2026-11-21T12:01:05.000Z', why: 'deadline', what: 'past its deadline of 1m' },
  ])
})

test('behavior: on a faster clock deadlines pass as much faster', () => {
  expect(fatesAfter(10, 10)).toHaveLength(1)
  expect(fatesAfter(7, 10)).toEqual([])
})

test('behavior: in time, by a second whose border nobody knows, or still running is not late', () => {
  expect(fatesAfter(59, 1)).toEqual([])
  expect(fatesAfter(61, 1)).toEqual([])
  expect(fatesAfter(undefined, 1)).toEqual([])
})

test('behavior: a gate has no deadline of its own', () => {
  expect(fatesAfter(65, 1, 'gate')).toEqual([])
})
