import { uploadFailed, type UploadFailure } from './upload-errors.ts'

const names: Readonly<Record<string, UploadFailure>> = {
  CredentialsProviderError: 'credentials',
  InvalidAccessKeyId: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  ExpiredToken: 'credentials',
  InvalidToken: 'credentials',
  TokenRefreshRequired: 'credentials',
  AccessDenied: 'denied',
  AllAccessDisabled: 'denied',
  Forbidden: 'denied',
  NoSuchBucket: 'no-bucket',
  RequestTimeTooSkewed: 'clock',
  PermanentRedirect: 'region',
  AuthorizationHeaderMalformed: 'region',
  RequestTimeout: 'unreachable',
  TimeoutError: 'unreachable',
}

interface S3Failure {
  readonly name: string
  readonly status: number | undefined
  /** Of the network, not of S3. */
  readonly code: string | undefined
}

function failureOf(error: unknown): S3Failure {
  if (!(error instanceof Error)) return { name: '', status: undefined, code: undefined }
  const { $metadata, code } = error as Error & {
    readonly $metadata?: { readonly httpStatusCode?: number }
    readonly code?: unknown
  }
  const status = $metadata?.httpStatusCode
  return { name: error.name, status, code: typeof code === 'string' ? code : undefined }
}

/** The condition of a write did not hold, or another write was on its way. */
export function isConditionFailure(error: unknown): boolean {
  const { name, status } = failureOf(error)
  return status === 412 || (status === 409 && name.startsWith('Conditional'))
}

/** A bucket that is missing is not a missing key. */
export function isMissing(error: unknown): boolean {
  const { name, status } = failureOf(error)
  return status === 404 && name !== 'NoSuchBucket'
}

/** The error to throw for one of the SDK's: what was done, why it failed, what to do. */
export function s3Error(what: string, error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return uploadFailed(what, 'deadline', signal.reason)
  return uploadFailed(what, whyOf(failureOf(error)), describe(error))
}

function whyOf({ name, status, code }: S3Failure): UploadFailure {
  const known = names[name]
  if (known !== undefined) return known
  if (status === undefined) return code === undefined ? 'refused' : 'unreachable'
  if (status >= 500 || status === 429) return 'unreachable'
  if (status === 403) return 'denied'
  if (status === 404) return 'no-bucket'
  return status === 301 || status === 307 ? 'region' : 'refused'
}

/** An answer to HEAD has no body, so that the SDK knows no more than its status. */
function describe(error: unknown): unknown {
  const { name, status } = failureOf(error)
  if (status === undefined || !(error instanceof Error)) return error
  const message = error.message === name || error.message === 'UnknownError' ? '' : `, ${error.message}`
  return new Error(`${status} ${name}${message}`, { cause: error })
}
