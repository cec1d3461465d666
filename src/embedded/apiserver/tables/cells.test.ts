import { describe, expect, test } from 'vitest'
import type { ApiObject } from '../object.ts'
import { ageSince, humanDuration } from './age.ts'
import { builtinTable } from './builtin-tables.ts'

const now = new Date('2026-11-21T12:00:00Z')
const created = '2026-11-21T11:55:00Z'

function object(
  kind: string,
  rest: Record<string, unknown>,
  metadata: Record<string, unknown> = {},
): ApiObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name: 'n', creationTimestamp: created, ...metadata },
    ...rest,
  } as ApiObject
}

describe('ages', () => {
  const second = 1000
  const minute = 60 * second
  const hour = 60 * minute
  const day = 24 * hour
  test.each([
    [-2 * second, '<invalid>'],
    [-1 * second, '0s'],
    [0, '0s'],
    [119 * second, '119s'],
    [2 * minute, '2m'],
    [2 * minute + second, '2m1s'],
    [10 * minute, '10m'],
    [179 * minute, '179m'],
    [3 * hour, '3h'],
    [3 * hour + minute, '3h1m'],
    [8 * hour + minute, '8h'],
    [47 * hour, '47h'],
    [2 * day, '2d'],
    [2 * day + hour, '2d1h'],
    [8 * day + hour, '8d'],
    [729 * day, '729d'],
    [730 * day, '2y'],
    [731 * day, '2y1d'],
    [8 * 365 * day + day, '8y'],
  ])('behavior: %i ms is printed %s', (ms, expected) => {
    expect(humanDuration(ms)).toBe(expected)
  })

  test.each([
    [created, '5m'],
    ['soon', '<invalid>'],
    [undefined, '<unknown>'],
    [null, '<unknown>'],
  ])('behavior: %s is %s ago', (time, expected) => {
    expect(ageSince(time, now)).toBe(expected)
  })
})

function container(name: string, state: object, rest: object = {}): object {
  return { name, image: 'i', ready: false, restartCount: 0, state, ...rest }
}

const running = { running: { startedAt: created } }
const crashed = { waiting: { reason: 'CrashLoopBackOff' } }
const ended = (exitCode: number, reason?: string, signal?: number): object => ({
  terminated: {
    exitCode,
    ...(reason === undefined ? {} : { reason }),
    ...(signal === undefined ? {} : { signal }),
  },
})
const sidecarSpec = {
  initContainers: [{ name: 's', image: 'i', restartPolicy: 'Always' }],
  containers: [{ name: 'a', image: 'i' }],
}
const initSpec = {
  initContainers: [
    { name: 'i', image: 'i' },
    { name: 'j', image: 'i' },
  ],
  containers: [{ name: 'a', image: 'i' }],
}
const plainSpec = { containers: [{ name: 'a', image: 'i' }] }
const both = {
  containers: [
    { name: 'a', image: 'i' },
    { name: 'b', image: 'i' },
  ],
}
const ready = [{ type: 'Ready', status: 'True' }]

