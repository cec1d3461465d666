import { describe, expect, onTestFinished, test } from 'vitest'
import { answerJson, startServer, type Handler, type TestServer } from '../../test/helpers/http-server.ts'
import { configMaps, namespaces, pods, seiNodes } from '../contract/kinds.ts'
import type { ConfigMap, KubeObject } from '../contract/objects.ts'
import { connect } from './client.ts'
import { isAlreadyExists, isConflict, isNotFound, isUnanswered, statusOf } from './errors.ts'
import type { KubeClient } from './types.ts'

async function start(handle: Handler): Promise<{ server: TestServer; client: KubeClient }> {
  const server = await startServer(handle)
  const client = connect(
    { server: server.url, namespace: 'default', token: 'secret' },
    { userAgent: 'tester/1' },
  )
  onTestFinished(async () => {
    await client.close()
    await server.close()
  })
  return { server, client }
}

function refusal(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message }
}

function configMap(name: string, data: Record<string, string> = {}, more: object = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', ...more }, data }
}

describe('verbs', () => {
  test('default: get names the object in its path and sends token and agent', async () => {
    const { server, client } = await start((_, response) => answerJson(response, 200, configMap('a')))
    expect(await client.get(configMaps, { name: 'a' })).toEqual(configMap('a'))
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      url: '/api/v1/namespaces/default/configmaps/a',
      headers: { authorization: 'Bearer secret', 'user-agent': 'tester/1' },
    })
  })

  test('default: cluster-scoped types have no namespace in their path', async () => {
    const { server, client } = await start((_, response) => answerJson(response, 200, configMap('a')))
    await client.get(namespaces, { name: 'a', namespace: 'ignored' })
    expect(server.seen[0]?.url).toBe('/api/v1/namespaces/a')
  })

  test('default: apply is forced, names its owner and targets the subresource', async () => {
    const { server, client } = await start((seen, response) =>
      answerJson(response, 200, JSON.parse(seen.body)),
    )
    const node = { apiVersion: 'sei.io/v1alpha1', kind: 'SeiNode', metadata: { name: 'n', namespace: 'x' } }
    await client.apply(seiNodes, node, { fieldManager: 'sei-sdk', subresource: 'status' })
    expect(server.seen[0]).toMatchObject({
      method: 'PATCH',
      url: '/apis/sei.io/v1alpha1/namespaces/x/seinodes/n/status?fieldManager=sei-sdk&force=true',
      headers: { 'content-type': 'application/apply-patch+yaml' },
    })
  })

  test.for([
    ['merge', 'application/merge-patch+json'],
    ['json', 'application/json-patch+json'],
    ['strategic', 'application/strategic-merge-patch+json'],
  ] as const)('default: a %s patch is sent as %s', async ([type, contentType]) => {
    const { server, client } = await start((_, response) => answerJson(response, 200, configMap('a')))
    await client.patch(configMaps, { name: 'a' }, { data: { k: 'v' } }, { type })
    expect(server.seen[0]?.headers['content-type']).toBe(contentType)
    expect(server.seen[0]?.body).toBe('{"data":{"k":"v"}}')
  })

  test('behavior: list gathers all pages and fills in the items’ headers', async () => {
    const { server, client } = await start((seen, response) => {
      const second = seen.url.includes('continue=next')
      const item = { metadata: { name: second ? 'b' : 'a' } }
      const metadata = { resourceVersion: '7', ...(second ? {} : { continue: 'next' }) }
      answerJson(response, 200, { kind: 'PodList', apiVersion: 'v1', metadata, items: [item] })
    })
    const list = await client.list(pods, { namespace: 'x', labelSelector: 'a=b,c' })
    expect(list.items.map((pod) => [pod.kind, pod.metadata.name])).toEqual([
      ['Pod', 'a'],
      ['Pod', 'b'],
    ])
    expect(list.metadata).toEqual({ resourceVersion: '7' })
    expect(server.seen[0]?.url).toBe('/api/v1/namespaces/x/pods?labelSelector=a%3Db%2Cc&limit=500')
  })

  test('behavior: a snapshot that expires between pages is read again in one', async () => {
    const { client } = await start((seen, response) => {
      if (seen.url.includes('continue=')) return answerJson(response, 410, refusal(410, 'Expired', 'too old'))
      const paged = seen.url.includes('limit=')
      const items = paged ? ['a'] : ['a', 'b']
      const metadata = { resourceVersion: '7', ...(paged ? { continue: 'next' } : {}) }
      answerJson(response, 200, { metadata, items: items.map((name) => ({ metadata: { name } })) })
    })
    expect((await client.list(pods)).items).toHaveLength(2)
  })

  test('behavior: delete sends its precondition and tells what is left', async () => {
    const finalized = configMap('a', {}, { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['x'] })
    const answers = [finalized, { kind: 'Status', status: 'Success' }, configMap('a')]
    const { server, client } = await start((_, response, count) =>
      answerJson(response, 200, answers[count - 1]),
    )
    expect(await client.delete(configMaps, { name: 'a' }, { uid: 'u' })).toEqual(finalized)
    expect(await client.delete(configMaps, { name: 'a' })).toBeUndefined()
    expect(await client.delete(configMaps, { name: 'a' })).toBeUndefined()
    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({ preconditions: { uid: 'u' } })
  })

  test('behavior: calls of every verb share connections, deletions with options among them', async () => {
    const ports = new Set<number | undefined>()
    const { client } = await start((seen, response) => {
      ports.add(response.socket?.remotePort)
      answerJson(response, 200, seen.method === 'DELETE' ? {} : configMap('a'))
    })
    const rounds = 8
    for (let count = 0; count < rounds; count += 1) {
      await client.delete(configMaps, { name: 'a' }, { propagationPolicy: 'Background' })
      await client.get(configMaps, { name: 'a' })
      await client.apply(configMaps, configMap('a'), { fieldManager: 'me' })
    }
    // How many the pool opens is its own affair; it used to be one more for each deletion.
    expect(ports.size).toBeLessThan(rounds)
  })

  test('behavior: not found is undefined for find and success for delete', async () => {
    const { client } = await start((_, response) =>
      answerJson(response, 404, refusal(404, 'NotFound', 'gone')),
    )
    expect(await client.find(configMaps, { name: 'a' })).toBeUndefined()
    expect(await client.delete(configMaps, { name: 'a' })).toBeUndefined()
  })

  test('default: logs come as text with their options in the query', async () => {
    const { server, client } = await start((_, response) => void response.end('one\ntwo\n'))
    const text = await client.logs({ name: 'p' }, { container: 'seid', previous: true, tailLines: 2 })
    expect(text).toBe('one\ntwo\n')
    expect(server.seen[0]?.url).toBe(
      '/api/v1/namespaces/default/pods/p/log?container=seid&previous=true&tailLines=2',
    )
  })
})

