import type { Dispatcher } from 'undici'
import { cancelledError, SeiError, usageError } from '../../errors/sei-error.ts'
import { maxFileBytes, tooLarge } from './scenario-file.ts'

export interface FetchOptions {
  readonly token?: string | undefined
  readonly timeout: AbortSignal
  /** What `timeout` was made of, for messages. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * One file over HTTPS; plain HTTP on loopback only. `undefined` where the server says there is none. A redirect is refused,
 * wherever it leads: a token that follows one has left for another host. Never more than `maxFileBytes` are read.
 */
export async function fetchFile(
  address: string,
  options: FetchOptions,
  headers: Readonly<Record<string, string>> = {},
): Promise<Uint8Array | undefined> {
  const url = new URL(address)
  checkScheme(url)
  const { request } = await import('undici')
  const signal = AbortSignal.any([options.timeout, ...(options.signal === undefined ? [] : [options.signal])])
  const bearer = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }
  try {
    const sent = { 'user-agent': 'vitest-environment-sei', ...headers, ...bearer }
    const answer = await request(url, { signal, headers: sent })
    return await bodyOf(answer, url, options.token !== undefined)
  } catch (error) {
    if (error instanceof SeiError) throw error
    if (options.signal?.aborted === true) throw cancelledError('the scenario was not fetched', error)
    throw unreachable(url, options, error)
  }
}

function checkScheme(url: URL): void {
  const loopback = /^(127(\.\d+){3}|\[::1\]|localhost)$/.test(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return
  throw usageError([
    {
      what: `${url.origin} would send the token and the scenario unprotected`,
      where: 'address of GitHub',
      expected: 'an https:// address',
      fix: 'write https://',
    },
  ])
}

async function bodyOf(
  answer: Dispatcher.ResponseData,
  url: URL,
  withToken: boolean,
): Promise<Uint8Array | undefined> {
  const { statusCode, body } = answer
  if (statusCode === 200) return await limited(body, url)
  // The rest of it is of no interest, and may be without end.
  body.destroy()
  body.on('error', () => {})
  // GitHub's API answers 422 for a ref that is no commit.
  if (statusCode === 404 || statusCode === 422) return undefined
  throw refused(url, statusCode, answer.headers['location'], withToken)
}

async function limited(body: Dispatcher.ResponseData['body'], url: URL): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxFileBytes) throw tooLarge(shown(url))
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function refused(
  url: URL,
  status: number,
  location: string | string[] | undefined,
  withToken: boolean,
): SeiError {
  const target = typeof location === 'string' ? URL.parse(location, url.href)?.host : undefined
  const redirect = status >= 300 && status < 400
  const what = redirect ? `redirects to ${target ?? 'nowhere'}, which is not followed` : `answered ${status}`
  const rights = withToken ? 'the token may not read it, or has expired' : 'set GITHUB_TOKEN'
  return new SeiError(`${shown(url)} ${what}`, {
    class: 'infra',
    code: 'SCENARIO_FETCH',
    hint: redirect
      ? 'name the repository as it is called today'
      : status === 401 || status === 403 || status === 429
        ? rights
        : 'try again later',
    details: { status },
  })
}

function unreachable(url: URL, { timeout, timeoutMs }: FetchOptions, cause: unknown): SeiError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const what = timeout.aborted ? `did not answer within ${timeoutMs} ms` : `cannot be read (${reason})`
  return new SeiError(`${shown(url)} ${what}`, {
    class: 'infra',
    code: 'SCENARIO_FETCH',
    hint: 'nothing was applied; a scenario can also be read from a checkout: --scenario-repo <folder>',
    cause,
  })
}

/** Without credentials and query. */
function shown(url: URL): string {
  return `${url.origin}${url.pathname}`
}
