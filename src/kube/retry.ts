import { networkCodeOf } from './errors.ts'

/**
 * What a failed attempt says about the request. `rejected`: it was not processed, any verb may be repeated. `unknown`: it
 * may have taken effect. `final`: this is the answer.
 */
export type Fate = 'rejected' | 'unknown' | 'final'

/** Attempts of one request, the first included. */
export const maxAttempts = 6

/** Longest the server can make us wait by Retry-After, in ms. */
const maxRetryAfterMs = 30_000

/** Codes of failures in which not a byte of the request reached a server. */
const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const broken: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

/** Fate of an attempt that got no answer. Certificate errors and the like are final. */
export function fateOfFailure(error: unknown): Fate {
  const code = networkCodeOf(error) ?? ''
  if (neverSent.has(code)) return 'rejected'
  // A parser error is a connection that broke in the middle of an answer.
  return broken.has(code) || code.startsWith('HPE_') ? 'unknown' : 'final'
}

/**
 * Fate of an answered attempt. 429, and 503 with Retry-After, come from filters in front of the handler; 502, 503, 504
 * and 500 may come from after it. A 500 whose Status says no reason is an answer: an apply that does not fit the schema is
 * refused so, and a create with a resourceVersion (`isUnreasoned`).
 */
export function fateOfAnswer(
  status: number,
  retryAfter: number | undefined,
  unreasoned: boolean = false,
): Fate {
  if (status === 429) return 'rejected'
  if (status === 503) return retryAfter === undefined ? 'unknown' : 'rejected'
  if (status === 502 || status === 504) return 'unknown'
  if (status === 500 && !unreasoned) return 'unknown'
  return status >= 500 && retryAfter !== undefined ? 'unknown' : 'final'
}

/** Milliseconds that a Retry-After header asks for: seconds or an HTTP date. */
export function retryAfterMs(header: string | readonly string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxRetryAfterMs)
}

/** Exponential back-off with jitter: between half and all of `baseMs × 2^attempt`, at most `capMs`. */
export function backoffMs(attempt: number, baseMs = 100, capMs = 10_000): number {
  const top = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 20))
  return top / 2 + (Math.random() * top) / 2
}
