import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { startEmbeddedTarget, type Answer, type ApiTarget } from '../../../../test/helpers/api-target.ts'
import { at, causesOf, openSpace, type Space } from '../../../../test/helpers/conformance-case.ts'

type Fields = Record<string, unknown>

let target: ApiTarget
let space: Space
beforeAll(async () => {
  target = await startEmbeddedTarget()
})
beforeEach(async () => {
  space = await openSpace(target)
})
afterAll(() => target.close())

function core(kind: string, name: string, rest: Fields = {}): Fields {
  return { apiVersion: 'v1', kind, metadata: { name }, ...rest }
}

const container = { name: 'c', image: 'repo/image:1' }
const labels = { app: 'a' }
const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount'

function statefulSet(spec: Fields = {}): Fields {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'a' },
    spec: {
      serviceName: 'a',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
      ...spec,
    },
  }
}

function merge(path: string, body: unknown): Promise<Answer> {
  return target.call('PATCH', path, { body, type: 'application/merge-patch+json' })
}

describe('pods', () => {
  test('default: what a user leaves out is filled in as a real server does', async () => {
    const pod = await space.create('pods', core('Pod', 'a', { spec: { containers: [container] } }))
    expect(pod).toMatchObject({
      metadata: { generation: 1 },
      spec: {
        restartPolicy: 'Always',
        dnsPolicy: 'ClusterFirst',
        schedulerName: 'default-scheduler',
        terminationGracePeriodSeconds: 30,
        enableServiceLinks: true,
        serviceAccountName: 'default',
        priority: 0,
        tolerations: [
          { key: 'node.kubernetes.io/not-ready', tolerationSeconds: 300 },
          { key: 'node.kubernetes.io/unreachable', tolerationSeconds: 300 },
        ],
        containers: [
          { imagePullPolicy: 'IfNotPresent', resources: {}, terminationMessagePath: '/dev/termination-log' },
        ],
      },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    })
  })

  test('default: an image without tag is always pulled; a limit is also the request', async () => {
    const limits = { cpu: '1', memory: '1Gi' }
    const containers = [
      { name: 'a', image: 'image', resources: { limits } },
      { name: 'b', image: 'host:5000/image@sha256:0', resources: { limits } },
    ]
    const pod = await space.create('pods', core('Pod', 'a', { spec: { containers } }))
    expect(pod).toMatchObject({
      spec: {
        containers: [
          { imagePullPolicy: 'Always', resources: { requests: limits } },
          { imagePullPolicy: 'IfNotPresent' },
        ],
      },
      status: { qosClass: 'Guaranteed' },
    })
  })

  test('default: every container gets a token of the service account, unless the pod says no', async () => {
    const mounted = { ...container, name: 'd', volumeMounts: [{ name: 'v', mountPath: tokenPath }] }
    const spec = { containers: [container, mounted], volumes: [{ name: 'v' }] }
    const pod = await space.create('pods', core('Pod', 'a', { spec }))
    const [, volume] = at(pod, 'spec.volumes') as { name: string }[]
    expect(volume).toMatchObject({ name: expect.stringMatching(/^kube-api-access-.{5}$/), projected: {} })
    expect(at(pod, 'spec.containers')).toMatchObject([
      { volumeMounts: [{ name: volume?.name, readOnly: true, mountPath: tokenPath }] },
      { volumeMounts: mounted.volumeMounts },
    ])
    const without = { automountServiceAccountToken: false, containers: [container] }
    const second = await space.create('pods', core('Pod', 'b', { spec: without }))
    expect(at(second, 'spec.volumes')).toBeUndefined()
  })

  test('behavior: a binding puts a pod on a node, once', async () => {
    await space.create('pods', core('Pod', 'a', { spec: { containers: [container] } }))
    const bind = (node: string): Promise<Answer> =>
      target.call('POST', `${space.path('pods', 'a')}/binding`, {
        body: core('Binding', 'a', { target: { kind: 'Node', name: node } }),
      })
    expect(await bind('one')).toMatchObject({ status: 201, body: { status: 'Success' } })
    expect(await bind('two')).toMatchObject({ status: 409 })
    expect((await target.call('GET', space.path('pods', 'a'))).body).toMatchObject({
      spec: { nodeName: 'one' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
    })
    const onNode = await target.call('GET', `${space.path('pods')}?fieldSelector=spec.nodeName%3Done`)
    expect(at(onNode.body, 'items')).toHaveLength(1)
  })

  test('behavior: a scheduled pod is deleted with grace, which a later deletion can only shorten', async () => {
    const spec = { containers: [container], nodeName: 'one' }
    await space.create('pods', core('Pod', 'a', { spec }))
    const path = space.path('pods', 'a')
    const remove = async (gracePeriodSeconds?: number): Promise<unknown> => {
      const body = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }
      return at((await target.call('DELETE', path, { body })).body, 'metadata.deletionGracePeriodSeconds')
    }
    expect(await remove()).toBe(30)
    expect(await remove(60)).toBe(30)
    expect(await remove(5)).toBe(5)
    const watch = await space.watch(`${space.path('pods')}?watch=true`)
    expect(await remove(0)).toBe(0)
    expect((await watch.take(3)).map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED'])
    expect(await target.call('GET', path)).toMatchObject({ status: 404 })
  })

  test('behavior: an eviction deletes', async () => {
    await space.create('pods', core('Pod', 'a', { spec: { containers: [container] } }))
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } }
    const path = space.path('pods', 'a')
    expect(await target.call('POST', `${path}/eviction`, { body })).toMatchObject({ status: 201 })
    expect(await target.call('GET', path)).toMatchObject({ status: 404 })
  })

  test('error: most of a spec is immutable, the image is not', async () => {
    await space.create('pods', core('Pod', 'a', { spec: { containers: [container] } }))
    const path = space.path('pods', 'a')
    const image = { spec: { containers: [{ ...container, image: 'repo/image:2' }] } }
    const type = 'application/strategic-merge-patch+json'
    expect(await target.call('PATCH', path, { body: image, type })).toMatchObject({
      status: 200,
      body: { metadata: { generation: 2 } },
    })
    const moved = await merge(path, { spec: { nodeName: 'elsewhere' } })
    expect(moved.status).toBe(422)
    expect(causesOf(moved)).toEqual(['spec FieldValueForbidden'])
  })

  test('error: a pod needs containers with name and image', async () => {
    const create = (containers: unknown[]): Promise<Answer> =>
      target.call('POST', space.path('pods'), { body: core('Pod', 'a', { spec: { containers } }) })
    expect(causesOf(await create([]))).toEqual(['spec.containers FieldValueRequired'])
    expect(causesOf(await create([{}, container, container]))).toEqual([
      'spec.containers[0].image FieldValueRequired',
      'spec.containers[0].name FieldValueRequired',
      'spec.containers[2].name FieldValueDuplicate',
    ])
  })
})

