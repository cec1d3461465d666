import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { connectTarget, startEmbeddedTarget, type ApiTarget } from '../../../test/helpers/api-target.ts'
import { openSpace, revisionOf, summary, textAt } from '../../../test/helpers/conformance-case.ts'
import { startApiServer } from './server.ts'
import { createServerTls } from './tls.ts'

let target: ApiTarget
beforeAll(async () => {
  target = await startEmbeddedTarget()
})
afterAll(() => target.close())

describe('authentication', () => {
  test('behavior: a request without token is anonymous, one with a wrong one is refused', async () => {
    expect(await target.call('GET', '/api/v1/namespaces', { token: false })).toMatchObject({
      status: 403,
      body: { reason: 'Forbidden', details: { kind: 'namespaces' } },
    })
    expect(await target.call('GET', '/api/v1/namespaces', { token: 'wrong' })).toMatchObject({
      status: 401,
      body: { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 },
    })
  })

  test('behavior: health and version need no token, metrics do', async () => {
    for (const path of ['/healthz', '/livez', '/readyz']) {
      expect(await target.call('GET', path, { token: false })).toMatchObject({ status: 200, body: 'ok' })
    }
    expect(await target.call('GET', '/readyz/ping')).toMatchObject({ status: 200, body: 'ok' })
    expect(await target.call('GET', '/version', { token: false })).toMatchObject({
      body: { major: '1', minor: '36' },
    })
    expect(await target.call('GET', '/metrics', { token: false })).toMatchObject({ status: 403 })
  })

  test('behavior: a token of another server is refused', async () => {
    const other = await startEmbeddedTarget()
    const path = '/api/v1/namespaces/default/serviceaccounts'
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a' } }
    await Promise.all([target, other].map((one) => one.call('POST', path, { body: account })))
    const { body } = await other.call('POST', `${path}/a/token`, { body: {} })
    const token = textAt(body, 'status.token')
    expect(await other.call('GET', '/api', { token })).toMatchObject({ status: 200 })
    expect(await target.call('GET', '/api', { token })).toMatchObject({ status: 401 })
    await other.close()
  })
})

describe('start and stop', () => {
  test('default: a Service tells where the server is, at an address that no other gets', async () => {
    const path = '/api/v1/namespaces/default/services'
    expect((await target.call('GET', `${path}/kubernetes`)).body).toMatchObject({
      metadata: { labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: {
        clusterIP: '10.96.0.1',
        ports: [{ name: 'https', port: 443, targetPort: Number(new URL(target.info.server).port) }],
      },
    })
    const body = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'taken' },
      spec: { clusterIP: '10.96.0.1', ports: [{ port: 80 }] },
    }
    expect(await target.call('POST', path, { body })).toMatchObject({ status: 422 })
  })

  test('behavior: the kubeconfig is for its owner alone and leads to the server', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'sei-kubeconfig-'))
    const server = await startApiServer({ stateDir, token: 'known' })
    const mode = (await stat(server.kubeconfigPath)).mode & 0o777
    const text = await readFile(server.kubeconfigPath, 'utf8')
    await server.close()
    await rm(stateDir, { recursive: true })
    expect(mode).toBe(0o600)
    expect(text).toContain(`server: https://127.0.0.1:${server.port}`)
    expect(text).toContain('token: known')
  })

  test('behavior: close ends open watches and frees the port', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'sei-close-'))
    const server = await startApiServer({ stateDir })
    const client = connectTarget(server.info)
    const watch = await client.watch('/api/v1/namespaces?watch=true')
    await watch.take(1)
    await server.close()
    await watch.all()
    await client.close()
    await rm(stateDir, { recursive: true })
    const refused = await new Promise((resolve) => {
      const socket = connectSocket(server.port, '127.0.0.1')
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    })
    expect(refused).toBe('ECONNREFUSED')
  })

  test('behavior: the certificate is for loopback and signed by an authority of its own', () => {
    const { ca, cert } = createServerTls()
    const [authority, server] = [new X509Certificate(ca), new X509Certificate(cert)]
    expect(authority.ca).toBe(true)
    expect(server.ca).toBe(false)
    expect(server.checkIssued(authority)).toBe(true)
    expect(server.verify(authority.publicKey)).toBe(true)
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(server.checkHost('localhost')).toBe('localhost')
    expect(createServerTls().ca).not.toBe(ca)
  })
})

