import { pause, realTime } from '../contract/time.ts'
import { isSeiError } from '../errors/guards.ts'
import { cancelledError } from '../errors/sei-error.ts'
import { keepCredentials, type Connection, type CredentialKeeper, type Credentials } from './credentials.ts'
import { isUnreasoned, refusedError, unansweredError, type Asked } from './errors.ts'
import { openLine, type Line } from './line.ts'
import { exchange, type Answer, type Sink } from './exchange.ts'
import { backoffMs, fateOfAnswer, fateOfFailure, maxAttempts, retryAfterMs, type Fate } from './retry.ts'

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
  const session: Session = {
    userAgent: options.userAgent,
    idleMs: options.idleMs ?? 60_000,
    keeper: keepCredentials(connection),
    line: openLine(connection),
    closing: new AbortController(),
  }
  return {
    send: (call) => send(session, call),
    stream: (call, idleMs, sink) => stream(session, call, idleMs, sink),
    close: async () => {
      session.closing.abort()
      await session.line.close()
    },
  }
}

interface Session {
  readonly userAgent: string
  readonly idleMs: number
  readonly keeper: CredentialKeeper
  readonly line: Line
  readonly closing: AbortController
}

async function send(session: Session, call: Call): Promise<string> {
  let uncertain = false
  for (let count = 1; ; count += 1) {
    const result = await attempt(session, call)
    if ('answer' in result) return result.answer.body
    if (result.fate === 'unknown') uncertain = true
    // A conflict after an attempt without answer may be that attempt's own effect.
    const inDoubt = result.fate === 'unknown' || (uncertain && result.status === 409)
    if (inDoubt && call.settle !== undefined) {
      const settled = await call.settle()
      if (settled !== undefined) return settled
    } else if (result.fate === 'final' || (inDoubt && !call.repeatable)) throw result.error
    if (count >= maxAttempts || call.single === true) throw result.error
    await pause(realTime, result.afterMs ?? backoffMs(count - 1), signalOf(session, call))
  }
}

async function stream(session: Session, call: Call, idleMs: number, sink: Sink): Promise<void> {
  let answer: Answer
  try {
    answer = await once(session, call, idleMs, sink)
  } catch (cause) {
    throw ownError(session, call, cause) ?? unansweredError(call, cause, false)
  }
  if (answer.status === 200) return
  throw refusedError(call, answer.status, answer.body, retryAfterMs(answer.headers['retry-after']))
}

async function attempt(session: Session, call: Call): Promise<Attempt> {
  try {
    const answer = await once(session, call, session.idleMs)
    if (answer.status >= 200 && answer.status < 300) return { answer }
    const afterMs = retryAfterMs(answer.headers['retry-after'])
    const error = refusedError(call, answer.status, answer.body, afterMs)
    const fate = fateOfAnswer(answer.status, afterMs, isUnreasoned(answer.body))
    return { fate, error, status: answer.status, afterMs }
  } catch (cause) {
    const error = ownError(session, call, cause)
    if (error !== undefined) throw error
    const fate = fateOfFailure(cause)
    return { fate, error: unansweredError(call, cause, fate === 'unknown' && call.method !== 'GET') }
  }
}

/** What did not come from the network: an error of ours (a sink's, a credential plugin's), or somebody's wish to end it. */
function ownError(session: Session, call: Call, cause: unknown): Error | undefined {
  if (isSeiError(cause)) return cause
  if (session.closing.signal.aborted) {
    return cancelledError(`${call.what}: the connection was closed`, cause)
  }
  if (call.signal?.aborted === true) return cancelledError(`${call.what}: cancelled`, call.signal.reason)
  return undefined
}

function signalOf({ closing }: Session, call: Call): AbortSignal {
  return call.signal === undefined ? closing.signal : AbortSignal.any([call.signal, closing.signal])
}

async function once(session: Session, call: Call, idleMs: number, sink?: Sink): Promise<Answer> {
  const { keeper, line, userAgent } = session
  const signal = signalOf(session, call)
  const exchangeAs = (credentials: Credentials): Promise<Answer> => {
    const headers = headersOf(call, credentials, userAgent)
    const { method, body } = call
    const request = { method, path: line.prefix + call.path, headers, body, signal, idleMs }
    return exchange(line.pool(credentials, sink === undefined ? 'calls' : 'streams'), request, sink)
  }
  const held = keeper.current()
  const credentials = held instanceof Promise ? await held : held
  const answer = await exchangeAs(credentials)
  // A 401 comes before any handler: repeating it with new credentials is safe for every verb.
  const renewed = answer.status === 401 ? keeper.renewed(credentials) : undefined
  return renewed === undefined ? answer : exchangeAs(await renewed)
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
