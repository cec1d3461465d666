import type { Pool } from 'undici'
import { isSeiError } from '../errors/guards.ts'
import { cancelledError } from '../errors/sei-error.ts'
import { keepCredentials, type Connection, type Credentials } from './credentials.ts'
import { refusedError, unansweredError, type Asked } from './errors.ts'
import { loadPool } from './pool.ts'
import { exchange, type Answer, type Sink } from './exchange.ts'
import {
  backoffMs,
  fateOfAnswer,
  fateOfFailure,
  maxAttempts,
  pause,
  retryAfterMs,
  type Fate,
} from './retry.ts'

export interface Call extends Asked {
  readonly body?: string | undefined
  readonly contentType?: string | undefined
  readonly accept?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** The request may be sent again although an earlier attempt may have taken effect. */
  readonly repeatable: boolean
  /** One attempt only: the caller has its own way of trying again. */
  readonly single?: boolean | undefined
  /**
   * For what is not repeatable: finds out what became of an attempt without answer. Resolves to the body that stands for
   * its answer, or to `undefined` when it had no effect and may be repeated; throws when neither can be said.
   */
  readonly settle?: (() => Promise<string | undefined>) | undefined
}

export interface Transport {
  /** The body of the answer. Throws KUBE_REQUEST, or RUN_CANCELLED when the signal or `close()` ends it. */
  send(call: Call): Promise<string>
  /** Hands over the body as it comes; one attempt only. Resolves at its end. What the sink throws is thrown. */
  stream(call: Call, idleMs: number, sink: Sink): Promise<void>
  close(): Promise<void>
}

export interface TransportOptions {
  readonly userAgent: string
  /** Milliseconds without a byte after which an ordinary request fails. */
  readonly idleMs?: number | undefined
}

/** Fate of one attempt: an answer to hand on, or a failure and what may be done about it. */
type Attempt =
  | { readonly answer: Answer }
  | {
      readonly fate: Fate
      readonly error: Error
      readonly status?: number
      readonly afterMs?: number | undefined
    }

/** HTTP/1.1 with keep-alive to one API server, with retries. Nothing is sent before the first call. */
export function createTransport(connection: Connection, options: TransportOptions): Transport {
  const closing = new AbortController()
  const keeper = keepCredentials(connection)
  const line = openLine(connection)
  const idleMs = options.idleMs ?? 60_000

  const signalOf = (call: Call): AbortSignal =>
    call.signal === undefined ? closing.signal : AbortSignal.any([call.signal, closing.signal])

  const once = async (call: Call, idle: number, sink?: Sink): Promise<Answer> => {
    const held = keeper.current()
    let credentials = held instanceof Promise ? await held : held
    const signal = signalOf(call)
    const attempt = (): Promise<Answer> => {
      const headers = headersOf(call, credentials, options.userAgent)
      const { method, body } = call
      const request = { method, path: line.prefix + call.path, headers, body, signal, idleMs: idle }
      return exchange(line.pool(credentials), request, sink)
    }
    const answer = await attempt()
    // A 401 comes before any handler: repeating it with new credentials is safe for every verb.
    const renewed = answer.status === 401 ? keeper.renewed(credentials) : undefined
    if (renewed === undefined) return answer
    credentials = await renewed
    return attempt()
  }

  const cancelled = (call: Call, cause?: unknown): Error | undefined => {
    if (closing.signal.aborted) return cancelledError(`${call.what}: the connection was closed`, cause)
    if (call.signal?.aborted === true) return cancelledError(`${call.what}: cancelled`, call.signal.reason)
    return undefined
  }

  const attempt = async (call: Call): Promise<Attempt> => {
    try {
      const answer = await once(call, idleMs)
      if (answer.status >= 200 && answer.status < 300) return { answer }
      const afterMs = retryAfterMs(answer.headers['retry-after'])
      const error = refusedError(call, answer.status, answer.body, afterMs)
      return { fate: fateOfAnswer(answer.status, afterMs), error, status: answer.status, afterMs }
    } catch (cause) {
      const error = cancelled(call, cause)
      if (error !== undefined) throw error
      const fate = fateOfFailure(cause)
      return { fate, error: unansweredError(call, cause, fate === 'unknown' && !isRead(call)) }
    }
  }

  const send = async (call: Call): Promise<string> => {
    let uncertain = false
    for (let count = 1; ; count += 1) {
      const result = await attempt(call)
      if ('answer' in result) return result.answer.body
      if (result.fate === 'unknown') uncertain = true
      // A conflict after an attempt without answer may be that attempt's own effect.
      const inDoubt = result.fate === 'unknown' || (uncertain && result.status === 409)
      if (inDoubt && call.settle !== undefined) {
        const settled = await call.settle()
        if (settled !== undefined) return settled
      } else if (result.fate === 'final' || (inDoubt && !call.repeatable)) throw result.error
      if (count >= maxAttempts || call.single === true) throw result.error
      await pause(result.afterMs ?? backoffMs(count - 1), signalOf(call))
    }
  }

  return {
    send,
    stream: async (call, idle, sink) => {
      let answer: Answer
      try {
        answer = await once(call, idle, sink)
      } catch (cause) {
        if (isSeiError(cause)) throw cause
        throw cancelled(call, cause) ?? unansweredError(call, cause, false)
      }
      if (answer.status === 200) return
      const afterMs = retryAfterMs(answer.headers['retry-after'])
      throw refusedError(call, answer.status, answer.body, afterMs)
    },
    close: async () => {
      closing.abort()
      await line.close()
    },
  }
}

function isRead(call: Call): boolean {
  return call.method === 'GET'
}

function headersOf(call: Call, credentials: Credentials, userAgent: string): Record<string, string> {
  const headers: Record<string, string> = {
    accept: call.accept ?? 'application/json',
    'user-agent': userAgent,
  }
  if (call.body !== undefined) headers['content-type'] = call.contentType ?? 'application/json'
  if (credentials.token !== undefined) headers['authorization'] = `Bearer ${credentials.token}`
  return headers
}

interface Line {
  /** Path under which the server's API lives, usually empty. */
  readonly prefix: string
  pool(credentials: Credentials): Pool
  close(): Promise<void>
}

/** The pool of connections; a new one when the client certificate changes. */
function openLine(connection: Connection): Line {
  const url = new URL(connection.server)
  const PoolClass = loadPool()
  let certificate = connection.clientCert
  const open = (credentials: Credentials): Pool =>
    new PoolClass(url.origin, {
      allowH2: false,
      connect: {
        ca: connection.ca,
        cert: credentials.clientCert,
        key: credentials.clientKey,
        rejectUnauthorized: connection.skipTlsVerify !== true,
        ...(connection.serverName === undefined ? {} : { servername: connection.serverName }),
      },
    })
  let pool = open(connection)
  return {
    prefix: url.pathname.replace(/\/$/, ''),
    pool: (credentials) => {
      if (credentials.clientCert === certificate) return pool
      certificate = credentials.clientCert
      const old = pool
      pool = open(credentials)
      void old.close()
      return pool
    },
    close: () => pool.destroy(),
  }
}
