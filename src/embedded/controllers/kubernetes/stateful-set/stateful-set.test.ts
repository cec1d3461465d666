import { expect, test } from 'vitest'

import { oneValidator } from '../../../../../test/helpers/kind-captures.ts'
import type { Pod, StatefulSet } from '../../../../contract/objects.ts'
import { podOf } from './pod.ts'
import { revisionName, safeEncode } from './revision.ts'
import { statusOf } from './status.ts'

const { statefulSet, pod: recordedPod } = oneValidator()
const { status: _, ...unborn } = statefulSet

function podAt(revision: string, ready = false, terminating = false): Pod {
  const pod = podOf(statefulSet, 0, revision)
  return {
    ...pod,
    metadata: { ...pod.metadata, ...(terminating ? { deletionTimestamp: '2026-11-21T12:00:00Z' } : {}) },
    status: {
      phase: ready ? 'Running' : 'Pending',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  }
}

test('default: a pod is named and labelled as the recorded one', () => {
  const revision = recordedPod.metadata.labels?.['controller-revision-hash'] ?? ''
  const { metadata, spec } = podOf(statefulSet, 0, revision)
  expect(recordedPod.metadata).toMatchObject(metadata)
  expect(spec).toMatchObject(recordedPod.spec)
})

test('default: a revision is the name and up to ten characters, and follows the template alone', () => {
  const name = revisionName(statefulSet)
  expect(name).toMatch(/^one-0-[456789bcdf]{1,10}$/)
  const scaled: StatefulSet = { ...statefulSet, spec: { ...statefulSet.spec, replicas: 0 } }
  expect(revisionName(scaled)).toBe(name)
  const { template } = statefulSet.spec
  const reordered = { spec: template.spec, metadata: template.metadata }
  expect(revisionName({ ...statefulSet, spec: { ...statefulSet.spec, template: reordered } })).toBe(name)
  const other = { ...template, metadata: { ...template.metadata, labels: { a: 'b' } } }
  expect(revisionName({ ...statefulSet, spec: { ...statefulSet.spec, template: other } })).not.toBe(name)
})

test('default: digits are encoded as Kubernetes encodes them', () => {
  expect(safeEncode('0123456789')).toBe('456789bcdf')
})

test('default: counts of a new set with its pod are the recorded ones', () => {
  const { updateRevision = '' } = statefulSet.status ?? {}
  expect(statusOf(unborn, [podAt(updateRevision)], updateRevision)).toEqual(statefulSet.status)
})

/** The life of a follower's set under OnDelete, as recorded: its pod deleted, its image changed, its pause. */
test('behavior: the first revision stays current, so a rollout leaves it at no replica', () => {
  const born: StatefulSet = { ...unborn, status: { currentRevision: 'a' } }
  const counts = (pods: Pod[], revision: string): number[] => {
    const status = statusOf(born, pods, revision)
    expect(status).toMatchObject({ currentRevision: 'a', updateRevision: revision })
    const { replicas = 0, readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0 } = status
    return [replicas, readyReplicas, updatedReplicas, currentReplicas, status.availableReplicas ?? 0]
  }
  expect(counts([podAt('a', true)], 'a')).toEqual([1, 1, 1, 1, 1])
  expect(counts([podAt('a', true, true)], 'a')).toEqual([1, 1, 0, 0, 1])
  expect(counts([podAt('a', true)], 'b')).toEqual([1, 1, 0, 1, 1])
  expect(counts([podAt('a', true, true)], 'b')).toEqual([1, 1, 0, 0, 1])
  expect(counts([podAt('b')], 'b')).toEqual([1, 0, 1, 0, 0])
  expect(counts([], 'b')).toEqual([0, 0, 0, 0, 0])
})

test('behavior: under RollingUpdate the newest revision becomes the current one once all pods are of it and ready', () => {
  const spec: StatefulSet['spec'] = { ...unborn.spec, updateStrategy: { type: 'RollingUpdate' } }
  const born: StatefulSet = { ...unborn, spec, status: { currentRevision: 'a' } }
  const currentOf = (pods: Pod[]): string | undefined => statusOf(born, pods, 'b').currentRevision
  expect(currentOf([podAt('a', true)])).toBe('a')
  expect(currentOf([podAt('b')])).toBe('a')
  expect(currentOf([podAt('b', true)])).toBe('b')
})