describe('pods', () => {
  test.each<[string, object, object, object, [string, string, string]]>([
    ['pending', plainSpec, { phase: 'Pending' }, {}, ['0/1', 'Pending', '0']],
    [
      'creating',
      plainSpec,
      { phase: 'Pending', containerStatuses: [container('a', { waiting: { reason: 'ContainerCreating' } })] },
      {},
      ['0/1', 'ContainerCreating', '0'],
    ],
    [
      'running',
      plainSpec,
      { phase: 'Running', conditions: ready, containerStatuses: [container('a', running, { ready: true })] },
      {},
      ['1/1', 'Running', '0'],
    ],
    [
      'running but not ready',
      plainSpec,
      { phase: 'Running', containerStatuses: [container('a', running)] },
      {},
      ['0/1', 'Running', '0'],
    ],
    [
      'crashing',
      plainSpec,
      {
        phase: 'Running',
        containerStatuses: [
          container('a', crashed, {
            restartCount: 3,
            lastState: { terminated: { exitCode: 1, finishedAt: '2026-11-21T11:59:30Z' } },
          }),
        ],
      },
      {},
      ['0/1', 'CrashLoopBackOff', '3 (30s ago)'],
    ],
    [
      'image not pulled',
      plainSpec,
      { phase: 'Pending', containerStatuses: [container('a', { waiting: { reason: 'ImagePullBackOff' } })] },
      {},
      ['0/1', 'ImagePullBackOff', '0'],
    ],
    [
      'completed',
      plainSpec,
      { phase: 'Succeeded', containerStatuses: [container('a', ended(0, 'Completed'))] },
      {},
      ['0/1', 'Completed', '0'],
    ],
    [
      'failed',
      plainSpec,
      { phase: 'Failed', containerStatuses: [container('a', ended(1, 'Error'))] },
      {},
      ['0/1', 'Error', '0'],
    ],
    [
      'ended without reason',
      plainSpec,
      { phase: 'Failed', containerStatuses: [container('a', ended(7))] },
      {},
      ['0/1', 'ExitCode:7', '0'],
    ],
    [
      'killed without reason',
      plainSpec,
      { phase: 'Failed', containerStatuses: [container('a', ended(137, undefined, 9))] },
      {},
      ['0/1', 'Signal:9', '0'],
    ],
    ['evicted', plainSpec, { phase: 'Failed', reason: 'Evicted' }, {}, ['0/1', 'Evicted', '0']],
    [
      'one of two completed, the pod ready',
      both,
      {
        phase: 'Running',
        conditions: ready,
        containerStatuses: [container('a', ended(0, 'Completed')), container('b', running, { ready: true })],
      },
      {},
      ['1/2', 'Running', '0'],
    ],
    [
      'one of two completed, the pod not ready',
      both,
      {
        phase: 'Running',
        containerStatuses: [container('a', ended(0, 'Completed')), container('b', running, { ready: true })],
      },
      {},
      ['1/2', 'NotReady', '0'],
    ],
    [
      'initialising',
      initSpec,
      { phase: 'Pending', initContainerStatuses: [container('i', ended(0)), container('j', running)] },
      {},
      ['0/1', 'Init:1/2', '0'],
    ],
    [
      'waiting for the pod to initialise',
      initSpec,
      {
        phase: 'Pending',
        initContainerStatuses: [container('i', { waiting: { reason: 'PodInitializing' } })],
      },
      {},
      ['0/1', 'Init:0/2', '0'],
    ],
    [
      'init crashing',
      initSpec,
      { phase: 'Pending', initContainerStatuses: [container('i', crashed, { restartCount: 2 })] },
      {},
      ['0/1', 'Init:CrashLoopBackOff', '2'],
    ],
    [
      'init failed',
      initSpec,
      { phase: 'Failed', initContainerStatuses: [container('i', ended(1, 'Error'))] },
      {},
      ['0/1', 'Init:Error', '0'],
    ],
    [
      'init failed without reason',
      initSpec,
      { phase: 'Failed', initContainerStatuses: [container('i', ended(3))] },
      {},
      ['0/1', 'Init:ExitCode:3', '0'],
    ],
    [
      'a sidecar counts as container',
      sidecarSpec,
      {
        phase: 'Running',
        initContainerStatuses: [container('s', running, { started: true, ready: true, restartCount: 1 })],
        containerStatuses: [container('a', running, { ready: true, restartCount: 1 })],
      },
      {},
      ['2/2', 'Running', '2'],
    ],
    [
      'a sidecar that has not started',
      sidecarSpec,
      { phase: 'Pending', initContainerStatuses: [container('s', running, { started: false })] },
      {},
      ['0/2', 'Init:0/1', '0'],
    ],
    [
      'leaving',
      plainSpec,
      { phase: 'Running', containerStatuses: [container('a', running, { ready: true })] },
      { deletionTimestamp: created },
      ['1/1', 'Terminating', '0'],
    ],
    [
      'leaving after its end',
      plainSpec,
      { phase: 'Succeeded', containerStatuses: [container('a', ended(0, 'Completed'))] },
      { deletionTimestamp: created },
      ['0/1', 'Completed', '0'],
    ],
    [
      'leaving a lost node',
      plainSpec,
      { phase: 'Running', reason: 'NodeLost' },
      { deletionTimestamp: created },
      ['0/1', 'Unknown', '0'],
    ],
    [
      'held back from scheduling',
      plainSpec,
      {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }],
      },
      {},
      ['0/1', 'SchedulingGated', '0'],
    ],
  ])('behavior: a pod that is %s', (_what, spec, status, metadata, expected) => {
    const cells = builtinTable('Pod').row(object('Pod', { spec, status }, { ...metadata }), now)
    expect(cells.slice(0, 5)).toEqual(['n', ...expected, '5m'])
  })

  test('behavior: wide cells say where the pod is, or <none>', () => {
    const gates = {
      ...plainSpec,
      nodeName: 'node',
      readinessGates: [{ conditionType: 'Up' }, { conditionType: 'Down' }],
    }
    const status = { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Up', status: 'True' }] }
    const row = builtinTable('Pod').row(object('Pod', { spec: gates, status }), now)
    expect(row.slice(5)).toEqual(['10.0.0.1', 'node', '<none>', '1/2'])
    expect(
      builtinTable('Pod')
        .row(object('Pod', { spec: plainSpec }), now)
        .slice(5),
    ).toEqual(Array(4).fill('<none>'))
  })
})

