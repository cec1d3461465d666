import { describe, expect, test } from 'vitest'
import { recordedExits, recordedPods } from '../../test/helpers/recorded-pods.ts'
import type { ContainerState, Pod } from '../contract/objects.ts'
import type { WatchEvent } from '../kube/types.ts'
import { notSeen, podDeleted, TerminationTracker } from './terminations.ts'

const seenAt = '2026-11-21T13:00:00Z'
const ended = (exitCode: number, id: string): ContainerState => ({
  terminated: { exitCode, containerID: id },
})
const running: ContainerState = { running: {} }

interface Version {
  readonly state: ContainerState
  readonly lastState?: ContainerState
  readonly restartCount?: number
  readonly uid?: string
  readonly type?: WatchEvent<Pod>['type']
}

function version({
  state,
  lastState = {},
  restartCount = 0,
  uid = 'u1',
  type = 'MODIFIED',
}: Version): WatchEvent<Pod> {
  const status = { name: 'seid', image: 'i', ready: false, restartCount, state, lastState }
  const object: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'n-0', namespace: 'ns', uid, labels: { 'sei.io/node': 'n' } },
    spec: { containers: [] },
    status: { containerStatuses: [status] },
  }
  return { type, object }
}

function ends(...versions: Version[]): unknown[] {
  const tracker = new TerminationTracker()
  return versions
    .flatMap((one) => tracker.observe(version(one), seenAt))
    .map(({ termination: { exitCode, reason }, previous }) => [
      exitCode ?? reason,
      previous ? 'previous' : 'current',
    ])
}

describe('TerminationTracker', () => {
  test('default: a container that runs, or only ever waited, has not ended', () => {
    expect(ends({ state: { waiting: { reason: 'PodInitializing' } } }, { state: running })).toEqual([])
  })

  test('behavior: each end is told once, whichever way the versions show it', () => {
    expect(
      ends(
        { state: running },
        { state: ended(2, 'a') },
        { state: running, lastState: ended(2, 'a'), restartCount: 1 },
        { state: ended(1, 'b'), lastState: ended(2, 'a'), restartCount: 1 },
        { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended(1, 'b'), restartCount: 1 },
        { state: ended(1, 'b'), restartCount: 1 },
      ),
    ).toEqual([
      [2, 'current'],
      [1, 'current'],
    ])
  })

  test('behavior: an end that shows only as the last state has its log with the previous instance', () => {
    expect(ends({ state: running }, { state: running, lastState: ended(137, 'a'), restartCount: 1 })).toEqual(
      [[137, 'previous']],
    )
  })

  test('behavior: restarts between two versions are told by their count', () => {
    expect(ends({ state: running }, { state: running, lastState: ended(2, 'c'), restartCount: 3 })).toEqual([
      [2, 'previous'],
      [notSeen, 'previous'],
    ])
  })

  test('behavior: what ended before the watch began is told as far as the pod still shows it', () => {
    expect(ends({ type: 'ADDED', state: running, lastState: ended(2, 'c'), restartCount: 7 })).toEqual([
      [2, 'previous'],
    ])
  })

  test('behavior: a pod that goes with its container running took the exit code along', () => {
    expect(
      ends(
        { state: running },
        { type: 'DELETED', state: running },
        { type: 'ADDED', uid: 'u2', state: running },
      ),
    ).toEqual([[podDeleted, 'current']])
  })

  test('behavior: the recorded watch of a real network tells every end that its kubelet recorded', () => {
    const tracker = new TerminationTracker()
    const found = new Map<string, (number | string)[]>()
    for (const { at, event } of recordedPods()) {
      for (const { termination } of tracker.observe(event, new Date(at).toISOString())) {
        if (termination.container !== 'seid') continue
        const uid = termination.podUid.slice(0, 8)
        found.set(uid, [...(found.get(uid) ?? []), termination.exitCode ?? termination.reason ?? ''])
      }
    }
    for (const [uid, exits] of recordedExits()) expect([uid, found.get(uid)]).toEqual([uid, exits])
  })
})
