import { hasCode } from '../errors/guards.ts'
import { SeiError } from '../errors/sei-error.ts'
import { errorText } from '../errors/error-text.ts'

/** metav1.Status, the body of every refusal. */
export interface KubeStatus {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: { readonly continue?: string; readonly resourceVersion?: string }
  readonly status: 'Success' | 'Failure'
  readonly code: number
  readonly reason?: string
  readonly message?: string
  readonly details?: {
    readonly name?: string
    readonly group?: string
    readonly kind?: string
    readonly uid?: string
    readonly retryAfterSeconds?: number
    readonly causes?: readonly {
      readonly reason?: string
      readonly message?: string
      readonly field?: string
    }[]
  }
}

/** What was asked, in the words of the error message: `create seinodes.sei.io ns/name`. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly what: string
}

/** The server answered with a refusal, and with Retry-After said when to ask again. */
export function refusedError(asked: Asked, code: number, body: string, retryAfterMs?: number): SeiError {
  const status = parseStatus(code, body)
  const reason = (status.reason ?? '') === '' ? '' : ` ${status.reason}`
  return new SeiError(`${asked.what}: ${code}${reason}: ${status.message ?? 'no message'}`, {
    class: 'infra',
    code: 'KUBE_REQUEST',
    hint: hintOf(status),
    details: { status, method: asked.method, path: asked.path, retryAfterMs },
  })
}

/** No answer arrived: refused, reset, timed out, or a certificate that does not fit. `details.status` is absent. */
export function unansweredError(asked: Asked, cause: unknown, sent: boolean): SeiError {
  const reason = errorText(cause)
  const unknown = sent ? '; whether it took effect is unknown' : ''
  return new SeiError(`${asked.what}: no answer from the API server (${reason})${unknown}`, {
    class: 'infra',
    code: 'KUBE_REQUEST',
    details: { method: asked.method, path: asked.path, network: networkCodeOf(cause) ?? reason },
    cause,
  })
}

/** Node's or undici's code of a network failure, looked for down the chain of causes. */
export function networkCodeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code
    if (at instanceof AggregateError) {
      const inner = at.errors.map(networkCodeOf).find((code) => code !== undefined)
      if (inner !== undefined) return inner
    }
  }
  return undefined
}

/** Whether an API server has answered so and gives no reason in a word, which it has for every trouble of its own. */
export function isUnreasoned(body: string): boolean {
  const { status, reason = '' } = parseStatus(0, body)
  return status === 'Failure' && reason === '' && body.trimStart().startsWith('{')
}

function parseStatus(code: number, body: string): KubeStatus {
  try {
    const parsed: unknown = JSON.parse(body)
    if (isStatus(parsed)) return { ...parsed, code: parsed.code ?? code }
  } catch {
    // Proxies and the in-flight filter answer in plain text.
  }
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code,
    message: body.trim().slice(0, 500),
  }
}

function isStatus(value: unknown): value is KubeStatus {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status'
}

function hintOf(status: KubeStatus): string | undefined {
  if (status.code === 401) return 'the credentials are missing, wrong or expired; log in to the cluster again'
  if (status.code === 403) return 'the account lacks this permission; `kubectl auth can-i` shows which it has'
  return undefined
}

/** The Status body of a refusal; `undefined` for any other error and where no answer arrived. */
export function statusOf(error: unknown): KubeStatus | undefined {
  if (!hasCode(error, 'KUBE_REQUEST')) return undefined
  const status = error.details?.['status']
  return isStatus(status) ? status : undefined
}

function hasStatus(error: unknown, code: number, reason?: string): boolean {
  const status = statusOf(error)
  return status?.code === code && (reason === undefined || status.reason === reason)
}

export function isNotFound(error: unknown): boolean {
  return hasStatus(error, 404)
}

/** A stale resourceVersion, a missed precondition or an apply conflict; not "already exists". */
export function isConflict(error: unknown): boolean {
  return hasStatus(error, 409) && !isAlreadyExists(error)
}

/** Also while the old object of that name is still being deleted. */
export function isAlreadyExists(error: unknown): boolean {
  return hasStatus(error, 409, 'AlreadyExists')
}

/** A resourceVersion or continue token older than the server's history. */
export function isExpired(error: unknown): boolean {
  return hasStatus(error, 410)
}

export function isInvalid(error: unknown): boolean {
  return hasStatus(error, 422)
}

export function isForbidden(error: unknown): boolean {
  return hasStatus(error, 403)
}

/** A create refused because its namespace is on its way out. */
export function isNamespaceTerminating(error: unknown): boolean {
  const causes = statusOf(error)?.details?.causes ?? []
  return isForbidden(error) && causes.some((cause) => cause.reason === 'NamespaceTerminating')
}

/** No answer at all: the server is away or the network is. */
export function isUnanswered(error: unknown): boolean {
  return hasCode(error, 'KUBE_REQUEST') && statusOf(error) === undefined
}