describe('services', () => {
  const port = { port: 80 }

  test('default: each gets an address of its own and keeps it', async () => {
    const first = await space.create('services', core('Service', 'a', { spec: { ports: [port] } }))
    const second = await space.create('services', core('Service', 'b', { spec: { ports: [port] } }))
    expect(first).toMatchObject({
      spec: {
        type: 'ClusterIP',
        clusterIP: expect.stringMatching(/^10\.96\.\d+\.\d+$/),
        clusterIPs: [at(first, 'spec.clusterIP')],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      },
      status: { loadBalancer: {} },
    })
    expect(at(second, 'spec.clusterIP')).not.toBe(at(first, 'spec.clusterIP'))
    const body = core('Service', 'a', { spec: { ports: [{ port: 81 }] } })
    const replaced = await target.call('PUT', space.path('services', 'a'), { body })
    expect(at(replaced.body, 'spec.clusterIP')).toBe(at(first, 'spec.clusterIP'))
  })

  test('behavior: a headless one has none, a NodePort one gets a port', async () => {
    const headless = { clusterIP: 'None', ports: [port] }
    expect(await space.create('services', core('Service', 'a', { spec: headless }))).toMatchObject({
      spec: { clusterIP: 'None', clusterIPs: ['None'] },
    })
    const spec = { type: 'NodePort', ports: [port] }
    const created = await space.create('services', core('Service', 'b', { spec }))
    expect(Number(at(created, 'spec.ports.0.nodePort'))).toBeGreaterThanOrEqual(30_000)
  })

  test('error: the address cannot change, be taken twice, and ports are needed', async () => {
    const first = await space.create('services', core('Service', 'a', { spec: { ports: [port] } }))
    const path = space.path('services', 'a')
    const changed = { clusterIP: '10.96.200.1', clusterIPs: ['10.96.200.1'] }
    expect(causesOf(await merge(path, { spec: changed }))).toEqual(['spec.clusterIPs[0] FieldValueInvalid'])
    const create = (name: string, spec: Fields): Promise<Answer> =>
      target.call('POST', space.path('services'), { body: core('Service', name, { spec }) })
    const taken = { clusterIP: at(first, 'spec.clusterIP'), ports: [port] }
    expect(causesOf(await create('b', taken))).toEqual(['spec.clusterIPs FieldValueInvalid'])
    expect(causesOf(await create('c', {}))).toEqual(['spec.ports FieldValueRequired'])
    expect(causesOf(await create('d.d', { ports: [port] }))).toEqual(['metadata.name FieldValueInvalid'])
  })
})

