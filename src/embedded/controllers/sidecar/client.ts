import type { Agent } from 'node:http'
import { http } from '../../node-http.ts'
import { ownAgent } from '../../open-requests.ts'

/** Why a sidecar could not be asked: no address yet, refused, timed out, or an answer outside the contract. */
export class SidecarError extends Error {
  override readonly name = 'SidecarError'
}

export interface SidecarTask {
  readonly id: string
  readonly type: string
  readonly status: 'running' | 'completed' | 'failed'
  readonly error?: string
  /** A failed task may have one too. */
  readonly result?: unknown
}

export interface TaskRequest {
  readonly id: string
  readonly type: string
  readonly params?: unknown
}

/** Where one sidecar is: `host` is what is asked for and named in errors, `address` the loopback `host:port` behind it. */
export interface SidecarTarget {
  /** `<name>:<port>`, as the cluster's DNS knows it. */
  readonly host: string
  /** Left out: the name does not resolve (yet). */
  readonly address: string | undefined
}

/** The sidecar's HTTP contract, as far as the controller uses it. Every method throws SidecarError. */
export interface SidecarClient {
  submit(target: SidecarTarget, task: TaskRequest): Promise<void>
  /** `undefined`: the sidecar does not know the id. */
  task(target: SidecarTarget, id: string): Promise<SidecarTask | undefined>
  healthy(target: SidecarTarget): Promise<boolean>
  nodeId(target: SidecarTarget): Promise<string>
  close(): void
}

/**
 * Limits of one request, in ms of wall time: they bound a socket, so the clock's rate does not shorten them. The three
 * values are the controller's.
 */
const limits = { submitMs: 30_000, readMs: 15_000, healthMs: 2_000 } as const

interface Answer {
  readonly status: number
  readonly body: string
}

/** @param token proves to the proxy in front of a sidecar who calls; in a cluster the service account's */
export function createSidecarClient(token?: string): SidecarClient {
  const agent = new http.Agent({ keepAlive: true })
  const ask = (
    target: SidecarTarget,
    method: 'GET' | 'POST',
    path: string,
    limitMs: number,
    body?: string,
  ): Promise<Answer> => exchange({ agent, token }, target, method, path, limitMs, body)

  return {
    async submit(target, task) {
      const answer = await ask(target, 'POST', '/v0/tasks', limits.submitMs, JSON.stringify(task))
      if (answer.status !== 201) throw unexpected('submitting task', answer)
    },
    async task(target, id) {
      const answer = await ask(target, 'GET', `/v0/tasks/${id}`, limits.readMs)
      if (answer.status === 404) return undefined
      if (answer.status !== 200) throw unexpected('getting task', answer)
      return parse<SidecarTask>(answer)
    },
    async healthy(target) {
      const answer = await ask(target, 'GET', '/v0/healthz', limits.healthMs)
      if (answer.status === 200) return true
      if (answer.status === 503) return false
      throw unexpected('querying sidecar healthz', answer)
    },
    async nodeId(target) {
      const answer = await ask(target, 'GET', '/v0/node-id', limits.readMs)
      if (answer.status !== 200) throw unexpected('getting node id', answer)
      const { nodeId } = parse<{ nodeId?: string }>(answer)
      if (nodeId === undefined || nodeId === '') throw unexpected('getting node id', answer)
      return nodeId
    },
    close: () => agent.destroy(),
  }
}

function exchange(
  { agent, token }: { readonly agent: Agent; readonly token: string | undefined },
  target: SidecarTarget,
  method: 'GET' | 'POST',
  path: string,
  limitMs: number,
  body?: string,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const { address, host: name } = target
  const verb = method === 'GET' ? 'Get' : 'Post'
  const failed = (why: string): void => reject(new SidecarError(`${verb} "http://${name}${path}": ${why}`))
  if (address === undefined) {
    failed(`dial tcp: lookup ${name.split(':')[0]}: no such host`)
    return promise
  }
  const [host = '', port = ''] = address.split(':')
  const headers = {
    host: name,
    'user-agent': ownAgent,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  }
  const sent = http.request({ agent, host, port: Number(port), method, path, headers }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
    )
    response.on('error', (error) => failed(error.message))
  })
  sent.setTimeout(limitMs, () => sent.destroy(new Error('context deadline exceeded')))
  sent.on('error', (error: NodeJS.ErrnoException) =>
    failed(
      error.code === 'ECONNREFUSED' ? `dial tcp ${address}: connect: connection refused` : error.message,
    ),
  )
  sent.end(body)
  return promise
}

function unexpected(doing: string, answer: Answer): SidecarError {
  return new SidecarError(`${doing}: unexpected status ${answer.status}: ${answer.body}`)
}

function parse<T>(answer: Answer): T {
  try {
    return JSON.parse(answer.body) as T
  } catch {
    throw new SidecarError(`not JSON: ${answer.body.slice(0, 200)}`)
  }
}
