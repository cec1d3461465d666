import { expect, test } from 'vitest'
import type { SeiNetwork } from '../contract/crds/head/seinetwork.ts'
import type { SeiNode } from '../contract/crds/head/seinode.ts'
import type { PlanTask } from '../contract/crds/head/shared.ts'
import { readinessBudgets } from '../contract/defaults.ts'
import type { ContainerStatus, KubeEvent, Pod } from '../contract/objects.ts'
import { diagnose, likelyCause, type NodeFacts } from './diagnose.ts'

const budget = readinessBudgets.k8s
const meta = { name: 'net-0', namespace: 'ns' }
const spec = { chainId: 'net', image: 'i', validator: {} }

function node(status: SeiNode['status']): SeiNode {
  return { apiVersion: 'sei.io/v1alpha1', kind: 'SeiNode', metadata: meta, spec, ...(status && { status }) }
}

function network(status: NonNullable<SeiNetwork['status']>): SeiNetwork {
  const genesis = { chainId: 'net' }
  return {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNetwork',
    metadata: { name: 'net' },
    spec: { image: 'i', genesis },
    status,
  }
}

function pod(status: NonNullable<Pod['status']>): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'net-0-0', namespace: 'ns' },
    spec: { containers: [] },
    status,
  }
}

function container(more: Partial<ContainerStatus>): ContainerStatus {
  return { name: 'seid', image: 'sei/seid:dev', ready: false, restartCount: 0, ...more }
}

function event(reason: string, message: string, name = 'net-0'): KubeEvent {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: reason },
    involvedObject: { name },
    type: 'Warning',
    reason,
    message,
  }
}

function facts(more: Partial<NodeFacts>): NodeFacts {
  return {
    name: 'net-0',
    node: node({ phase: 'Initializing' }),
    pod: undefined,
    events: [],
    network: undefined,
    siblings: [],
    ...more,
  }
}

function task(type: string, more: Partial<PlanTask> = {}): PlanTask {
  return { type, id: type, status: 'Pending', ...more }
}

function crashed(restartCount: number): Pod {
  const terminated = { exitCode: 2, reason: 'Error' }
  return pod({
    containerStatuses: [
      container({
        restartCount,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated },
      }),
    ],
  })
}

function pulling(message: string): Pod {
  return pod({
    initContainerStatuses: [container({ state: { waiting: { reason: 'ErrImagePull', message } } })],
  })
}

function unscheduled(message: string): Pod {
  return pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] })
}

test('error: a failed plan task ends the wait at once with its error', () => {
  const failedTaskDetail = {
    type: 'generate-gentx',
    id: 'x',
    error: 'no space left',
    retryCount: 0,
    maxRetries: 0,
  }
  const plan = { id: 'p', phase: 'Failed' as const, tasks: [], failedTaskDetail }
  expect(diagnose(facts({ node: node({ phase: 'Failed', plan }) }), budget)).toEqual({
    cause: 'SeiNode net-0 is Failed: plan task generate-gentx failed: no space left',
    graceMs: 0,
  })
})

test("error: a failed ceremony is told by its failed child's reason", () => {
  const child = node({ phase: 'Failed' })
  const failed = network({ phase: 'Failed', conditions: [] })
  expect(diagnose(facts({ network: failed, siblings: [child] }), budget)).toMatchObject({
    cause: expect.stringMatching(/ceremony of net failed: SeiNode net-0 is Failed/),
    graceMs: 0,
  })
})

test('error: three crashes end the wait, two do not', () => {
  expect(diagnose(facts({ pod: crashed(2) }), budget)).toMatchObject({
    cause: expect.stringMatching(/seid crashed 3 times, last with exit code 2/),
    graceMs: 0,
  })
  expect(diagnose(facts({ pod: crashed(1) }), budget)?.graceMs).toBe(Infinity)
})

test('behavior: a container that was restarted and runs is no crash loop', () => {
  const running = pod({
    containerStatuses: [
      container({
        restartCount: 3,
        ready: true,
        state: { running: {} },
        lastState: { terminated: { exitCode: 0 } },
      }),
    ],
  })
  expect(diagnose(facts({ pod: running }), budget)).toBeUndefined()
})

test('error: an image that does not exist or may not be read ends the wait, a registry in trouble has a grace', () => {
  for (const message of ['… not found', 'pull access denied', '401 Unauthorized']) {
    expect(diagnose(facts({ pod: pulling(message) }), budget)?.graceMs).toBe(0)
  }
  expect(diagnose(facts({ pod: pulling('i/o timeout') }), budget)?.graceMs).toBe(budget.imagePullMs)
})

test('error: back-off without a message is told by the event before it', () => {
  const failed = event('Failed', 'Failed to pull image "x": manifest unknown', 'net-0-0')
  expect(diagnose(facts({ pod: pulling(''), events: [failed] }), budget)).toMatchObject({
    cause: expect.stringContaining('manifest unknown'),
    graceMs: 0,
  })
})

test('behavior: no memory has a grace, a claim that is not there yet is normal', () => {
  const memory = unscheduled('0/1 nodes are available: 1 Insufficient memory.')
  expect(diagnose(facts({ pod: memory }), budget)).toMatchObject({
    cause: expect.stringContaining('Insufficient memory'),
    graceMs: budget.unschedulableMs,
  })
  // Both were recorded of a scheduler whose cache was behind.
  const claims = [
    '0/1 nodes are available: persistentvolumeclaim "data-net-0" not found. not found',
    'running PreFilter plugin "VolumeBinding": error getting PVC "kr/data-net-0": could not find v1.PersistentVolumeClaim "kr/data-net-0"',
  ]
  for (const claim of claims) expect(diagnose(facts({ pod: unscheduled(claim) }), budget)).toBeUndefined()
})

test('error: quota and admission refuse the pod for good', () => {
  const quota = event('FailedCreate', 'pods "net-0-0" is forbidden: exceeded quota: compute')
  expect(diagnose(facts({ events: [quota] }), budget)).toMatchObject({
    cause: expect.stringContaining('exceeded quota'),
    graceMs: 0,
  })
})

test.for([
  ['a sidecar that cannot be reached', task('generate-identity'), /never submitted: the sidecar/, true],
  [
    'genesis not there',
    task('configure-genesis', { retryCount: 3 }),
    /retried 3 times: genesis\.json/,
    false,
  ],
  ['a claim', task('ensure-data-pvc', { submittedAt: 't' }), /claim or Secret/, true],
  ['a task that runs', task('config-apply', { submittedAt: 't' }), /sidecar is executing it/, true],
] as const)('default: a stuck plan is told as %s', ([, open, cause, own]) => {
  const plan = { id: 'p', phase: 'Active' as const, tasks: [open] }
  expect(likelyCause(facts({ node: node({ phase: 'Initializing', plan }) }), budget)).toEqual({
    cause: expect.stringMatching(cause),
    own,
  })
})

test('behavior: a Running node with a sound pod has no cause in the cluster', () => {
  expect(likelyCause(facts({ node: node({ phase: 'Running' }) }), budget)).toBeUndefined()
})
