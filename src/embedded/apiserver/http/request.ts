import type { IncomingMessage, ServerResponse } from 'node:http'

import { anonymous, type User } from '../access/user.ts'
import { requestTooLarge } from '../status-error.ts'

/** One HTTP request taken apart, with what the handlers gather for its answer. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  /** The path's parts, percent-decoded. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  readonly raw: IncomingMessage
  readonly response: ServerResponse
  /** Texts for `Warning` headers. */
  readonly warnings: Set<string>
  /** What decoding the body has found that `fieldValidation` speaks of: `unknown field "metadata.a"`. */
  readonly decoding: Set<string>
  /** Who is asking; nobody known until the request was admitted. */
  user: User
}

/** A real server's limit for request bodies, in bytes. */
const maxBodyBytes: number = 3 * 1024 * 1024

export function parseRequest(raw: IncomingMessage, response: ServerResponse): ApiRequest {
  const url = raw.url ?? '/'
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  return {
    method: raw.method ?? 'GET',
    path,
    segments: path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeSegment),
    query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
    raw,
    response,
    warnings: new Set(),
    decoding: new Set(),
    user: anonymous,
  }
}

function decodeSegment(part: string): string {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The whole body. Throws 413 beyond {@link maxBodyBytes}. */
export async function readBody(request: ApiRequest): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) throw requestTooLarge(`Request entity too large: limit is ${maxBodyBytes}`)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)
}

/** The first token of the User-Agent: `kubectl` of `kubectl/v1.32.4 (linux/amd64)`. */
export function clientOf(request: ApiRequest): string {
  const agent = request.raw.headers['user-agent'] ?? 'unknown'
  return agent.split('/', 1)[0] ?? 'unknown'
}

/** `fieldManager`, else the User-Agent up to its first slash, as a real server attributes a write. */
export function fieldManagerOf(request: ApiRequest): string {
  const named = request.query.get('fieldManager')
  return named === null || named === '' ? clientOf(request) : named
}

export function isDryRun(request: ApiRequest): boolean {
  return request.query.getAll('dryRun').includes('All')
}

/** A query parameter that is there at all means true, as Go reads it, but for `false` and `0`. */
export function isTrue(request: ApiRequest, parameter: string): boolean {
  const value = request.query.get(parameter)?.toLowerCase() ?? 'false'
  return value !== 'false' && value !== '0'
}
