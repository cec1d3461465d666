import { resolve } from 'node:path'
import { defaults } from '../../contract/defaults.ts'
import type { Problem } from '../../contract/problem.ts'
import { usageError } from '../../errors/sei-error.ts'
import type { BucketStore, BucketTarget } from './bucket-store.ts'
import { createFileStore } from './file-store.ts'
import { createS3Store } from './s3-store.ts'

export interface BucketOptions extends BucketTarget {
  /** What names a region and an endpoint where the options do not. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

const folderScheme = 'file:'

/**
 * The store for `--bucket`: an S3 bucket by its name, or `file:<folder>`. Nothing is asked of a server, and no SDK loaded,
 * before the first use. Throws BAD_INPUT for a name, region, endpoint or encryption that cannot be.
 */
export function openBucket(options: BucketOptions): BucketStore {
  const { bucket, env = process.env, encryption } = options
  if (bucket.startsWith(folderScheme)) return openFolder(bucket)
  const region = options.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? defaults.reportRegion
  const endpoint = options.endpoint ?? env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']
  const problems = [checkName(bucket), checkEndpoint(endpoint), checkEncryption(options)].filter(
    (problem) => problem !== undefined,
  )
  if (problems.length > 0) throw usageError(problems)
  return createS3Store({ bucket, region, endpoint, encryption })
}

function openFolder(bucket: string): BucketStore {
  const folder = bucket.slice(folderScheme.length)
  // A later attempt may start elsewhere.
  if (folder !== '') return createFileStore(folder, { bucket: `${folderScheme}${resolve(folder)}` })
  throw usageError([
    {
      what: 'the folder is missing',
      where: '--bucket',
      expected: 'file:<folder>',
      fix: 'write --bucket file:./reports',
    },
  ])
}

function checkName(bucket: string): Problem | undefined {
  const fits = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) && !bucket.includes('..')
  if (fits || /^arn:aws[a-z-]*:s3:/.test(bucket)) return undefined
  return {
    what: `${JSON.stringify(bucket)} is no name of a bucket`,
    where: '--bucket',
    expected:
      '3 to 63 lower-case letters, digits, dots and hyphens, the ARN of an access point, or file:<folder>',
    fix: bucket.startsWith('s3://')
      ? 'leave out s3://, and give what follows the name as --prefix'
      : 'write --bucket my-reports',
  }
}

function checkEndpoint(endpoint: string | undefined): Problem | undefined {
  if (endpoint === undefined) return undefined
  const url = URL.parse(endpoint)
  const what =
    url === null || !/^https?:$/.test(url.protocol)
      ? 'it is no HTTP URL'
      : url.username !== '' || url.password !== ''
        ? 'it holds credentials'
        : undefined
  if (what === undefined) return undefined
  return {
    what,
    where: '--endpoint or AWS_ENDPOINT_URL_S3',
    expected: 'a URL without credentials, http://127.0.0.1:7070',
    fix: 'write the URL alone; credentials come from the environment or a profile',
  }
}

function checkEncryption({ encryption }: BucketTarget): Problem | undefined {
  if (encryption?.kmsKeyId === undefined || encryption.algorithm === 'aws:kms') return undefined
  return {
    what: 'a KMS key is named, and the encryption is not KMS',
    where: '--kms-key',
    expected: '--encryption aws:kms with it',
    fix: 'write --encryption aws:kms, or leave out --kms-key',
  }
}
