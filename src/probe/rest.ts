import { httpExchange } from './http.ts'
import { isRecord, parseBody, probeFailed } from './json.ts'
import { trimSlash, type ProbeOptions } from './seid-rpc.ts'

/** What the REST gate asks for: the one path every version serves. */
export const nodeInfoPath = '/cosmos/base/tendermint/v1beta1/node_info'

/** A Cosmos REST path by GET, parsed. Throws PROBE_FAILED with the gateway's code and message on any other status. */
export async function restGet<T>(restUrl: string, path: string, options: ProbeOptions = {}): Promise<T> {
  const url = `${trimSlash(restUrl)}${path.startsWith('/') ? path : `/${path}`}`
  const answer = await httpExchange(url, options)
  const body = parseBody(url, answer)
  if (answer.status >= 200 && answer.status < 300) return body as T
  const error = isRecord(body) ? { grpcCode: body.code, grpcMessage: body.message } : {}
  const message = isRecord(body) && typeof body.message === 'string' ? `: ${body.message}` : ''
  throw probeFailed(url, `answered HTTP ${answer.status}${message}`, { httpStatus: answer.status, ...error })
}
