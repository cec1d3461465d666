/** A JSON-RPC error answer of the EVM endpoint. */
export class EvmError extends Error {
  readonly code: number
  readonly data: string | undefined

  constructor(code: number, message: string, data?: string) {
    super(message)
    this.code = code
    this.data = data
  }

  toJSON(): { code: number; message: string; data?: string } {
    const { code, message, data } = this
    return data === undefined ? { code, message } : { code, message, data }
  }
}

/** What a handler's own failure looks like. */
export function refused(message: string): EvmError {
  return new EvmError(-32000, message)
}

export function invalidParams(message: string): EvmError {
  return new EvmError(-32602, message)
}