describe('errors', () => {
  test('error: names verb, object and the server’s reason, with the Status in its details', async () => {
    const body = refusal(404, 'NotFound', 'configmaps "a" not found')
    const { client } = await start((_, response) => answerJson(response, 404, body))
    const error: unknown = await client.get(configMaps, { name: 'a' }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 'KUBE_REQUEST',
      message: 'get configmaps default/a: 404 NotFound: configmaps "a" not found',
      details: { status: body, method: 'GET', path: '/api/v1/namespaces/default/configmaps/a' },
    })
    expect(isNotFound(error)).toBe(true)
    expect(isConflict(error)).toBe(false)
  })

  test('error: a plain-text refusal becomes a Status', async () => {
    const { client } = await start((_, response) => void response.writeHead(400).end('no such thing\n'))
    const error: unknown = await client.request('GET', '/x').catch((caught: unknown) => caught)
    expect(statusOf(error)).toMatchObject({ code: 400, message: 'no such thing' })
  })

  test('error: an aborted call ends at once as cancelled', async () => {
    const { client } = await start(() => undefined)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(
      client.apply(configMaps, configMap('a'), { fieldManager: 'x', signal }),
    ).rejects.toMatchObject({
      class: 'cancelled',
    })
  })

  test('error: close ends what is under way', async () => {
    const { server, client } = await start(() => undefined)
    const call = expect(client.get(configMaps, { name: 'a' })).rejects.toMatchObject({ class: 'cancelled' })
    while (server.seen.length === 0) await new Promise(setImmediate)
    await client.close()
    await call
  })
})