const template = {
  spec: {
    containers: [
      { name: 'a', image: 'i:1' },
      { name: 'b', image: 'j' },
    ],
  },
}
const selector = { matchLabels: { b: '2', a: '1' } }

describe('built-in kinds', () => {
  test.each<[string, string, Record<string, unknown>, unknown[]]>([
    [
      'Service',
      'in the cluster',
      {
        spec: {
          clusterIP: '10.0.0.1',
          type: 'ClusterIP',
          ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }],
          selector: { a: 'b' },
        },
      },
      ['n', 'ClusterIP', '10.0.0.1', '<none>', '80/TCP,53/UDP', '5m', 'a=b'],
    ],
    [
      'Service',
      'headless',
      { spec: { clusterIP: 'None' } },
      ['n', 'ClusterIP', 'None', '<none>', '<none>', '5m', '<none>'],
    ],
    [
      'Service',
      'on every node',
      {
        spec: {
          type: 'NodePort',
          clusterIP: '10.0.0.1',
          ports: [{ port: 80, nodePort: 30080, protocol: 'TCP' }],
        },
      },
      ['n', 'NodePort', '10.0.0.1', '<none>', '80:30080/TCP', '5m', '<none>'],
    ],
    [
      'Service',
      'balanced, not yet',
      { spec: { type: 'LoadBalancer', clusterIP: '10.0.0.1' } },
      ['n', 'LoadBalancer', '10.0.0.1', '<pending>', '<none>', '5m', '<none>'],
    ],
    [
      'Service',
      'balanced',
      {
        spec: { type: 'LoadBalancer', clusterIP: '10.0.0.1' },
        status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
      },
      ['n', 'LoadBalancer', '10.0.0.1', '1.2.3.4', '<none>', '5m', '<none>'],
    ],
    [
      'Service',
      'elsewhere',
      { spec: { type: 'ExternalName', externalName: 'x.y' } },
      ['n', 'ExternalName', '<none>', 'x.y', '<none>', '5m', '<none>'],
    ],
    ['ConfigMap', '', { data: { a: '1', b: '2' }, binaryData: { c: '' } }, ['n', 3, '5m']],
    ['Secret', '', { type: 'Opaque', data: { a: '' } }, ['n', 'Opaque', 1, '5m']],
    ['ServiceAccount', '', {}, ['n', '5m']],
    ['Namespace', '', { status: { phase: 'Active' } }, ['n', 'Active', '5m']],
    ['Lease', '', { spec: { holderIdentity: 'me' } }, ['n', 'me', '5m']],
    ['CustomResourceDefinition', '', {}, ['n', created]],
    [
      'StatefulSet',
      '',
      { spec: { replicas: 3, template }, status: { readyReplicas: 2 } },
      ['n', '2/3', '5m', 'a,b', 'i:1,j'],
    ],
    [
      'Deployment',
      '',
      {
        spec: { replicas: 3, template, selector },
        status: { readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2 },
      },
      ['n', '2/3', 1, 2, '5m', 'a,b', 'i:1,j', 'a=1,b=2'],
    ],
    [
      'Job',
      'running',
      { spec: { completions: 1, template }, status: { startTime: '2026-11-21T11:59:00Z' } },
      ['n', 'Running', '0/1', '60s', '5m', 'a,b', 'i:1,j', '<none>'],
    ],
    [
      'Job',
      'complete',
      {
        spec: { completions: 2, template },
        status: {
          succeeded: 2,
          startTime: created,
          completionTime: '2026-11-21T11:56:00Z',
          conditions: [{ type: 'Complete', status: 'True' }],
        },
      },
      ['n', 'Complete', '2/2', '60s', '5m', 'a,b', 'i:1,j', '<none>'],
    ],
    [
      'Job',
      'work queue',
      {
        spec: { parallelism: 3, template },
        status: { succeeded: 1, conditions: [{ type: 'Failed', status: 'True' }] },
      },
      ['n', 'Failed', '1/1 of 3', '', '5m', 'a,b', 'i:1,j', '<none>'],
    ],
    [
      'PersistentVolumeClaim',
      'pending',
      { spec: {}, status: { phase: 'Pending' } },
      ['n', 'Pending', '', '', '', '', '<unset>', '5m', 'Filesystem'],
    ],
    [
      'PersistentVolumeClaim',
      'bound',
      {
        spec: { volumeName: 'pv', storageClassName: 'gp3' },
        status: {
          phase: 'Bound',
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteMany', 'ReadWriteOnce'],
        },
      },
      ['n', 'Bound', 'pv', '1Gi', 'RWO,RWX', 'gp3', '<unset>', '5m', 'Filesystem'],
    ],
    [
      'PersistentVolume',
      '',
      {
        spec: {
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteOnce'],
          persistentVolumeReclaimPolicy: 'Delete',
          claimRef: { namespace: 'ns', name: 'c' },
        },
        status: { phase: 'Bound' },
      },
      ['n', '1Gi', 'RWO', 'Delete', 'Bound', 'ns/c', '', '<unset>', '', '5m', 'Filesystem'],
    ],
    [
      'Event',
      '',
      {
        involvedObject: { kind: 'Pod', name: 'p', fieldPath: 'spec.containers{a}' },
        type: 'Warning',
        reason: 'BackOff',
        message: 'restarting ',
        count: 4,
        firstTimestamp: created,
        lastTimestamp: '2026-11-21T11:59:00Z',
        source: { component: 'kubelet', host: 'node' },
      },
      [
        '60s',
        'Warning',
        'BackOff',
        'pod/p',
        'spec.containers{a}',
        'kubelet, node',
        'restarting',
        '5m',
        4,
        'n',
      ],
    ],
    [
      'Event',
      'without times of its own',
      { regarding: { kind: 'Pod', name: 'p' }, note: 'm', eventTime: created, reportingComponent: 'x' },
      ['5m', '', '', 'pod/p', '', 'x', 'm', '5m', 1, 'n'],
    ],
    [
      'EndpointSlice',
      '',
      {
        addressType: 'IPv4',
        ports: [{ port: 80 }],
        endpoints: ['1', '2', '3', '4'].map((ip) => ({ addresses: [ip] })),
      },
      ['n', 'IPv4', '80', '1,2,3 + 1 more...', '5m'],
    ],
    [
      'Endpoints',
      '',
      { subsets: [{ addresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80 }, { port: 81 }] }] },
      ['n', '1.2.3.4:80,1.2.3.4:81', '5m'],
    ],
    ['Endpoints', 'of nothing', {}, ['n', '<none>', '5m']],
    [
      'ReplicaSet',
      '',
      { spec: { replicas: 3, template, selector }, status: { replicas: 2, readyReplicas: 1 } },
      ['n', 3, 2, 1, '5m', 'a,b', 'i:1,j', 'a=1,b=2'],
    ],
    ['StorageClass', '', { provisioner: 'p' }, ['n', 'p', 'Delete', 'Immediate', false, '5m']],
    ['Role', '', {}, ['n', created]],
    [
      'RoleBinding',
      '',
      {
        roleRef: { kind: 'Role', name: 'r' },
        subjects: [
          { kind: 'User', name: 'u' },
          { kind: 'ServiceAccount', namespace: 'ns', name: 's' },
        ],
      },
      ['n', 'Role/r', '5m', 'u', '', 'ns/s'],
    ],
    ['SomethingElse', '', {}, ['n', '5m']],
  ])('behavior: %s %s', (kind, _what, rest, expected) => {
    const table = builtinTable(kind)
    const row = table.row(object(kind, rest), now)
    expect(row).toEqual(expected)
    expect(table.columns).toHaveLength(row.length)
  })

  test('behavior: Node tells its readiness, roles and addresses', () => {
    const labels = { 'node-role.kubernetes.io/worker': '', 'kubernetes.io/role': 'db' }
    const status = {
      conditions: [{ type: 'Ready', status: 'True' }],
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      nodeInfo: {
        kubeletVersion: 'v1.36.0',
        osImage: 'os',
        kernelVersion: 'k',
        containerRuntimeVersion: 'r://1',
      },
    }
    const node = object('Node', { spec: { unschedulable: true }, status }, { labels })
    expect(builtinTable('Node').row(node, now)).toEqual([
      'n',
      'Ready,SchedulingDisabled',
      'db,worker',
      '5m',
      'v1.36.0',
      '127.0.0.1',
      '<none>',
      'os',
      'k',
      'r://1',
    ])
    expect(builtinTable('Node').row(object('Node', {}), now).slice(1, 3)).toEqual(['Unknown', '<none>'])
  })

  test('behavior: the name column has the format name, wide columns their priority', () => {
    const columns = builtinTable('Pod').columns
    expect(columns.filter((one) => one.format === 'name').map((one) => one.name)).toEqual(['Name'])
    expect(columns.filter((one) => one.priority === 1).map((one) => one.name)).toEqual([
      'IP',
      'Node',
      'Nominated Node',
      'Readiness Gates',
    ])
  })
})
