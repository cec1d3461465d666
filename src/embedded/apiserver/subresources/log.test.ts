import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { startEmbeddedTarget, type Answer, type ApiTarget } from '../../../../test/helpers/api-target.ts'
import { openSpace, type Space } from '../../../../test/helpers/conformance-case.ts'
import { createServerTls } from '../tls.ts'

const missing = 'previous terminated container "main" in pod "a" not found'

/** A kubelet as far as logs go: answers with what it was asked for. */
function startKubelet(): Server {
  const server = createServer(createServerTls(), (request, response) => {
    const url = new URL(request.url ?? '', 'https://kubelet')
    if (url.searchParams.get('previous') === 'true') {
      response.writeHead(400).end(missing)
    } else if (url.searchParams.get('follow') === 'true') {
      response.write('first\n')
      setTimeout(() => response.end('second\n'), 5)
    } else {
      response.end(`${url.pathname}${url.search} ${request.headers.authorization ?? ''}\n`)
    }
  })
  return server.listen(0, '127.0.0.1')
}

describe('the log of a container', () => {
  let target: ApiTarget
  let space: Space
  let kubelet: Server
  const nodeName = 'node-1'

  beforeAll(async () => {
    target = await startEmbeddedTarget()
    kubelet = startKubelet()
    await once(kubelet, 'listening')
    const { port } = kubelet.address() as AddressInfo
    const status = {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    }
    await target.call('POST', '/api/v1/nodes', {
      body: { apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName }, status },
    })
  })
  beforeEach(async () => {
    space = await openSpace(target)
  })
  afterAll(async () => {
    await target.close()
    kubelet.close()
    kubelet.closeAllConnections()
  })

  async function pod(spec: Record<string, unknown>): Promise<void> {
    await space.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec })
  }

  function log(query = ''): Promise<Answer> {
    return target.call('GET', `${space.path('pods', 'a')}/log?${query}`)
  }

  const main = { name: 'main', image: 'i:1' }
  const side = { name: 'side', image: 'i:1' }

  test('behavior: comes from the kubelet of its node, asked with the server’s own token and the same parameters', async () => {
    await pod({ nodeName, containers: [main] })
    const answer = await log('tailLines=5&timestamps=true&pretty=true')
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain' } })
    expect(answer.body).toBe(
      `/containerLogs/${space.namespace}/a/main?tailLines=5&timestamps=true Bearer ${target.info.token}\n`,
    )
  })

  test('behavior: is streamed while it is followed', async () => {
    await pod({ nodeName, containers: [main] })
    expect(await log('follow=true')).toMatchObject({ status: 200, body: 'first\nsecond\n' })
  })

  test('behavior: is empty while the pod has no node', async () => {
    await pod({ containers: [main] })
    expect(await log()).toMatchObject({ status: 200, body: '' })
  })

  test('error: what the kubelet refuses becomes a Status', async () => {
    await pod({ nodeName, containers: [main] })
    expect(await log('previous=true')).toMatchObject({
      status: 400,
      body: { kind: 'Status', reason: 'BadRequest', message: missing },
    })
  })

  test('error: one of several containers must be named, and exist', async () => {
    await pod({ nodeName, containers: [main, side], initContainers: [{ name: 'init', image: 'i:1' }] })
    expect(await log()).toMatchObject({
      status: 400,
      body: {
        message:
          'a container name must be specified for pod a, choose one of: [main side] or one of the init containers: [init]',
      },
    })
    expect(await log('container=other')).toMatchObject({
      status: 400,
      body: { message: 'container other is not valid for pod a' },
    })
    expect(await log('container=init')).toMatchObject({ status: 200 })
  })

  test('error: numbers out of range are refused', async () => {
    await pod({ nodeName, containers: [main] })
    expect(await log('tailLines=-1&limitBytes=0')).toMatchObject({
      status: 422,
      body: { details: { kind: 'PodLogOptions', causes: [{ field: 'tailLines' }, { field: 'limitBytes' }] } },
    })
  })

  test('error: a node or kubelet that is gone is named', async () => {
    await pod({ nodeName: 'gone', containers: [main] })
    expect(await log()).toMatchObject({ status: 404, body: { message: 'pods "gone" not found' } })
    const status = {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: 1 } },
    }
    await target.call('POST', '/api/v1/nodes', {
      body: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'gone' }, status },
    })
    expect(await log()).toMatchObject({
      status: 500,
      body: { reason: 'InternalError', message: expect.stringContaining('ECONNREFUSED') },
    })
  })
})