describe('repeats', () => {
  test('behavior: 429 is waited out for every verb', async () => {
    const { server, client } = await start((seen, response, count) => {
      if (count === 1) return answerJson(response, 429, {}, { 'retry-after': '0' })
      answerJson(response, 201, JSON.parse(seen.body))
    })
    await client.create(configMaps, configMap('a'))
    expect(server.seen.map((seen) => seen.method)).toEqual(['POST', 'POST'])
  })

  test('behavior: an apply is repeated after a reset', async () => {
    const { server, client } = await start((seen, response, count) => {
      if (count === 1) return void response.destroy()
      answerJson(response, 200, JSON.parse(seen.body))
    })
    await client.apply(configMaps, configMap('a'), { fieldManager: 'x' })
    expect(server.seen).toHaveLength(2)
  })

  test('behavior: a 500 without a reason is an answer: so an apply is refused that does not fit the schema', async () => {
    const mistyped = refusal(500, '', 'failed to create typed patch object')
    const { server, client } = await start((_, response) => answerJson(response, 500, mistyped))
    await expect(client.apply(configMaps, configMap('a'), { fieldManager: 'x' })).rejects.toThrow(
      'apply configmaps default/a: 500: failed to create typed patch object',
    )
    expect(server.seen).toHaveLength(1)
  })

  test.for([
    ['the API server', JSON.stringify(refusal(500, 'InternalError', 'etcdserver: request timed out'))],
    ['something in front of it', 'Internal Server Error\n'],
  ] as const)('behavior: a 500 by %s is repeated where that does no harm', async ([, text]) => {
    const { server, client } = await start((seen, response, count) => {
      if (count % 2 === 1) return void response.writeHead(500).end(text)
      answerJson(response, 200, seen.body === '' ? configMap('a') : JSON.parse(seen.body))
    })
    await client.get(configMaps, { name: 'a' })
    await client.apply(configMaps, configMap('a'), { fieldManager: 'x' })
    expect(server.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'PATCH', 'PATCH'])
    const by = { type: 'json' } as const
    await expect(client.patch(configMaps, { name: 'a' }, [], by)).rejects.toThrow('500')
    expect(server.seen).toHaveLength(5)
  })

  test('behavior: a create whose answer was lost is found again, not repeated', async () => {
    const { server, client } = await start((seen, response) => {
      if (seen.method === 'POST') return void response.destroy()
      answerJson(response, 200, configMap('a', { k: 'v', defaulted: 'yes' }, { uid: 'u' }))
    })
    expect((await client.create(configMaps, configMap('a', { k: 'v' }))).metadata.uid).toBe('u')
    expect(server.seen.map((seen) => seen.method)).toEqual(['POST', 'GET'])
  })

  test('behavior: a create that had no effect is repeated', async () => {
    const { server, client } = await start((seen, response, count) => {
      if (count === 1) return void response.destroy()
      if (seen.method === 'GET') return answerJson(response, 404, refusal(404, 'NotFound', 'no'))
      answerJson(response, 201, JSON.parse(seen.body))
    })
    await client.create(configMaps, configMap('a'))
    expect(server.seen.map((seen) => seen.method)).toEqual(['POST', 'GET', 'POST'])
  })

  test('behavior: a create that lands late is recognised in the conflict of its repetition', async () => {
    let landed = false
    const { client } = await start((seen, response, count) => {
      if (count === 1) return void response.destroy()
      if (seen.method === 'POST') {
        landed = true
        return answerJson(response, 409, refusal(409, 'AlreadyExists', 'there'))
      }
      if (!landed) return answerJson(response, 404, refusal(404, 'NotFound', 'no'))
      answerJson(response, 200, configMap('a', {}, { uid: 'u' }))
    })
    expect((await client.create(configMaps, configMap('a'))).metadata.uid).toBe('u')
  })

  test('error: a create without answer over somebody else’s object is AlreadyExists', async () => {
    const { client } = await start((seen, response) => {
      if (seen.method === 'POST') return void response.destroy()
      answerJson(response, 200, configMap('a', { k: 'theirs' }))
    })
    const error: unknown = await client
      .create(configMaps, configMap('a', { k: 'v' }))
      .catch((caught: unknown) => caught)
    expect(isAlreadyExists(error)).toBe(true)
  })

  test('error: a create by generateName without answer is not repeated and says so', async () => {
    const { server, client } = await start((_, response) => void response.destroy())
    const metadata = { generateName: 'a-' } as KubeObject['metadata']
    const error: unknown = await client
      .create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata })
      .catch((caught: unknown) => caught)
    expect(isUnanswered(error)).toBe(true)
    expect(String(error)).toContain('whether it took effect is unknown')
    expect(server.seen).toHaveLength(1)
  })

  test('behavior: a replace whose answer was lost is recognised by what now stands there', async () => {
    const { server, client } = await start((seen, response) => {
      if (seen.method === 'PUT') return void response.destroy()
      answerJson(response, 200, configMap('a', { k: 'v' }, { resourceVersion: '8' }))
    })
    const replaced = await client.replace(configMaps, configMap('a', { k: 'v' }, { resourceVersion: '7' }))
    expect(replaced.metadata.resourceVersion).toBe('8')
    expect(server.seen.map((seen) => seen.method)).toEqual(['PUT', 'GET'])
  })

  test('error: a JSON patch without answer is not repeated', async () => {
    const { server, client } = await start((_, response) => void response.destroy())
    const patch = client.patch(configMaps, { name: 'a' }, [], { type: 'json' })
    await expect(patch).rejects.toThrow('whether it took effect is unknown')
    expect(server.seen).toHaveLength(1)
  })

  test('error: a first conflict is the answer, without looking', async () => {
    const { server, client } = await start((_, response) =>
      answerJson(response, 409, refusal(409, 'Conflict', 'modified')),
    )
    const error: unknown = await client.replace(configMaps, configMap('a')).catch((caught: unknown) => caught)
    expect(isConflict(error)).toBe(true)
    expect(server.seen).toHaveLength(1)
  })
})
