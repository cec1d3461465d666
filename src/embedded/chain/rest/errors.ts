/** gRPC codes that REST answers with, and the HTTP status each becomes. */
const statuses = { 2: 500, 3: 400, 5: 404, 12: 501, 13: 500, 14: 503 } as const

/** An error of the REST gateway. */
export class RestError extends Error {
  readonly code: keyof typeof statuses

  constructor(code: keyof typeof statuses, message: string) {
    super(message)
    this.code = code
  }

  get status(): number {
    return statuses[this.code]
  }

  toBody(): { code: number; message: string; details: readonly never[] } {
    return { code: this.code, message: this.message, details: [] }
  }
}