describe('requests', () => {
  test('behavior: metrics count requests by verb, resource and client', async () => {
    const headers = { 'user-agent': 'counting/2.0 (test)' }
    await target.call('GET', '/api/v1/nodes', { headers })
    await target.call('GET', '/api/v1/nodes', { headers })
    await target.call('GET', '/api/v1/namespaces/default', { headers })
    const { body } = await target.call('GET', '/metrics')
    expect(body).toContain('apiserver_request_total{verb="LIST",resource="nodes",client="counting"} 2\n')
    expect(body).toContain('apiserver_request_total{verb="GET",resource="namespaces",client="counting"} 1\n')
  })

  test('error: a body over 3 MiB is refused with 413', async () => {
    const data = { big: 'x'.repeat(3 * 1024 * 1024) }
    const answer = await target.call('POST', '/api/v1/namespaces/default/configmaps', {
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'big' }, data },
    })
    expect(answer).toMatchObject({ status: 413, body: { reason: 'RequestEntityTooLarge' } })
  })

  test('behavior: YAML is read and written where it is asked for', async () => {
    const created = await target.call('POST', '/api/v1/namespaces/default/configmaps', {
      body: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\ndata: {"on": "off", at: "2026-01-01"}\n',
      type: 'application/yaml',
    })
    expect(created).toMatchObject({ status: 201, body: { data: { on: 'off', at: '2026-01-01' } } })
    const read = await target.call('GET', '/api/v1/namespaces/default/configmaps/yaml', {
      accept: 'application/yaml',
    })
    expect(read.headers['content-type']).toBe('application/yaml')
    expect(read.body).toContain('name: yaml')
  })

  test('error: bodies of another type are refused by the list of accepted types', async () => {
    const answer = await target.call('POST', '/api/v1/namespaces', { body: 'k8s', type: 'application/cbor' })
    expect(answer).toMatchObject({
      status: 415,
      body: {
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      },
    })
  })

  test('error: bodies that are no JSON, of another kind or version are refused', async () => {
    const path = '/api/v1/namespaces/default/configmaps'
    const bodies = [
      '{',
      '[]',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } },
      { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'a' } },
    ]
    for (const body of bodies) {
      expect(await target.call('POST', path, { body })).toMatchObject({
        status: 400,
        body: { reason: 'BadRequest' },
      })
    }
  })

  test('error: apply refuses fields that a built-in type lacks, whatever the validation', async () => {
    const path = '/api/v1/namespaces/default/services/odd?fieldManager=m&fieldValidation=Ignore'
    const answer = await target.call('PATCH', path, {
      body: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'odd' }, spec: { prots: [] } },
      type: 'application/apply-patch+yaml',
    })
    expect(answer).toMatchObject({
      status: 500,
      body: {
        message:
          'failed to create typed patch object (/odd; /v1, Kind=Service): .spec.prots: field not declared in schema',
      },
    })
  })

  test('behavior: an owner named twice is kept once, with a warning', async () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u' }
    const answer = await target.call('POST', '/api/v1/namespaces/default/configmaps', {
      body: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'owned', ownerReferences: [owner, owner, { ...owner, uid: 'v' }] },
      },
    })
    expect(answer.body).toMatchObject({ metadata: { ownerReferences: [owner, { ...owner, uid: 'v' }] } })
    expect(answer.headers['warning']).toContain('duplicate UID(s) observed: u')
  })

  test('error: methods that a path does not have are 405', async () => {
    const all = '/api/v1/configmaps'
    expect(await target.call('POST', all, { body: {} })).toMatchObject({
      status: 405,
      body: { reason: 'MethodNotAllowed' },
    })
    expect(await target.call('PUT', all, { body: {} })).toMatchObject({ status: 405 })
  })

  test('behavior: metadata alone is given to who asks for it', async () => {
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
    const list = await target.call('GET', '/api/v1/namespaces', { accept })
    expect(list).toMatchObject({ body: { kind: 'PartialObjectMetadataList' } })
    expect(JSON.stringify(list.body)).not.toContain('"spec"')
    const one = await target.call('GET', '/api/v1/namespaces/default', {
      accept: accept.replace('List', ''),
    })
    expect(one).toMatchObject({ body: { kind: 'PartialObjectMetadata', metadata: { name: 'default' } } })
  })

  test('behavior: openapi v2 is there for protobuf alone, and empty', async () => {
    expect(await target.call('GET', '/openapi/v2')).toMatchObject({ status: 404 })
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
    const answer = await target.call('GET', '/openapi/v2', { accept })
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('2.0') })
  })
})

describe('watches', () => {
  test('behavior: bookmarks keep a quiet watch up to date', async () => {
    const client = await startEmbeddedTarget({ bookmarkIntervalMs: 20 })
    const space = await openSpace(client)
    const watch = await client.watch('/api/v1/nodes?watch=true&allowWatchBookmarks=true')
    const [first] = await watch.take(1)
    await space.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })
    const seen = (await watch.take(1)).length
    const later = (await watch.take(seen + 2)).at(-1)
    const [before, after] = [first, later].map((event) => Number(revisionOf(event?.object)))
    expect(first).toMatchObject({ type: 'BOOKMARK', object: { kind: 'Node', apiVersion: 'v1' } })
    expect(after).toBeGreaterThan(before ?? Number.NaN)
    watch.close()
    await client.close()
  })

  test('behavior: a reader that does not read is let go, and no one else is', async () => {
    const client = await startEmbeddedTarget({ watchBufferBytes: 200_000 })
    const space = await openSpace(client)
    const path = `${space.path('configmaps')}?watch=true`
    const [slow, fast] = [await client.watch(path), await client.watch(path)]
    slow.pause()
    const data = { big: 'x'.repeat(100_000) }
    for (let index = 0; index < 60; index += 1) {
      const metadata = { name: `c${index}` }
      await space.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
    }
    expect(await fast.take(60)).toHaveLength(60)
    slow.resume()
    expect((await slow.all()).length).toBeLessThan(60)
    fast.close()
    await client.close()
  }, 20_000)

  test('behavior: a reader with much to read at first is not let go for it', async () => {
    const client = await startEmbeddedTarget({ watchBufferBytes: 200_000 })
    const space = await openSpace(client)
    // More than the sockets between the two can hold.
    const data = { big: 'x'.repeat(900_000) }
    for (let index = 0; index < 20; index += 1) {
      const metadata = { name: `c${index}` }
      await space.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
    }
    const watch = await client.watch(`${space.path('configmaps')}?watch=true`)
    watch.pause()
    for (const name of ['next', 'one-more']) {
      await space.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })
    }
    watch.resume()
    expect(summary(await watch.take(22)).slice(-2)).toEqual(['ADDED next', 'ADDED one-more'])
    watch.close()
    await client.close()
  }, 20_000)
})
