import { errorText } from '../../errors/error-text.ts'
import { isSeiError } from '../../errors/guards.ts'
import { SeiError } from '../../errors/sei-error.ts'

/** Why a store did not do what it was asked. Of these only `unreachable` may mend itself. */
export type UploadFailure =
  | 'credentials'
  | 'denied'
  | 'no-bucket'
  | 'clock'
  | 'region'
  | 'unreachable'
  | 'deadline'
  | 'refused'

const hints: Readonly<Record<UploadFailure, string>> = {
  credentials:
    'give valid AWS credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the account of the pod',
  denied: 'the account needs s3:PutObject and s3:GetObject below this prefix, and the use of its KMS key',
  'no-bucket': 'name a bucket that exists with --bucket; none is made',
  clock: 'set the clock of this machine: the server refuses signatures that are minutes off',
  region: 'name the region of the bucket with --region or AWS_REGION',
  unreachable: 'look at --endpoint, AWS_ENDPOINT_URL_S3 and the network',
  deadline: 'a slow line needs another attempt; what is there already is not sent again',
  refused: 'what the server says is in the message',
}

export function uploadFailed(what: string, why: UploadFailure, cause: unknown): SeiError {
  return new SeiError(`${what}: ${errorText(cause)}`, {
    class: 'infra',
    code: 'UPLOAD_FAILED',
    hint: hints[why],
    details: { why },
    cause,
  })
}

/** Why an upload failed; undefined for any other error. */
export function uploadFailureOf(error: unknown): UploadFailure | undefined {
  if (!isSeiError(error) || error.code !== 'UPLOAD_FAILED') return undefined
  return error.details?.['why'] as UploadFailure | undefined
}
