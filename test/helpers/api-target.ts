import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request, type RequestOptions } from 'node:https'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startApiServer, type ApiServerOptions } from '../../src/embedded/apiserver/server.ts'
import { headCrds } from '../../src/contract/crds/head/all.ts'
import { customResourceDefinitions } from '../../src/contract/kinds.ts'
import { createClock } from '../../src/embedded/clock.ts'
import { startControllers } from '../../src/embedded/controllers/start.ts'
import { connect } from '../../src/kube/client.ts'
import type { ConnectionInfo } from '../../src/kube/types.ts'

/** One answer, with a JSON body parsed and any other as text. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

export interface CallOptions {
  /** Sent as JSON unless it is a string or bytes. */
  readonly body?: unknown
  /** @default application/json */
  readonly type?: string
  readonly accept?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  /** False sends none. */
  readonly token?: string | false
}

export interface WatchEvent {
  readonly type: string
  readonly object: Record<string, unknown>
}

/** A watch as it comes over the wire. */
export interface OpenWatch {
  readonly status: number
  /** Resolves to the first `count` events; rejects when the stream ends before. */
  take(count: number): Promise<WatchEvent[]>
  /** Resolves to every event once the server has closed the stream. */
  all(): Promise<WatchEvent[]>
  /** Stops reading, so that the server's buffers fill up. */
  pause(): void
  resume(): void
  close(): void
}

/** An API server to hold the conformance cases against: ours, or a real one. */
export interface ApiTarget {
  readonly info: ConnectionInfo
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  watch(path: string, options?: Pick<CallOptions, 'accept'>): Promise<OpenWatch>
  /**
   * A resourceVersion whose history a collection of test definitions has no more: `revision`, once our own server has been
   * told to forget; on others the first one of all, from before the definitions were there.
   */
  forgotten(revision: string): string
  close(): Promise<void>
}

/**
 * Starts our own server in this process, which freezes what it stores so that writes in place are found; with `controllers`
 * our controllers as well.
 */
export async function startEmbeddedTarget(
  options: Omit<ApiServerOptions, 'stateDir'> & { readonly controllers?: boolean } = {},
): Promise<ApiTarget> {
  const stateDir = await mkdtemp(join(tmpdir(), 'sei-apiserver-'))
  const server = await startApiServer({ ...options, stateDir, freeze: true })
  const target = connectTarget(server.info)
  const controllers = options.controllers === true ? await addControllers(server.info) : undefined
  return {
    ...target,
    forgotten(revision) {
      server.compact()
      return revision
    },
    async close() {
      await controllers?.close()
      await target.close()
      await server.close()
      await rm(stateDir, { recursive: true })
    },
  }
}

async function addControllers(info: ConnectionInfo): Promise<{ close(): Promise<void> }> {
  const kube = connect(info)
  await Promise.all(headCrds.map((crd) => kube.create(customResourceDefinitions, crd)))
  const controllers = startControllers({ kube, clock: createClock(500) })
  await controllers.ready
  return {
    async close() {
      await controllers.close()
      await kube.close()
    },
  }
}

/** Speaks to any API server that `info` leads to. */
export function connectTarget(info: ConnectionInfo): ApiTarget {
  const agent = new Agent({
    keepAlive: true,
    ...(info.ca === undefined ? {} : { ca: info.ca }),
    ...(info.clientCert === undefined ? {} : { cert: info.clientCert, key: info.clientKey }),
  })
  return {
    info,
    async call(method, path, options = {}) {
      const answer = await send(info, agent, method, path, options)
      const text = await textOf(answer)
      const isJson = answer.headers['content-type']?.startsWith('application/json') === true
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: isJson ? JSON.parse(text) : text,
      }
    },
    async watch(path, options = {}) {
      return readWatch(await send(info, agent, 'GET', path, options))
    },
    forgotten: () => '1',
    close() {
      agent.destroy()
      return Promise.resolve()
    },
  }
}

function send(
  info: ConnectionInfo,
  agent: Agent,
  method: string,
  path: string,
  options: CallOptions,
): Promise<IncomingMessage> {
  const { body, type = 'application/json', accept = 'application/json', token = info.token } = options
  const url = new URL(info.server)
  const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array
  const payload = isRaw ? body : JSON.stringify(body)
  const settings: RequestOptions = {
    agent,
    method,
    path,
    host: url.hostname,
    port: url.port,
    headers: {
      accept,
      'user-agent': 'conformance/1.0',
      ...(token === false || token === undefined ? {} : { authorization: `Bearer ${token}` }),
      // Node sends a DELETE's body without its length unless told.
      ...(payload === undefined
        ? {}
        : { 'content-type': type, 'content-length': String(Buffer.byteLength(payload)) }),
      ...options.headers,
    },
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(settings, resolve)
    outgoing.once('error', reject)
    outgoing.end(payload)
  })
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) text += chunk
  return text
}

function readWatch(answer: IncomingMessage): OpenWatch {
  const events: WatchEvent[] = []
  const waiting = new Set<() => void>()
  let isEnded = false
  const wake = (): void => {
    for (const check of waiting) check()
  }
  let rest = ''
  answer.setEncoding('utf8')
  answer.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) events.push(JSON.parse(line) as WatchEvent)
    wake()
  })
  answer.on('close', () => {
    isEnded = true
    wake()
  })
  const until = <T>(result: () => T | undefined, failure: () => string): Promise<T> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const value = result()
        if (value === undefined && !isEnded) return
        waiting.delete(check)
        if (value === undefined) reject(new Error(failure()))
        else resolve(value)
      }
      waiting.add(check)
      check()
    })
  return {
    status: answer.statusCode ?? 0,
    take: (count) =>
      until(
        () => (events.length >= count ? events.slice(0, count) : undefined),
        () => `the watch ended after ${events.length} of ${count} events`,
      ),
    all: () =>
      until(
        () => (isEnded ? events : undefined),
        () => 'unreachable',
      ),
    pause: () => void answer.pause(),
    resume: () => void answer.resume(),
    close: () => answer.destroy(),
  }
}
