import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody, sendJson, sendText } from '../http.ts'
import { EvmError, refused } from './errors.ts'
import type { EvmMethods, EvmScope } from './method.ts'
import { errorText } from '../../../errors/error-text.ts'

const maxBodyBytes = 5 * 1_024 * 1_024
const maxBatch = 1_000

/** go-ethereum's JSON-RPC over HTTP, on path `/` only. */
export function evmHandler(
  scope: EvmScope,
  methods: EvmMethods,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const [path] = (request.url ?? '/').split('?')
    if (path !== '/') return sendText(response, 404, '404 page not found\n')
    if (request.method !== 'POST') {
      response.writeHead(200, { vary: 'Origin', 'content-length': 0 })
      response.end()
      return
    }
    const body = await readBody(request, maxBodyBytes)
    if (body === undefined) return sendText(response, 413, 'content length too large (5242881>5242880)\n')
    const answer = await answerEvm(scope, methods, body)
    if (answer !== undefined) return sendJson(response, 200, `${answer}\n`, { vary: 'Origin' })
    response.writeHead(200, { vary: 'Origin', 'content-length': 0 })
    response.end()
  }
}

/** The answer to one message, single or batch, as JSON; `undefined` when it held only notifications. */
export async function answerEvm(
  scope: EvmScope,
  methods: EvmMethods,
  body: string,
): Promise<string | undefined> {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return JSON.stringify({ jsonrpc: '2.0', id: null, error: new EvmError(-32700, 'parse error') })
  }
  if (!Array.isArray(parsed)) {
    const answer = await answerCall(scope, methods, parsed)
    return answer === undefined ? undefined : JSON.stringify(answer)
  }
  if (parsed.length === 0) return failure(new EvmError(-32600, 'empty batch'))
  if (parsed.length > maxBatch) return failure(new EvmError(-32600, 'batch too large'))
  const answers = await Promise.all(parsed.map((call) => answerCall(scope, methods, call)))
  const expected = answers.filter((answer) => answer !== undefined)
  return expected.length === 0 ? undefined : JSON.stringify(expected)
}

function failure(error: EvmError): string {
  return JSON.stringify({ jsonrpc: '2.0', id: null, error })
}

async function answerCall(scope: EvmScope, methods: EvmMethods, call: unknown): Promise<unknown> {
  const { id, method, params } = (typeof call === 'object' && call !== null ? call : {}) as {
    id?: unknown
    method?: unknown
    params?: unknown
  }
  if (typeof method !== 'string')
    return { jsonrpc: '2.0', id: id ?? null, error: new EvmError(-32600, 'invalid request') }
  if (id === undefined) return undefined
  try {
    const run = Object.hasOwn(methods, method) ? methods[method] : undefined
    if (run === undefined) throw new EvmError(-32601, `the method ${method} does not exist/is not available`)
    if (params !== undefined && params !== null && !Array.isArray(params))
      throw new EvmError(-32602, 'non-array args')
    return { jsonrpc: '2.0', id, result: await run(scope, Array.isArray(params) ? params : []) }
  } catch (error) {
    const failed = error instanceof EvmError ? error : refused(errorText(error))
    return { jsonrpc: '2.0', id, error: failed }
  }
}
