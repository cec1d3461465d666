import { httpExchange } from './http.ts'
import { isRecord, parseBody, probeFailed } from './json.ts'
import type { ProbeOptions } from './seid-rpc.ts'

let lastId = 0

/** Any EVM JSON-RPC method. Throws PROBE_FAILED with the node's code, message and data when it answers with an error. */
export async function evmCall<T>(
  evmUrl: string,
  method: string,
  params: readonly unknown[] = [],
  options: ProbeOptions = {},
): Promise<T> {
  lastId += 1
  const answer = await httpExchange(evmUrl, {
    ...options,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: lastId, method, params }),
  })
  const body = parseBody(evmUrl, answer)
  if (!isRecord(body)) throw probeFailed(evmUrl, `answered ${method} with something that is not an object`)
  if (isRecord(body.error)) {
    const { code, message, data } = body.error
    throw probeFailed(evmUrl, `answered ${method} with error ${String(code)}, ${String(message)}`, {
      rpcCode: code,
      rpcMessage: message,
      rpcData: data,
    })
  }
  if (!('result' in body)) throw probeFailed(evmUrl, `answered ${method} with neither result nor error`)
  return body.result as T
}

export async function readEvmBlockNumber(evmUrl: string, options: ProbeOptions = {}): Promise<number> {
  return quantity(evmUrl, 'eth_blockNumber', await evmCall(evmUrl, 'eth_blockNumber', [], options))
}

export async function readEvmChainId(evmUrl: string, options: ProbeOptions = {}): Promise<number> {
  return quantity(evmUrl, 'eth_chainId', await evmCall(evmUrl, 'eth_chainId', [], options))
}

function quantity(evmUrl: string, method: string, result: unknown): number {
  if (typeof result === 'string' && /^0x[0-9a-f]+$/i.test(result)) return Number(result)
  throw probeFailed(evmUrl, `answered ${method} with ${JSON.stringify(result)}, which is no quantity`)
}
