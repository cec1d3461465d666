import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startEmbeddedTarget, type Answer, type ApiTarget } from '../../../../test/helpers/api-target.ts'
import { protobuf, recorded, recordedBodies, recordedBody } from '../../../../test/helpers/protobuf-bodies.ts'
import { headCrds } from '../../../contract/crds/head/all.ts'

const clusterWide = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'Namespace',
  'Node',
  'PersistentVolume',
  'StorageClass',
])
/** What is no object of a collection, and tested by itself. */
const others = /^(?:Binding|Eviction|Scale|DeleteOptions|\w*Review)$/
const objects = recordedBodies.filter(
  ({ json }) => !others.test(json.kind) && json.metadata.resourceVersion === undefined,
)

const configMaps = '/api/v1/namespaces/default/configmaps'
const pods = '/api/v1/namespaces/default/pods'
const nodes = '/apis/sei.io/v1alpha1/namespaces/default/seinodes'

let target: ApiTarget
beforeAll(async () => {
  target = await startEmbeddedTarget()
})
afterAll(() => target.close())

function send(method: string, path: string, body: Uint8Array): Promise<Answer> {
  return target.call(method, path, { body, type: protobuf })
}

function collectionOf({ apiVersion, kind }: { apiVersion: string; kind: string }): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`
  const lower = kind.toLowerCase()
  const plural = lower === 'endpoints' ? lower : `${lower}${lower.endsWith('s') ? 'e' : ''}s`
  return clusterWide.has(kind) ? `${root}/${plural}` : `${root}/namespaces/default/${plural}`
}

/** An answer without what no two creations have in common. */
function comparable({ status, body }: Answer): unknown {
  const { metadata } = body as { metadata: { uid: string } }
  const text = JSON.stringify({ status, body })
    .replaceAll(metadata.uid, 'uid')
    .replaceAll(/kube-api-access-\w{5}/g, 'access')
    .replaceAll(/"10\.96\.\d+\.\d+"/g, '"address"')
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"time"')
  return JSON.parse(text)
}

describe('a POST in protobuf', () => {
  test.each(objects)('behavior: creates a $case as its JSON does', async ({ bytes, json }) => {
    const path = `${collectionOf(json)}?dryRun=All&fieldValidation=Strict`
    const answer = await send('POST', path, Buffer.from(bytes, 'base64'))
    const inJson = await target.call('POST', path, { body: json })
    expect(answer).toMatchObject({ status: 201 })
    expect(comparable(answer)).toEqual(comparable(inJson))
  })

  test.each([
    ['service, headless', { spec: { ports: [{ port: 26657, targetPort: 26657, protocol: 'TCP' }] } }],
    [
      'pod, much of it set',
      {
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ lifecycle: { preStop: { httpGet: { path: '/', port: 1, scheme: 'HTTP' } } } }],
          volumes: expect.arrayContaining([
            expect.objectContaining({
              projected: expect.objectContaining({
                sources: expect.arrayContaining([
                  {
                    downwardAPI: {
                      items: [{ path: 'l', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.labels' } }],
                    },
                  },
                ]),
              }),
            }),
          ]),
        },
      },
    ],
    ['job, of no tries', { metadata: { labels: { app: 'web' } }, spec: { completions: 0, backoffLimit: 0 } }],
    ['role, without rules', { rules: null }],
    ['deployment, of none', { spec: { replicas: 0, strategy: { rollingUpdate: { maxSurge: 0 } } } }],
  ])('default: what Go left unset in a %s is filled in, zero stays', async (name, fields) => {
    const path = `${collectionOf(recorded(name).json)}?dryRun=All`
    const answer = await send('POST', path, recordedBody(name))
    expect(answer).toMatchObject({ status: 201, body: fields })
  })

  test.each(['access review', 'rules review', 'subject review'])(
    'behavior: a %s is answered',
    async (name) => {
      const { json } = recordedBodies.find((recorded) => recorded.case === name) ?? {}
      const path = `/apis/${json?.apiVersion ?? ''}/${json?.kind.toLowerCase() ?? ''}s`
      const answer = await send('POST', path, recordedBody(name))
      // The answer to a rules review does not repeat what was asked.
      const left = name === 'rules review' ? { spec: {} } : {}
      expect(answer).toMatchObject({ status: 201, body: { ...json, ...left, status: expect.anything() } })
    },
  )

  test('behavior: a binding, a scale and an eviction are taken', async () => {
    await send('POST', pods, recordedBody('pod, the least'))
    await send('POST', '/apis/apps/v1/namespaces/default/deployments', recordedBody('deployment'))
    expect(await send('POST', `${pods}/least/binding`, recordedBody('binding'))).toMatchObject({
      status: 201,
    })
    expect(await target.call('GET', `${pods}/least`)).toMatchObject({ body: { spec: { nodeName: 'n-1' } } })
    const scale = '/apis/apps/v1/namespaces/default/deployments/web/scale'
    expect(await send('PUT', scale, recordedBody('scale'))).toMatchObject({ body: { spec: { replicas: 3 } } })
    const none = await send('PUT', scale, recordedBody('scale, to none'))
    expect(none).toMatchObject({ status: 200, body: { status: { replicas: 0 } } })
    expect(await send('POST', `${pods}/least/eviction`, recordedBody('eviction'))).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('(u-9)') },
    })
  })

  test('error: an object of another kind is refused', async () => {
    expect(await send('POST', '/api/v1/namespaces', recordedBody('configmap'))).toMatchObject({
      status: 400,
      body: { reason: 'BadRequest', message: expect.stringContaining('cannot be handled as a Namespace') },
    })
  })
})

describe('a PUT in protobuf', () => {
  test('behavior: replaces the object, and its status at that endpoint', async () => {
    await send('POST', configMaps, recordedBody('configmap'))
    const body = recordedBody('configmap')
    const text = Buffer.from(body.toString('latin1').replace('\x01a\x12\x011', '\x01a\x12\x012'), 'latin1')
    expect(await send('PUT', `${configMaps}/plain`, text)).toMatchObject({
      status: 200,
      body: { data: { a: '2', empty: '' } },
    })
    await send('POST', pods, recordedBody('pod, with its status'))
    expect(await send('PUT', `${pods}/bare/status`, recordedBody('pod, with its status'))).toMatchObject({
      status: 200,
      body: {
        status: { phase: 'Running', containerStatuses: [{ state: { terminated: { exitCode: 0 } } }] },
      },
    })
  })
})

describe('a DELETE with a protobuf body', () => {
  test('behavior: its options are followed', async () => {
    const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
    await send('POST', leases, recordedBody('lease'))
    const unmet = await send('DELETE', `${leases}/leader`, recordedBody('delete options, with conditions'))
    expect(unmet).toMatchObject({ status: 409, body: { message: expect.stringContaining('(u-1)') } })
    const dry = await send('DELETE', `${leases}/leader`, recordedBody('delete options, at once'))
    expect(dry).toMatchObject({ status: 200 })
    const done = await send('DELETE', `${leases}/leader`, recordedBody('delete options, empty'))
    expect(done).toMatchObject({ status: 200, body: { status: 'Success' } })
    expect(await target.call('GET', `${leases}/leader`)).toMatchObject({ status: 404 })
  })

  test('behavior: foreground leaves the owner to the garbage collector', async () => {
    const path = '/apis/apps/v1/namespaces/default/statefulsets'
    await send('POST', path, recordedBody('statefulset'))
    expect(await send('DELETE', `${path}/set`, recordedBody('delete options, foreground'))).toMatchObject({
      body: { metadata: { finalizers: ['foregroundDeletion'] } },
    })
  })

  test('error: a body of anything but options is refused', async () => {
    await send('POST', configMaps, recordedBody('configmap, not immutable'))
    expect(await send('DELETE', `${configMaps}/mutable`, recordedBody('configmap'))).toMatchObject({
      status: 400,
      body: { reason: 'BadRequest' },
    })
    expect(await target.call('GET', `${configMaps}/mutable`)).toMatchObject({ status: 200 })
  })
})

describe('protobuf for a custom resource', () => {
  beforeAll(async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
    for (const body of headCrds)
      expect(await target.call('POST', path, { body })).toMatchObject({ status: 201 })
    const body = {
      apiVersion: 'sei.io/v1alpha1',
      kind: 'SeiNode',
      metadata: { name: 'a' },
      spec: { chainId: 'c', image: 'i', fullNode: {} },
    }
    expect(await target.call('POST', nodes, { body })).toMatchObject({ status: 201 })
  })

  test.each([
    ['POST', nodes],
    ['PUT', `${nodes}/a`],
  ])('error: %s is refused by the list of accepted types', async (method, path) => {
    expect(await send(method, path, recordedBody('configmap'))).toMatchObject({
      status: 415,
      body: {
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
      },
    })
  })

  test('behavior: the options of a DELETE may be in protobuf all the same', async () => {
    const body = recordedBody('delete options, empty')
    expect(await send('DELETE', `${nodes}/a`, body)).toMatchObject({ status: 200 })
    expect(await target.call('GET', `${nodes}/a`)).toMatchObject({ status: 404 })
  })
})
