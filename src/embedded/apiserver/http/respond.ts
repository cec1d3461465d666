import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'

import { parseJson, toJson } from '../json.ts'
import { StatusError } from '../status-error.ts'
import type { Format } from './negotiate.ts'
import type { ApiRequest } from './request.ts'
import { errorText } from '../../../errors/error-text.ts'

const warningRunes = 256
const allWarningRunes = 4096

/** Sends JSON text that is already made, or YAML of it where that was asked for. */
export async function sendJsonText(
  request: ApiRequest,
  code: number,
  text: string,
  format: Format | undefined,
): Promise<void> {
  if (format?.encoding !== 'yaml') {
    send(request, code, 'application/json', text)
    return
  }
  const yaml = await import('yaml')
  // Go's library reads YAML 1.1, where a bare `n` or `on` is a truth value.
  send(request, code, 'application/yaml', yaml.stringify(parseJson(text), { version: '1.1' }))
}

/** Sends a discovery or OpenAPI document, which depends on the Accept header. */
export function sendDocument(request: ApiRequest, body: string | Buffer, contentType: string): void {
  request.response.setHeader('Vary', 'Accept')
  send(request, 200, contentType, body)
}

export function sendText(request: ApiRequest, code: number, text: string): void {
  request.response.setHeader('X-Content-Type-Options', 'nosniff')
  send(request, code, 'text/plain; charset=utf-8', text)
}

/** The answer to anything a handler threw. An error that is no StatusError is a fault of this server: 500. */
export function sendError(request: ApiRequest, error: unknown): void {
  const { response } = request
  const failure = error instanceof StatusError ? error : internal(error, !response.destroyed)
  if (response.headersSent) {
    response.destroy()
    return
  }
  const retryAfter = failure.details?.retryAfterSeconds
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter))
  // What is left of a body that nobody will read must not be taken for the next request.
  if (!request.raw.complete) response.setHeader('Connection', 'close')
  send(request, failure.code, 'application/json', toJson(failure.toBody()))
}

function internal(error: unknown, isHeard: boolean): StatusError {
  // A client that went away makes errors too; those are nobody's fault.
  if (isHeard) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  const message = errorText(error)
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  })
}

function send(request: ApiRequest, code: number, contentType: string, content: string | Buffer): void {
  const { response } = request
  if (response.destroyed) return
  addWarnings(response, request.warnings)
  const body = typeof content === 'string' ? Buffer.from(content) : content
  response.writeHead(code, {
    'Audit-Id': randomUUID(),
    'Cache-Control': 'no-cache, private',
    'Content-Type': contentType,
    'Content-Length': body.length,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function addWarnings(response: ServerResponse, warnings: ReadonlySet<string>): void {
  if (warnings.size === 0) return
  const total = [...warnings].reduce((sum, text) => sum + text.length, 0)
  const texts = [...warnings].map((text) => (total > allWarningRunes ? text.slice(0, warningRunes) : text))
  response.setHeader(
    'Warning',
    texts.map((text) => `299 - "${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`),
  )
}
