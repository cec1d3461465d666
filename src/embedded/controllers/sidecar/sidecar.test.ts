import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, expect, test } from 'vitest'

import type { PlanTask } from '../../../contract/crds/head/shared.ts'
import { createSidecarClient, SidecarError, type SidecarTarget } from './client.ts'
import { runSidecarTask } from './run-task.ts'
import { wireParams } from './wire-params.ts'

const client = createSidecarClient()
const host = 'n-0.n.ns.svc.cluster.local:8443'
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

interface Asked {
  readonly request: string
  readonly body: unknown
}

/** A server that answers `METHOD path` with a status and body. */
async function sidecar(
  answers: Record<string, [number, unknown]>,
): Promise<{ target: SidecarTarget; asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const text = await textOf(request)
    const line = `${request.method} ${request.url}`
    asked.push({ request: line, body: text === '' ? undefined : JSON.parse(text) })
    const [status, body] = answers[line] ?? [404, { error: 'not found' }]
    response.writeHead(status).end(body === undefined ? undefined : JSON.stringify(body))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { target: { host, address: `127.0.0.1:${port}` }, asked }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

function taskOf(type: string, params: unknown = {}): PlanTask {
  return { type, id: 'c6569237-a4a3-52a2-8cbc-090ba9e8663f', status: 'Pending', params }
}

const submit = 'POST /v0/tasks'
const get = 'GET /v0/tasks/c6569237-a4a3-52a2-8cbc-090ba9e8663f'
const accepted: [number, unknown] = [201, { id: 'x' }]

test('default: a task is submitted under its own id, in the words of the sidecar, and looked at', async () => {
  const { target, asked } = await sidecar({ [submit]: accepted, [get]: [200, { status: 'completed' }] })
  const task = taskOf('generate-identity', { ChainID: 'c', Moniker: 'n' })
  expect(await runSidecarTask(client, target, task)).toEqual({ state: 'complete' })
  expect(asked).toEqual([
    {
      request: submit,
      body: { id: task.id, type: 'generate-identity', params: { chainId: 'c', moniker: 'n' } },
    },
    { request: get, body: undefined },
  ])
})

test.for<[string, [number, unknown], unknown]>([
  ['running', [200, { status: 'running' }], { state: 'running' }],
  ['failed', [200, { status: 'failed', error: 'why' }], { state: 'failed', error: 'why' }],
  ['unknown to the sidecar', [404, { error: 'no' }], { state: 'running' }],
  ['not to be had', [500, { error: 'no' }], { state: 'running' }],
])('behavior: a submitted task that is %s', async ([, answer, outcome]) => {
  const { target } = await sidecar({ [submit]: accepted, [get]: answer })
  expect(await runSidecarTask(client, target, taskOf('config-apply'))).toEqual(outcome)
})

test.for(['mark-ready', 'config-validate'])('behavior: %s is done once accepted', async (type) => {
  const { target, asked } = await sidecar({ [submit]: accepted, [get]: [200, { status: 'failed' }] })
  expect(await runSidecarTask(client, target, taskOf(type))).toEqual({ state: 'complete' })
  expect(asked.map((each) => each.request)).toEqual([submit])
})

test('error: a refused submission says what the sidecar said', async () => {
  const { target } = await sidecar({ [submit]: [400, { error: 'unknown type' }] })
  await expect(runSidecarTask(client, target, taskOf('x'))).rejects.toThrow(/400.*unknown type/)
})

test('error: no address reads as a name that does not resolve, no listener as refused', async () => {
  const nowhere = client.healthy({ host, address: undefined })
  await expect(nowhere).rejects.toThrow('lookup n-0.n.ns.svc.cluster.local: no such host')
  const { target } = await sidecar({})
  const server = servers.pop()
  await new Promise((resolve) => server?.close(resolve))
  await expect(client.nodeId(target)).rejects.toThrow(SidecarError)
  await expect(client.nodeId(target)).rejects.toThrow(/connect: connection refused/)
})

test('default: the gate is open at 200, shut at 503, and anything else is an error', async () => {
  const healthz = 'GET /v0/healthz'
  expect(await client.healthy((await sidecar({ [healthz]: [200, undefined] })).target)).toBe(true)
  expect(await client.healthy((await sidecar({ [healthz]: [503, undefined] })).target)).toBe(false)
  const broken = client.healthy((await sidecar({ [healthz]: [500, undefined] })).target)
  await expect(broken).rejects.toThrow('500')
})

test('behavior: parameters change their names and keep their values', () => {
  expect(wireParams('x', { ChainID: 'c', RpcServers: ['a'], overrides: { A: 1 } })).toEqual({
    chainId: 'c',
    rpcServers: ['a'],
    overrides: { A: 1 },
  })
  expect(wireParams('configure-genesis', { ExpectedGenesisHash: '' })).toEqual({})
})
