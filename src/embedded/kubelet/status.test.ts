import { describe, expect, test } from 'vitest'
import type { Container, ContainerStatus, Pod } from '../../contract/objects.ts'
import { podStatus, type PodFacts, type PodStatus } from './status.ts'

const container = (name: string, more: Partial<Container> = {}): Container => ({
  name,
  image: 'sei/seid:dev',
  ...more,
})

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'net-0-0', namespace: 'ns', generation: 1 },
  spec: {
    initContainers: [
      container('seid-init'),
      container('sei-sidecar', { restartPolicy: 'Always' }),
      container('kube-rbac-proxy', { restartPolicy: 'Always' }),
    ],
    containers: [container('seid'), container('cosmos-exporter')],
  },
}

const facts: PodFacts = {
  podIP: '10.244.0.2',
  hostIP: '127.0.0.1',
  startTime: '2026-11-21T13:41:29Z',
  now: new Date(),
  sandboxUp: true,
  ending: false,
}

type Short = 'waiting' | 'running' | 'started' | 'ready' | 'done' | 'crashed' | 'killed'

function status(name: string, short: Short): ContainerStatus {
  const ended = (exitCode: number): ContainerStatus['state'] => ({ terminated: { exitCode } })
  const states = {
    waiting: { waiting: { reason: 'PodInitializing' } },
    running: { running: {} },
    started: { running: {} },
    ready: { running: {} },
    done: ended(0),
    crashed: { waiting: { reason: 'CrashLoopBackOff' } },
    killed: ended(143),
  }
  return {
    name,
    image: 'sei/seid:dev',
    restartCount: 0,
    ready: short === 'ready' || (short === 'done' && name === 'seid-init'),
    started: short === 'started' || short === 'ready',
    state: states[short] ?? {},
    lastState: short === 'crashed' ? { terminated: { exitCode: 2 } } : {},
  }
}

function statusOf(
  shorts: Record<string, Short>,
  more: Partial<PodFacts> = {},
  before?: PodStatus,
): PodStatus {
  const statuses = new Map(Object.entries(shorts).map(([name, short]) => [name, status(name, short)]))
  return podStatus(pod, statuses, { ...facts, ...more }, before)
}

const condition = (of: PodStatus, type: string): unknown => of.conditions?.find((one) => one.type === type)

const fresh = {
  'seid-init': 'waiting',
  'sei-sidecar': 'waiting',
  'kube-rbac-proxy': 'waiting',
  seid: 'waiting',
  'cosmos-exporter': 'waiting',
} as const

const running = {
  'seid-init': 'done',
  'sei-sidecar': 'ready',
  'kube-rbac-proxy': 'ready',
  seid: 'ready',
  'cosmos-exporter': 'ready',
} as const

describe('pod status, as recorded on a real cluster', () => {
  test('default: before the first container, conditions name what is incomplete', () => {
    const first = statusOf(fresh, { sandboxUp: false, podIP: undefined })
    expect(first.phase).toBe('Pending')
    expect(first.podIP).toBeUndefined()
    expect(condition(first, 'PodReadyToStartContainers')).toMatchObject({ status: 'False' })
    expect(condition(first, 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [seid-init sei-sidecar kube-rbac-proxy]',
    })
    expect(condition(first, 'Ready')).toMatchObject({
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [sei-sidecar kube-rbac-proxy seid cosmos-exporter]',
    })
    expect(first.containerStatuses?.map(({ name }) => name)).toEqual(['cosmos-exporter', 'seid'])
    expect(first.initContainerStatuses?.map(({ name }) => name)).toEqual([
      'seid-init',
      'sei-sidecar',
      'kube-rbac-proxy',
    ])
  })

  test('behavior: the pod stays Pending until every container was started, and is Running from then on', () => {
    const phase = (shorts: Partial<Record<keyof typeof running, Short>>): unknown =>
      statusOf({ ...running, ...shorts }).phase
    expect(phase({ seid: 'waiting', 'cosmos-exporter': 'waiting' })).toBe('Pending')
    expect(phase({ seid: 'running', 'cosmos-exporter': 'waiting' })).toBe('Pending')
    expect(phase({ seid: 'running' })).toBe('Running')
    expect(phase({ seid: 'crashed' })).toBe('Running')
    expect(phase({ seid: 'crashed', 'cosmos-exporter': 'crashed' })).toBe('Running')
  })

  test('behavior: a crash makes the pod unready, and says which container', () => {
    expect(condition(statusOf({ ...running, seid: 'crashed' }), 'Ready')).toMatchObject({
      status: 'False',
      message: 'containers with unready status: [seid]',
    })
    expect(condition(statusOf(running), 'Ready')).toMatchObject({ status: 'True' })
  })

  test('behavior: an ended pod is Failed when a container did not exit 0', () => {
    const ended = { ...running, 'sei-sidecar': 'done', 'kube-rbac-proxy': 'done', seid: 'done' } as const
    const failed = statusOf({ ...ended, 'cosmos-exporter': 'killed' }, { ending: true, sandboxUp: false })
    expect(failed.phase).toBe('Failed')
    expect(condition(failed, 'Ready')).toMatchObject({ status: 'False', reason: 'PodFailed' })
    expect(statusOf({ ...ended, 'cosmos-exporter': 'done' }, { ending: true }).phase).toBe('Succeeded')
    expect(statusOf({ ...ended, 'cosmos-exporter': 'ready' }, { ending: true }).phase).toBe('Running')
  })

  test('behavior: a condition keeps its transition time while its status stays', () => {
    const before = statusOf(running)
    for (const one of before.conditions ?? []) one.lastTransitionTime = '2020-01-01T00:00:00Z'
    const after = statusOf({ ...running, seid: 'crashed' }, {}, before)
    expect(condition(after, 'Initialized')).toMatchObject({ lastTransitionTime: '2020-01-01T00:00:00Z' })
    expect(condition(after, 'Ready')).not.toMatchObject({ lastTransitionTime: '2020-01-01T00:00:00Z' })
  })
})
