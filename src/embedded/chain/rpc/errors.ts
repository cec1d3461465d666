/** Messages of the JSON-RPC error codes as CometBFT words them. */
const messages = {
  [-32700]: 'Parse error',
  [-32600]: 'Invalid request',
  [-32601]: 'Method not found',
  [-32602]: 'Invalid params',
  [-32603]: 'Internal error',
  [-32604]: 'Lag is too high',
} as const
export type RpcCode = keyof typeof messages

/** An error answer of the CometBFT RPC; what went wrong is in `data`. */
export class RpcError extends Error {
  readonly code: RpcCode
  readonly data: string
  /** Only `lag_status` fails with a result: HTTP 417 carries it. */
  readonly result: unknown

  constructor(code: RpcCode, data: string, result?: unknown) {
    super(`${messages[code]}: ${data}`)
    this.code = code
    this.data = data
    this.result = result
  }

  toJSON(): { code: number; message: string; data?: string } {
    const { code, data } = this
    return data === '' ? { code, message: messages[code] } : { code, message: messages[code], data }
  }
}

export function internalError(data: string): RpcError {
  return new RpcError(-32603, data)
}
