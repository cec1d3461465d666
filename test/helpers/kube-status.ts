/** A refusal as an API server says it. */
export interface Refusal {
  readonly code: number
  readonly reason: string
  readonly message: string
}

export const expired: Refusal = {
  code: 410,
  reason: 'Expired',
  message: 'too old resource version, or continue token: 1 (2)',
}

/** A Status body, for a refusal made up by a test. */
export function statusOf(refusal: Refusal): Record<string, unknown> {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...refusal }
}
