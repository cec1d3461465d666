import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { lineSplitter } from '../../src/kube/lines.ts'
import type { FaultKind } from './fault-schedule.ts'
import { expired, statusOf } from './kube-status.ts'

export interface SpoiltWatch {
  readonly kind: FaultKind
  /** What the server sends. */
  readonly body: Readable
  readonly response: ServerResponse
  readonly reset: () => void
  readonly gone: AbortSignal
  /** From 0 to 1: how it ends, where there are two ways. */
  readonly chance: number
  /** Lines that still get through, and ms after which it happens even if there were fewer. */
  readonly lines: number
  readonly ms: number
}

/** What a server says when a watch is of a version that it has forgotten, as the last line of a 200. */
const expiredLine = `${JSON.stringify({ type: 'ERROR', object: statusOf(expired) })}\n`

/** Part of an event as it might have come. */
const beginning = '{"type":"MODIFIED","object":{"apiVersion":"v1","kind":"Po'

/** Hands on some lines of a watch, then does to it what the fault says. Resolves once its connection is over. */
export async function spoilWatch(watch: SpoiltWatch): Promise<void> {
  const { body, response, gone, lines, ms } = watch
  const { promise: enough, resolve } = Promise.withResolvers<string | undefined>()
  let count = 0
  const split = lineSplitter((line) => {
    count += 1
    if (count <= lines) response.write(`${line}\n`)
    else resolve(line)
  })
  body.on('data', split)
  body.on('error', () => resolve(undefined))
  body.on('end', () => resolve(undefined))
  const late = new AbortController()
  const next = await Promise.race([
    enough,
    sleep(ms, undefined, { signal: late.signal }).catch(() => undefined),
  ])
  late.abort()
  body.off('data', split)
  body.resume()
  if (gone.aborted) return
  await end(watch, next)
  body.destroy()
}

async function end({ kind, response, reset, gone, chance }: SpoiltWatch, next = ''): Promise<void> {
  switch (kind) {
    case 'stalled watch':
      await once(gone, 'abort')
      return
    case 'cut watch':
      return chance < 0.5 ? reset() : void response.end()
    case 'half a line': {
      const part = next === '' ? beginning : next.slice(0, Math.ceil(next.length / 2))
      response.write(part)
      if (chance < 0.5) return void response.end()
      await sleep(20)
      return reset()
    }
    case '410 event':
      response.end(expiredLine)
      return
    default:
      throw new Error(`${kind} is not done to a watch that is open`)
  }
}