describe('workloads', () => {
  test('default: a StatefulSet', async () => {
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    }
    const created = await space.create('statefulsets', statefulSet({ volumeClaimTemplates: [claim] }))
    expect(created).toMatchObject({
      metadata: { generation: 1 },
      spec: {
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        template: { spec: { restartPolicy: 'Always' } },
        volumeClaimTemplates: [
          { apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: { volumeMode: 'Filesystem' } },
        ],
      },
      status: { replicas: 0 },
    })
    expect(at(created, 'spec.template.spec.enableServiceLinks')).toBeUndefined()
  })

  test('behavior: scale reads and writes the replicas', async () => {
    await space.create('statefulsets', statefulSet())
    const path = `${space.path('statefulsets', 'a')}/scale`
    const scale = await target.call('GET', path)
    expect(scale).toMatchObject({
      body: { kind: 'Scale', spec: { replicas: 1 }, status: { replicas: 0, selector: 'app=a' } },
    })
    const body = { ...(scale.body as Fields), spec: { replicas: 3 } }
    expect(await target.call('PUT', path, { body })).toMatchObject({ body: { spec: { replicas: 3 } } })
    expect(await target.call('PUT', path, { body })).toMatchObject({ status: 409 })
    expect(await merge(path, { spec: { replicas: -1 } })).toMatchObject({ status: 422 })
    const live = await target.call('GET', space.path('statefulsets', 'a'))
    expect(live).toMatchObject({ body: { metadata: { generation: 2 }, spec: { replicas: 3 } } })
  })

  test('error: a StatefulSet keeps its service and selector, and selects its own pods', async () => {
    await space.create('statefulsets', statefulSet())
    const refused = await merge(space.path('statefulsets', 'a'), { spec: { serviceName: 'b' } })
    expect(causesOf(refused)).toEqual(['spec FieldValueForbidden'])
    const body = { ...statefulSet({ selector: { matchLabels: { app: 'z' } } }), metadata: { name: 'b' } }
    const blind = await target.call('POST', space.path('statefulsets'), { body })
    expect(causesOf(blind)).toEqual(['spec.template.metadata.labels FieldValueInvalid'])
  })

  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'a' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } },
  }

  test('default: a Job selects its pods by its uid', async () => {
    const created = await space.create('jobs', job)
    const uid = at(created, 'metadata.uid')
    expect(created).toMatchObject({
      spec: {
        parallelism: 1,
        completions: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: false,
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
        template: {
          metadata: {
            labels: { 'controller-uid': uid, 'job-name': 'a', 'batch.kubernetes.io/job-name': 'a' },
          },
        },
      },
    })
  })

  test('error: a Job says how its pods restart and keeps its template', async () => {
    await space.create('jobs', job)
    const image = { spec: { template: { spec: { containers: [{ ...container, image: 'i:2' }] } } } }
    expect(causesOf(await merge(space.path('jobs', 'a'), image))).toEqual(['spec.template FieldValueInvalid'])
    const body = {
      ...job,
      metadata: { name: 'b' },
      spec: { template: { spec: { containers: [container] } } },
    }
    const vague = await target.call('POST', space.path('jobs'), { body })
    expect(causesOf(vague)).toEqual(['spec.template.spec.restartPolicy FieldValueRequired'])
  })
})

