import type { ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { pause, realTime } from '../../src/contract/time.ts'
import type { Asked, Fault } from './fault-schedule.ts'
import { expired, statusOf, type Refusal } from './kube-status.ts'
import { spoilWatch } from './spoilt-watch.ts'

/** What it takes to spoil one request. */
export interface Exchange {
  readonly asked: Asked
  readonly upstream: () => Promise<Dispatcher.ResponseData>
  readonly response: ServerResponse
  /** Ends the connection as a machine does that has crashed: by RST. */
  readonly reset: () => void
  /** Aborted when the client has gone, and when the proxy closes. */
  readonly gone: AbortSignal
}

/** Longest that a slow answer is held back, in ms. */
const slowMs = 1_500

const hopByHop: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'host'])

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Headers that concern both ends, and not the connection. */
export function endToEnd(headers: Headers): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopByHop.has(name)) kept[name] = value
  }
  return kept
}

export async function pass({ upstream, response }: Exchange): Promise<void> {
  const answer = await upstream()
  response.writeHead(answer.statusCode, endToEnd(answer.headers))
  response.flushHeaders()
  for await (const chunk of answer.body as AsyncIterable<Buffer>) response.write(chunk)
  response.end()
}

export async function spoil(exchange: Exchange, fault: Fault): Promise<void> {
  const { upstream, response, reset, gone, asked } = exchange
  const { kind, chances } = fault
  const [first, second] = chances
  if (/^\d+( with Retry-After)?$/.test(kind)) return refuse(response, kind, first)
  switch (kind) {
    case 'reset before':
      return reset()
    case 'reset after':
      await (await upstream()).body.text()
      return reset()
    case '504 after':
      await (await upstream()).body.text()
      return refuse(response, '504', first)
    case '410 watch':
    case '410 page':
      return answerStatus(response, expired)
    case 'slow headers':
      await pause(realTime, slowMs * first, gone)
      return pass(exchange)
    case 'slow body':
      return trickle(exchange, slowMs * first)
    case 'half a body':
      return cutBody(exchange, first)
  }
  if (asked.kind !== 'watch') throw new Error(`${kind} is for watches`)
  const answer = await upstream()
  response.writeHead(answer.statusCode, endToEnd(answer.headers))
  response.flushHeaders()
  const limits = { lines: Math.floor(4 * first), ms: 50 + 1_500 * second }
  await spoilWatch({ kind, body: answer.body, response, reset, gone, chance: chances[2], ...limits })
}

const reasons: Readonly<Record<number, string>> = {
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

/** Half of them as an API server says it, the other half as something in front of it does. */
function refuse(response: ServerResponse, kind: string, chance: number): void {
  const code = Number.parseInt(kind, 10)
  if (kind.endsWith('Retry-After')) response.setHeader('retry-after', chance < 0.75 ? '1' : '0')
  if ((chance * 8) % 1 < 0.5) {
    answerStatus(response, { code, reason: reasons[code] ?? '', message: 'injected by the faulty proxy' })
  } else {
    response.writeHead(code, { 'content-type': 'text/plain' })
    response.end('injected by the faulty proxy\n')
  }
}

function answerStatus(response: ServerResponse, refusal: Refusal): void {
  response.writeHead(refusal.code, { 'content-type': 'application/json' })
  response.end(JSON.stringify(statusOf(refusal)))
}

/** In pieces of a few bytes to a few hundred, so that lines, and characters, come apart. */
async function trickle({ upstream, response, gone }: Exchange, ms: number): Promise<void> {
  const answer = await upstream()
  response.writeHead(answer.statusCode, endToEnd(answer.headers))
  response.flushHeaders()
  let leftMs = ms
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    const size = Math.ceil(chunk.length / 7)
    for (let at = 0; at < chunk.length; at += size) {
      response.write(chunk.subarray(at, at + size))
      const pauseMs = Math.min(leftMs, ms / 7)
      leftMs -= pauseMs
      await pause(realTime, pauseMs, gone)
    }
  }
  response.end()
}

/** Headers that promise all of it, a part, and no more. */
async function cutBody({ upstream, response, reset, gone }: Exchange, chance: number): Promise<void> {
  const answer = await upstream()
  const body = Buffer.from(await answer.body.arrayBuffer())
  response.writeHead(answer.statusCode, {
    ...endToEnd(answer.headers),
    'content-length': String(body.length),
  })
  response.write(body.subarray(0, Math.floor(body.length * chance)))
  // What is written and then reset at once never leaves this machine.
  await pause(realTime, 20, gone)
  reset()
}
