import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody, sendJson, sendText, serverTime } from '../http.ts'
import type { SeidNode } from '../seid-node.ts'
import { RpcError, internalError } from './errors.ts'
import type { RpcMethod, RpcMethods } from './method.ts'
import { argsFromBody, argsFromQuery } from './params.ts'
import { errorText } from '../../../errors/error-text.ts'

const maxBodyBytes = 1_000_000
const maxBatch = 10

/** Serves the methods in CometBFT's two framings: bare results by URL, JSON-RPC envelopes by POST to `/`. */
export function rpcHandler(
  node: SeidNode,
  methods: RpcMethods,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const index = indexPage(methods)
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://node')
    if (pathname !== '/') {
      const name = pathname.slice(1)
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined
      if (method === undefined) return sendText(response, 404, '404 page not found\n', serverTime(node))
      return answerUrl(node, method, searchParams, response)
    }
    const body = request.method === 'POST' ? await readBody(request, maxBodyBytes) : ''
    if (body === undefined) return sendText(response, 400, 'http: request body too large\n', serverTime(node))
    if (body.trim() === '') {
      response.writeHead(200, { ...serverTime(node), 'content-type': 'text/html' })
      response.end(index)
      return
    }
    await answerBody(node, methods, body, response)
  }
}

async function answerUrl(
  node: SeidNode,
  method: RpcMethod,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  let args
  try {
    args = argsFromQuery(method.params, query)
  } catch (error) {
    return sendText(response, 400, errorText(error), serverTime(node))
  }
  try {
    sendJson(response, 200, JSON.stringify(await method.run(node, args)), serverTime(node))
  } catch (error) {
    const failed = asRpcError(error)
    // Errors by URL arrive with HTTP 200; only a lag that is too high is told by the status line.
    if (failed.result === undefined) sendJson(response, 200, JSON.stringify(failed), serverTime(node))
    else sendJson(response, 417, JSON.stringify(failed.result), serverTime(node))
  }
}

interface Envelope {
  readonly jsonrpc: '2.0'
  readonly id: unknown
  readonly result?: unknown
  readonly error?: RpcError
}

async function answerBody(
  node: SeidNode,
  methods: RpcMethods,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const answer = await envelopes(node, methods, body)
  if (answer === undefined) {
    response.writeHead(200, serverTime(node))
    response.end()
    return
  }
  const lagging = 'error' in answer && answer.error?.result !== undefined
  sendJson(response, lagging ? 417 : 200, JSON.stringify(answer), serverTime(node))
}

/** The answer to one message of a WebSocket, as JSON. */
export async function answerMessage(
  node: SeidNode,
  methods: RpcMethods,
  message: string,
): Promise<string | undefined> {
  const answer = await envelopes(node, methods, message)
  return answer === undefined ? undefined : JSON.stringify(answer)
}

/** A batch of one is answered with one object; `undefined` when there were only notifications. */
async function envelopes(
  node: SeidNode,
  methods: RpcMethods,
  body: string,
): Promise<Envelope | readonly Envelope[] | undefined> {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch (error) {
    const failed = new RpcError(-32700, errorText(error))
    return { jsonrpc: '2.0', id: -1, error: failed }
  }
  if (!Array.isArray(parsed)) return answerOne(node, methods, parsed)
  if (parsed.length > maxBatch)
    return { jsonrpc: '2.0', id: -1, error: new RpcError(-32700, 'Batch size limit exceeded.') }
  const answers = await Promise.all(parsed.map((call) => answerOne(node, methods, call)))
  const expected = answers.filter((answer) => answer !== undefined)
  return expected.length > 1 ? expected : expected[0]
}

/** `undefined` for a notification: it has no id and gets no answer. */
async function answerOne(node: SeidNode, methods: RpcMethods, call: unknown): Promise<Envelope | undefined> {
  if (typeof call !== 'object' || call === null)
    return { jsonrpc: '2.0', id: -1, error: new RpcError(-32600, 'request is not an object') }
  const { id, method: name, params } = call as { id?: unknown; method?: unknown; params?: unknown }
  if (id === undefined) return undefined
  try {
    if (typeof name !== 'string' || name === '') throw new RpcError(-32600, 'missing method')
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (method === undefined) throw new RpcError(-32601, '')
    return { jsonrpc: '2.0', id, result: await method.run(node, argsFromBody(method.params, params)) }
  } catch (error) {
    const failed = asRpcError(error)
    return failed.result === undefined
      ? { jsonrpc: '2.0', id, error: failed }
      : { jsonrpc: '2.0', id, result: failed.result, error: failed }
  }
}

function asRpcError(error: unknown): RpcError {
  return error instanceof RpcError ? error : internalError(errorText(error))
}

function indexPage(methods: RpcMethods): string {
  const links = Object.entries(methods).map(([name, { params }]) => {
    const query = Object.keys(params).map((param) => `${param}=_`)
    return `<a href="/${name}${query.length === 0 ? '' : `?${query.join('&')}`}">/${name}</a><br>`
  })
  return `<html><body><br>Available endpoints:<br>${links.join('\n')}</body></html>`
}