describe('configuration', () => {
  test('behavior: a Secret folds stringData into data, and keeps its type', async () => {
    const secret = core('Secret', 'a', { stringData: { a: 'text' } })
    expect(await space.create('secrets', secret)).toMatchObject({ type: 'Opaque', data: { a: 'dGV4dA==' } })
    const path = space.path('secrets', 'a')
    expect((await target.call('GET', path)).body).not.toHaveProperty('stringData')
    expect(causesOf(await merge(path, { type: 'other' }))).toEqual(['type FieldValueInvalid'])
  })

  test('error: immutable data stays', async () => {
    await space.create('configmaps', core('ConfigMap', 'a', { immutable: true, data: { a: '1' } }))
    const path = space.path('configmaps', 'a')
    expect(causesOf(await merge(path, { data: { a: '2' } }))).toEqual(['data FieldValueForbidden'])
    expect(causesOf(await merge(path, { immutable: null }))).toEqual(['immutable FieldValueForbidden'])
    expect(await merge(path, { metadata: { labels } })).toMatchObject({ status: 200 })
  })

  test('error: a claim may be bound once and not changed otherwise', async () => {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
    const claim = await space.create('persistentvolumeclaims', core('PersistentVolumeClaim', 'a', { spec }))
    expect(claim).toMatchObject({
      metadata: { finalizers: ['kubernetes.io/pvc-protection'] },
      spec: { volumeMode: 'Filesystem' },
      status: { phase: 'Pending' },
    })
    const path = space.path('persistentvolumeclaims', 'a')
    expect(await merge(path, { spec: { volumeName: 'v' } })).toMatchObject({ status: 200 })
    expect(causesOf(await merge(path, { spec: { volumeName: 'w' } }))).toEqual(['spec FieldValueForbidden'])
  })

  test('default: a claim takes the default storage class', async () => {
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' }
    const path = '/apis/storage.k8s.io/v1/storageclasses'
    await target.call('POST', path, {
      body: {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'standard', annotations },
        provisioner: 'none',
      },
    })
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
    const claim = await space.create('persistentvolumeclaims', core('PersistentVolumeClaim', 'a', { spec }))
    await target.call('DELETE', `${path}/standard`)
    expect(at(claim, 'spec.storageClassName')).toBe('standard')
  })

  test('behavior: a Lease is created by PUT, and wants six digits of a second', async () => {
    const lease = (renewTime: string): Fields => ({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'a' },
      spec: { holderIdentity: 'me', renewTime },
    })
    const put = (renewTime: string): Promise<Answer> =>
      target.call('PUT', space.path('leases', 'a'), { body: lease(renewTime) })
    expect(await put('2026-01-01T00:00:00Z')).toMatchObject({ status: 400 })
    expect(await put('2026-01-01T00:00:00.000000Z')).toMatchObject({ status: 201 })
    expect(await put('2026-01-01T00:00:01.000000Z')).toMatchObject({ status: 422 })
  })
})

describe('events', () => {
  test('behavior: both APIs show the same objects, each in its own words', async () => {
    const { namespace } = space
    const involvedObject = { kind: 'Pod', namespace, name: 'a', uid: 'u' }
    await space.create('events', core('Event', 'e', { involvedObject, message: 'text', reason: 'R' }))
    const path = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`
    expect(await target.call('GET', `${path}/e`)).toMatchObject({
      body: { apiVersion: 'events.k8s.io/v1', regarding: involvedObject, note: 'text', reason: 'R' },
    })
    await target.call('POST', path, {
      body: {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: 'f' },
        regarding: involvedObject,
        note: 'new',
        reportingController: 'me',
        reportingInstance: 'me-1',
        reason: 'R',
        action: 'A',
        type: 'Normal',
        eventTime: '2026-01-01T00:00:00.000000Z',
      },
    })
    const selector = encodeURIComponent(`involvedObject.name=a,involvedObject.uid=u,source=me`)
    const list = await target.call('GET', `${space.path('events')}?fieldSelector=${selector}`)
    expect(at(list.body, 'items')).toMatchObject([{ message: 'new' }])
    const watch = await space.watch(`${path}?watch=true`)
    expect(await watch.take(2)).toMatchObject([{ object: { note: 'text' } }, { object: { note: 'new' } }])
  })

  test('error: an event lives in the namespace of what it is about', async () => {
    const involvedObject = { kind: 'Pod', namespace: 'elsewhere', name: 'a' }
    const body = core('Event', 'e', { involvedObject })
    const answer = await target.call('POST', space.path('events'), { body })
    expect(causesOf(answer)).toEqual(['involvedObject.namespace FieldValueInvalid'])
  })
})

describe('namespaces', () => {
  test('behavior: finalize lets a terminating namespace go', async () => {
    const path = `/api/v1/namespaces/${space.namespace}`
    const live = (await target.call('GET', path)).body as Fields
    expect(live).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': space.namespace } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
    await merge(path, { spec: { finalizers: null } })
    const deleted = await target.call('DELETE', path)
    expect(at(deleted.body, 'spec.finalizers')).toEqual(['kubernetes'])
    const body = { ...(deleted.body as Fields), spec: {} }
    expect(await target.call('PUT', `${path}/finalize`, { body })).toMatchObject({ status: 200 })
    expect(await target.call('GET', path)).toMatchObject({ status: 404 })
  })

  test('error: the first namespaces cannot be deleted', async () => {
    expect(await target.call('DELETE', '/api/v1/namespaces/default')).toMatchObject({
      status: 403,
      body: { message: 'namespaces "default" is forbidden: this namespace may not be deleted' },
    })
  })
})
