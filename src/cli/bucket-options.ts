import { oneOf, refine, text } from '../contract/checks.ts'
import { defaults } from '../contract/defaults.ts'
import type { BucketTarget, Encryption } from '../evidence/upload/bucket-store.ts'
import { textOf, type OptionSpec, type OptionSpecs, type OptionValues } from './command.ts'
import { textOption } from './steps/step-options.ts'

const encryptions = ['AES256', 'aws:kms'] as const

/** Keys are made of it: what S3 takes without escapes, and no way out of a folder. */
const prefix = refine(
  text({
    noun: 'a prefix',
    form: 'letters, digits and !_.*()- between slashes',
    pattern: /^\/*[\w!.*()-]+(?:\/+[\w!.*()-]+)*\/*$/,
    maxLength: 512,
  }),
  (value) =>
    value.split('/').some((part) => part === '.' || part === '..')
      ? {
          what: `${JSON.stringify(value)} leads out of its place`,
          expected: 'no . or .. between slashes',
          fix: 'leave them out',
        }
      : undefined,
)

interface Variables {
  readonly bucket?: { readonly env: string; readonly required?: true }
  readonly region?: { readonly env: string }
}

function bucketOptionsWith(variables: Variables): OptionSpecs {
  return {
    bucket: textOption(
      'NAME|file:FOLDER',
      'bucket of S3 by its name, or a folder',
      text({ noun: 'a bucket, or file:FOLDER' }),
      'my-reports',
      variables.bucket,
    ),
    region: textOption(
      'NAME',
      `region of the bucket; else ${defaults.reportRegion}`,
      text({ noun: 'a region', form: 'lower-case letters, digits and hyphens', pattern: /^[a-z0-9-]+$/ }),
      'eu-central-1',
      variables.region,
    ),
    endpoint: textOption(
      'URL',
      'another server than AWS; else AWS_ENDPOINT_URL_S3',
      text({ noun: 'a URL' }),
      'http://127.0.0.1:7070',
    ),
    encryption: textOption(
      encryptions.join('|'),
      'how the server encrypts what it stores; else as the bucket says',
      oneOf(encryptions),
      'aws:kms',
    ),
    'kms-key': textOption(
      'ID',
      'key of aws:kms; else the bucket’s own',
      text({ noun: 'the id or ARN of a KMS key' }),
      'alias/reports',
    ),
  }
}

const [bucket, region] = [{ env: 'S3_BUCKET' }, { env: 'AWS_REGION' }]

/** Where the report of a run goes. */
export const bucketOptions: OptionSpecs = bucketOptionsWith({ bucket, region })

/** Where it goes, for what does nothing else. */
export const requiredBucketOptions: OptionSpecs = bucketOptionsWith({
  bucket: { ...bucket, required: true },
  region,
})

/** For a folder that may know itself: variables are asked only where it does not. */
export const otherBucketOptions: OptionSpecs = bucketOptionsWith({})

export function prefixOption(variable?: { readonly env: string }): OptionSpec {
  return textOption(
    'PREFIX',
    'below which the report lies; else nightly/<scenario>/<run id>',
    prefix,
    'nightly/release-test/42',
    variable,
  )
}

/** What these options say; undefined without a bucket. */
export function bucketTargetOf(options: OptionValues): BucketTarget | undefined {
  const bucket = textOf(options['bucket'])
  if (bucket === undefined) return undefined
  return {
    bucket,
    region: textOf(options['region']),
    endpoint: textOf(options['endpoint']),
    encryption: encryptionOf(options),
  }
}

/** A key alone means KMS. */
function encryptionOf(options: OptionValues): Encryption | undefined {
  const kmsKeyId = textOf(options['kms-key'])
  const algorithm = encryptions.find((one) => one === options['encryption'])
  if (algorithm === undefined && kmsKeyId === undefined) return undefined
  return { algorithm: algorithm ?? 'aws:kms', ...(kmsKeyId === undefined ? {} : { kmsKeyId }) }
}
